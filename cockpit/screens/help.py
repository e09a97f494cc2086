"""Stub."""

from typing import Any

from cockpit.screens.base import CockpitModal


class Help(CockpitModal[None]):
    def __init__(self, *a: Any) -> None:
        super().__init__()
