"""The palette: every verb of the key table and every goal, found by words."""

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from cockpit.dead_keys import why_not
from cockpit.keymap import Key, shown
from widgets.plain import visible

if TYPE_CHECKING:
    from cockpit.app import CockpitApp

GOALS_SHOWN = 200


class CockpitCommands(Provider):
    """What can be done now, and where one can go."""

    @property
    def _cockpit(self) -> "CockpitApp":
        return cast("CockpitApp", self.app)

    async def discover(self) -> Hits:
        """Everything, before a word is typed."""
        for name, run, help_ in self._entries():
            yield DiscoveryHit(Content(name), run, text=name, help=help_)

    async def search(self, query: str) -> Hits:
        """What fits the words."""
        matcher = self.matcher(query)
        for name, run, help_ in self._entries():
            if (score := matcher.match(name)) > 0:
                yield Hit(score, Content(name), run, text=name, help=help_)

    def _entries(self) -> Iterator[tuple[str, Callable[[], Awaitable[None]], str]]:
        snapshot = self._cockpit.store.snapshot
        row = snapshot.row(snapshot.wanted)
        for key in self._cockpit.keys:
            if key.where in {"goals", "anywhere"} and not key.id.startswith(("move.", "pane.", "app.palette")):
                dead = why_not(key.action, row) if key.is_verb else ""
                yield f"{key.label} ({shown(key.keys.split(',')[0])})", partial(self._press, key), dead or key.says
        yield "light or dark colours", self._turn_theme, "Change between the two themes."
        for each in snapshot.rows[:GOALS_SHOWN]:
            yield f"go to {each.id[-4:]} {visible(each.goal, 60)}", partial(self._go, each.id), each.state

    async def _press(self, key: Key) -> None:
        await self.screen.run_action(key.action)

    async def _turn_theme(self) -> None:
        self._cockpit.turn_theme()

    async def _go(self, run: str) -> None:
        self._cockpit.go_to(run)
