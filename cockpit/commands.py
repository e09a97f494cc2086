"""The palette: every action, page, step, setting and goal, found by words."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from cockpit.dead_keys import CHANGING, IN_REPLAY, why_not
from cockpit.filtering import fitting
from cockpit.keymap import Key, shown
from cockpit.ordering import CHOICES
from cockpit.theme_names import OUR_DARK, OUR_LIGHT
from factory.model.view import RunRow
from widgets.plain import visible

if TYPE_CHECKING:
    from cockpit.app import CockpitApp

GOALS_SHOWN = 200
"""Goals that are offered at once; typing finds the others."""
CHUNK = 1_000
"""Goals that are looked at before keys get their turn again."""
PAGES = (
    ("run", "the whole goal"), ("steps", "every step"), ("thread", "what coder and verifier said"),
    ("evidence", "claimed beside proven"), ("diff", "what the result changes"),
    ("output", "what the newest agent wrote"), ("cost", "money over time"), ("blockers", "what is in the way"),
    ("timeline", "the run over time"), ("audit", "every event of the ledger"), ("knowledge", "what was written down"),
    ("sources", "where the values come from, with their ages"),
    ("metrics", "what the verifiers of all goals are worth"),
)  # fmt: skip
QUIET = ("move.", "pane.next", "pane.previous", "app.palette")
"""Ids that nobody looks for by words."""


class Palette(CommandPalette):
    """Textual's palette, for hands that are faster than it is."""

    def _action_command_list(self, action: str) -> None:
        if self.query_one(CommandList).size.height:  # else it has not been laid out, and has no pages yet
            super()._action_command_list(action)


@dataclass(frozen=True)
class Entry:
    """One line of the palette."""

    name: str
    run: Callable[[], Awaitable[None]]
    says: str


class CockpitCommands(Provider):
    """What can be done now, and where one can go."""

    @property
    def _cockpit(self) -> "CockpitApp":
        return cast("CockpitApp", self.app)

    async def discover(self) -> Hits:
        """Everything, before a word is typed."""
        for entry in (*self._entries(), *map(self._goal, self._cockpit.store.snapshot.rows[:GOALS_SHOWN])):
            yield DiscoveryHit(Content(entry.name), entry.run, text=entry.name, help=_plain(entry.says))

    async def search(self, query: str) -> Hits:
        """What fits the words; goals by their whole words, so that ten thousand of them are found at once."""
        matcher = self.matcher(query)
        for entry in self._entries():
            if (score := max(matcher.match(entry.name), 0.5 * _mentions(entry.says, query))) > 0:
                yield Hit(score, Content(entry.name), entry.run, text=entry.name, help=_plain(entry.says))
        fits = fitting(query.removeprefix("go to "))
        found = 0
        for number, row in enumerate(self._cockpit.store.snapshot.rows):
            if number % CHUNK == CHUNK - 1:
                await asyncio.sleep(0)
            if found < GOALS_SHOWN and fits(row):
                found += 1
                entry = self._goal(row)
                yield Hit(0.9, Content(entry.name), entry.run, text=entry.name, help=_plain(entry.says))

    def _entries(self) -> Iterator[Entry]:
        yield from self._keys()
        yield from self._pages()
        yield from self._steps()
        yield from self._dead_writes()
        yield from self._settings()

    def _keys(self) -> Iterator[Entry]:
        snapshot = self._cockpit.store.snapshot
        row, status = snapshot.row(snapshot.wanted), snapshot.selected_status
        wanted = status.next_action.key if status else ""
        in_replay = self._cockpit.player is not None
        places = {"goals", "anywhere", "replay"} if in_replay else {"goals", "anywhere"}
        for key in self._cockpit.keys:
            if key.where in places and not key.id.startswith(QUIET):
                dead = why_not(key.action, row) if key.is_verb and key.default != wanted else ""
                dead = IN_REPLAY if in_replay and key.action.partition("(")[0] in CHANGING else dead
                yield Entry(f"{key.label} ({_first(key)})", self._action(key.action), dead or key.says)

    def _pages(self) -> Iterator[Entry]:
        for name, says in PAGES:
            yield Entry(f"page: {name}", self._action(f"page_of('{name}')"), f"Open a page: {says}.")

    def _steps(self) -> Iterator[Entry]:
        view = self._cockpit.store.snapshot.selected_view
        for step in view.steps if view else ():
            name = f"step {step.order + 1} {step.kind}"
            who = visible(step.assigned, 40) or "nobody yet"
            says = f"{step.state.replace('_', ' ')}, try {step.attempt_no}, {who}"
            yield Entry(name, self._action("page_of('steps')"), says)

    def _dead_writes(self) -> Iterator[Entry]:
        view = self._cockpit.store.snapshot.selected_view
        for item in view.outbox if view else ():
            if item.state == "dead":
                says = visible(item.last_error, 120) or "it was refused"
                yield Entry(f"requeue the write to {item.target}", self._action(f"requeue({item.id!r})"), says)

    def _settings(self) -> Iterator[Entry]:
        app = self._cockpit
        for by, says in CHOICES.items():
            yield Entry(f"sort by {by}", self._action(f"sort_by('{by}')"), says)
        yield Entry("light or dark colours", self._turn_theme, "Change between the two themes.")
        for theme in sorted(app.available_themes):
            here = " (now)" if theme == app.theme else ""
            yield Entry(
                f"theme: {theme}{here}", partial(self._set_theme, theme), "Draw in these colours, now and from now on."
            )

    def _goal(self, row: RunRow) -> Entry:
        name = f"go to {row.id[-4:]} {visible(row.goal, 60)}"
        return Entry(name, partial(self._go, row.id), row.state.replace("_", " "))

    def _action(self, action: str) -> Callable[[], Awaitable[None]]:
        return partial(self._press, action)

    async def _press(self, action: str) -> None:
        await self.screen.run_action(action)

    async def _turn_theme(self) -> None:
        await self._set_theme(OUR_LIGHT if self._cockpit.theme == OUR_DARK else OUR_DARK)

    async def _set_theme(self, theme: str) -> None:
        self._cockpit.choose_theme(theme)

    async def _go(self, run: str) -> None:
        self._cockpit.go_to(run)


def _first(key: Key) -> str:
    return shown(key.keys.split(",")[0])


def _mentions(says: str, query: str) -> bool:
    """Whether a sentence has all words of a query.

    Matching single letters is for names: what an error says is somebody else's, and could take years to match so.
    """
    said = says.casefold()
    return all(word in said for word in query.casefold().split())


def _plain(says: str) -> str:
    """Text for a line below a hit. Textual reads a `str` there as markup, and leaves alone what is content already."""
    return cast("str", Content(says))
