"""A replay on a real terminal."""

import gc
from typing import Any

from cockpit.app import CockpitApp
from cockpit.on_terminal import SETTLED_S, AtTerminal, FirstScreen
from cockpit.replay_app import ReplayApp
from cockpit.screens.main import MainScreen


class ReplayOnTerminal(ReplayApp, AtTerminal):
    """The replay, as `cockpit replay` opens it: it takes over the first picture, which has the run already."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.store.change(rows=self.sight.ledger.rows())
        self.set_reactive(CockpitApp.snapshot, self.store.snapshot)

    def get_default_screen(self) -> MainScreen:
        """The first screen (Textual's hook)."""
        return FirstScreen(self.size)

    def start_feeds(self) -> None:
        """Read; and let the collector work again, once what stays is there."""
        super().start_feeds()
        self.set_timer(SETTLED_S, self._settle)

    def _settle(self) -> None:
        gc.freeze()
        gc.enable()


def run_replay(**arguments: Any) -> int:
    """Open the replay on this terminal and return its exit code."""
    app = ReplayOnTerminal(**arguments)
    app.run()
    return app.return_code or 0
