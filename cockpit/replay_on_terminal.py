"""A replay on a real terminal."""

from typing import Any

from cockpit.on_terminal import AtTerminal
from cockpit.replay_app import ReplayApp


class ReplayOnTerminal(ReplayApp, AtTerminal):
    """The replay, as `cockpit replay` opens it."""


def run_replay(**arguments: Any) -> int:
    """Open the replay on this terminal and return its exit code."""
    app = ReplayOnTerminal(**arguments)
    app.run()
    return app.return_code or 0
