"""How the card of an agent's request looks. `pytest --snapshot-update` takes the pictures again; look at them."""

from typing import Any

import pytest
from textual.pilot import Pilot

from cockpit.screens.permission import PermissionCard
from factory.model.permission import Permission
from tests.app.driving import ready, until
from tests.app.fakes import cockpit
from tests.app.permission_sample import EDIT, HIGH, HOSTILE, RUN, asked, desk

ASKED = {"low": asked(), "high": HIGH, "hostile": HOSTILE, "edit": EDIT}


async def card(pilot: Pilot[Any]) -> None:
    """The card, as it is read."""
    app = pilot.app
    await ready(pilot, RUN)
    await pilot.press("P")
    await until(pilot, lambda: isinstance(app.screen, PermissionCard) and app.screen._guard.shown_at <= 1e9)


@pytest.mark.parametrize("name", ["high", "hostile", "edit"])
def test_the_small_card_looks_as_it_did(snap_compare: Any, name: str) -> None:
    request: Permission = ASKED[name]
    assert snap_compare(cockpit(desk(request)), terminal_size=(80, 24), run_before=card)


def test_the_large_card_looks_as_it_did(snap_compare: Any) -> None:
    assert snap_compare(cockpit(desk(ASKED["low"])), terminal_size=(200, 50), run_before=card)
