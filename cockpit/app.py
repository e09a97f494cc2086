"""The cockpit: one store, the feeds that keep it fresh, and the screens that draw it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.command import CommandPalette, Provider
from textual.events import Event, Key
from textual.reactive import reactive

from adapters.file_watch import HAS_INOTIFY
from cockpit.attention import Attention
from cockpit.choices import Deed
from cockpit.clock_watch import ClockWatch
from cockpit.feeds import LedgerFeed, ReadStatus
from cockpit.keeping import Keeping
from cockpit.key_feed import KeyFeed
from cockpit.keymap import KEYS, remapped
from cockpit.looks import Looks
from cockpit.moment import Moment
from cockpit.pacing import Pace, Rest
from cockpit.recorded import RecordedApp
from cockpit.resilient import ResilientApp
from cockpit.screens import opening
from cockpit.screens.goal_screen import GoalScreen
from cockpit.screens.main import MainScreen
from cockpit.store import Snapshot, Store, system_source
from cockpit.surroundings import Surroundings
from cockpit.theme_names import OUR_DARK
from cockpit.type_ahead import TypeAhead
from cockpit.watching import EvidenceFeed, LedgerWatch
from cockpit.worker_feed import WorkerFeed

if TYPE_CHECKING:
    from cockpit.draft import Draft
    from cockpit.operations import Operations
    from cockpit.sight import Sight
    from cockpit.terminal import Reach
    from factory.errors import SourceError
    from factory.model.launch import Launch
    from factory.model.source import Source, SourceLine

AFTER_CURSOR_S = 0.008
"""Enough for the line under the cursor to be drawn."""
KEYS_EVERY = 2
"""Seconds between two looks at the file with the keys."""


class CockpitApp(ResilientApp, Looks, RecordedApp):
    """The terminal program.

    Args:
        ports: Clock, ledger and workers.
        operations: Everything that can be done.
        read_status: Makes the eight fields of a run.
        evidence_root: Folder with one evidence folder a run; watched.
        draft: Opens the launch form with this at start.
        notice: Said at start.
        keys: Other keys for ids of the key table.
        in_ascii: What to draw in ASCII.
        theme: Name of the colours to draw in, as far as the terminal has them.
        monotonic: Seconds that only grow.
        notify: `[notify] method`: how the operator is called.
        surroundings: Worktrees, a terminal to open, and keys that may change meanwhile.
        survives: Errors of our own are logged and said once the cockpit is up; else they end it, as tests want.
    """

    TITLE = "Cockpit"
    # Named here: Textual does not load the style of a default screen by itself.
    CSS_PATH = ["screens/main.tcss", "screens/few_colours.tcss"]
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {opening.palette_commands}
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = []

    snapshot: reactive[Snapshot] = reactive(Snapshot, repaint=False)
    """What is drawn. Only the store replaces it."""
    moment: reactive[Moment] = reactive(Moment, repaint=False)
    """What time it is; replaced once a second."""

    def __init__(
        self,
        ports: Sight,
        operations: Operations,
        read_status: ReadStatus,
        evidence_root: Path,
        draft: Launch | None = None,
        notice: str = "",
        keys: Mapping[str, str] | None = None,
        in_ascii: Reach = "",
        theme: str = OUR_DARK,
        monotonic: Callable[[], float] = time.monotonic,
        notify: str = "auto",
        surroundings: Surroundings | None = None,
        survives: bool = False,
    ) -> None:
        super().__init__(in_ascii, theme)
        self.surroundings = surroundings or Surroundings()
        self.keys = KEYS
        self._ahead = TypeAhead(self)
        self.remap(keys or {})
        self.operations = operations
        self.monotonic = monotonic
        self.store = Store()
        self._is_painted = True
        self._ticks = 0
        self._paint = Pace(self._paint_soon, asyncio.get_running_loop)
        self._reading = Rest(self.look_now, asyncio.get_running_loop)  # goals that are only passed by are not read
        self._clock = ports.clock
        self.attention = Attention(self, notify, ascii_only=bool(in_ascii))
        self.last_key_at = monotonic()
        self._launch = draft
        self._notice = notice
        self.survives = survives
        self._follow = ""
        self.ledger_feed = LedgerFeed(ports.ledger, self.store, read_status, monotonic)
        self.sight = ports
        self.evidence_root = evidence_root
        self._evidence_feed = EvidenceFeed(evidence_root, self.store, self._files_changed, monotonic=monotonic)
        self.keeping = Keeping(self.surroundings.choices, self.begin_with, self.say)
        self._key_feed = KeyFeed(self.surroundings, self.remap, self.say)
        self._clock_watch = ClockWatch(self.store, self.say, monotonic=monotonic)
        self._worker_feed = WorkerFeed(ports.workers, self.store, self.say, monotonic)

    def get_default_screen(self) -> MainScreen:
        """The first screen (Textual's hook)."""
        return MainScreen()

    async def on_mount(self) -> None:
        self._tick()
        self.store.subscribe(self._take)
        self.attention.start()
        self.set_interval(1.0, self._tick)
        self.start_feeds()
        if self._notice:
            self.say(self._notice)
        if self._launch is not None:
            await self.push_screen(opening.launch_form())

    def start_feeds(self) -> None:
        """Keep the store fresh from now on."""
        for feed in (self.ledger_feed, self._evidence_feed, self._worker_feed):
            self.run_feed(feed, self.store)
        if HAS_INOTIFY and self.surroundings.ledger:
            self.run_feed(LedgerWatch(self.surroundings.ledger, self.ledger_feed), self.store)
        if self.surroundings.choices:
            self.run_feed(self.keeping, self.store)

    def on_unmount(self) -> None:
        self._paint.stop()
        self.attention.stop()

    async def on_event(self, event: Event) -> None:
        """Note when a key came: that is how a cockpit knows that somebody is there (Textual's hook)."""
        if isinstance(event, Key):
            self.last_key_at = self.monotonic()
        await self._ahead.pass_on(event, super().on_event)

    def select(self, run: str) -> None:
        """Look at another goal."""
        if run != self.store.snapshot.wanted:
            self.store.change(wanted=run)
            self._reading.wish()

    def look_now(self) -> None:
        """Look at the ledger without waiting for the next turn."""
        self.ledger_feed.look_now()

    def go_to(self, run: str) -> None:
        """Put the cursor of the main screen on a goal."""
        main = self.screen_stack[0]
        if isinstance(main, MainScreen):
            main.go_to(run)

    @cached_property
    def draft(self) -> Draft:
        """What stands in the launch form, also while it is closed."""
        from cockpit.draft import Draft, draft_of  # the form's; not needed to begin

        return draft_of(self._launch) if self._launch else Draft()

    def evidence_of(self, run: str) -> Path:
        """The folder with the evidence of a run."""
        return self.evidence_root / run

    @property
    def is_drawn(self) -> bool:
        """Whether the screens have what the store holds; they follow at most ten times a second."""
        return self._is_painted and self.main.is_listed

    @property
    def main(self) -> MainScreen:
        """The main screen, whatever is above it."""
        main = self.screen_stack[0]
        assert isinstance(main, MainScreen)
        return main

    def remap(self, keys: Mapping[str, str]) -> None:
        """Take another key table, now. Raises `Malformed` and keeps the old one."""
        self.keys = remapped(keys, KEYS)
        self._ahead.know(self.keys)
        self.set_keymap(dict(keys))
        if self.is_running:
            self.main.show_hints()

    def follow(self, run: str) -> None:
        """Put the cursor on a run that was just started, as soon as the ledger shows it."""
        self.say(f"launched {run[-4:]}", "good")
        self.did(Deed(f"launch of {run[-4:]}", why_not="The goal runs; X stops it."))
        self._follow = run
        self._arrive(self.store.snapshot)
        self.look_now()

    def ages(self) -> dict[str, Source]:
        """Where values come from and how old they are: our own feeds, and the systems that the worker saw."""
        snapshot = self.store.snapshot
        health = snapshot.selected_view.health if snapshot.selected_view else ()
        systems = {one.id: system_source(one, self.moment.now) for one in health}
        return {**snapshot.ages(self.moment.monotonic), **systems}

    def source_lines(self) -> tuple[SourceLine, ...]:
        """All sources, each with what is wrong with it."""
        return self.store.snapshot.source_lines(self.moment.monotonic, self.moment.now)

    def reasons(self) -> dict[str, str]:
        """What is wrong with a feed of ours and what helps, by its name."""
        ours = self.store.snapshot.sources
        return {one.name: one.sentence for one in self.source_lines() if one.sentence and one.name in ours}

    def say_trouble(self, text: str) -> None:
        """Put a sentence about an error of our own on the message line."""
        self.say(text, "bad")

    def pressed_at(self, event: Event) -> float:
        """When a key was pressed; earlier than now when it waited in a queue."""
        return min(event.time, self.monotonic())

    def report(self, error: SourceError) -> None:
        """Say what went wrong and what to do about it."""
        self.say(f"{error.message} {error.hint}".strip(), "bad")

    def action_command_palette(self) -> None:
        """Open our palette (Textual's hook)."""
        if not isinstance(self.screen, CommandPalette):
            _opening = self.push_screen(opening.palette())  # not awaited: who presses the key waits for nothing

    def action_help_quit(self) -> None:
        """ctrl+c leaves nothing behind: it only says how to leave (Textual's hook)."""
        self.say("ctrl+c copies marked text; q leaves the cockpit, and runs go on.")

    def _take(self, _: Snapshot) -> None:
        self._is_painted = False
        self._paint.wish()

    def _paint_soon(self) -> None:
        # The cursor is seen to move before anything else is drawn or read.
        self.set_timer(AFTER_CURSOR_S, self._paint_after_key)

    def _paint_after_key(self) -> None:
        """The same for a key that came meanwhile; once only, so that a key that is held down stops nothing."""
        if self.monotonic() - self.last_key_at < AFTER_CURSOR_S:
            self.set_timer(AFTER_CURSOR_S, self._paint_now)
        else:
            self._paint_now()

    def _paint_now(self) -> None:
        self._is_painted = True
        self.snapshot = self.store.snapshot
        self._arrive(self.snapshot)

    def _arrive(self, snapshot: Snapshot) -> None:
        if self._follow and snapshot.row(self._follow):
            run, self._follow = self._follow, ""
            self.go_to(run)

    def _tick(self) -> None:
        self.moment = Moment(self._clock.now(), self.monotonic())
        self._clock_watch.tick(self.moment.now)
        self.attention.tick()
        self._look_for_keys()
        self.forget_said()

    def _look_for_keys(self) -> None:
        self._ticks += 1
        if self.surroundings.read_keys is not None and self._ticks % KEYS_EVERY == 0:
            self.run_worker(self._key_feed.look(), group="feed", name="keys")

    def _files_changed(self, runs: set[str]) -> None:
        if self.store.snapshot.wanted in runs:
            self.ledger_feed.again()
            if isinstance(self.screen, GoalScreen):
                self.screen.files_changed()
