"""The list of goals as the operator filters and sorts it: a key is answered first, then the list follows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Input

from cockpit.screens.goal_screen import GoalScreen
from cockpit.screens.listing import Listing
from widgets.goals import Goals

if TYPE_CHECKING:
    from cockpit.choices import Choices

AFTER_KEY_S = 0.02
"""Enough for what a key did to be seen: a picture of its own, also when a list was being looked through."""
TURN_S = 0.004
"""How long a long list is looked through at a time."""
BETWEEN_S = 0.001
"""Between two turns, for keys."""
NEEDING = "@needs"
"""The word of the filter that `W` adds and takes away."""


class Narrowing(GoalScreen):
    """A screen with the goals and a field for the filter."""

    def __init__(self) -> None:
        super().__init__()
        self._listing = Listing()
        self._is_waiting = False
        self._key_at = 0.0
        self._has_first = False
        """Whether the beginning of a list that is still looked through is on screen."""

    @property
    def is_listed(self) -> bool:
        """Whether the list shows what was wanted last."""
        return self._listing.is_whole and not self._is_waiting

    def list_goals(self) -> None:
        """Follow the store and the choices; what takes longer goes on a few milliseconds at a time."""
        self._want()
        end = time.perf_counter() + TURN_S
        while not self._listing.is_whole:
            self._listing.work()
            if time.perf_counter() >= end:
                break
        self._show_listed()

    def list_soon(self) -> None:
        """The same, once the key is answered that asked for it."""
        self._want()
        self._has_first = False
        self._key_at = self.cockpit.last_key_at
        self._list_in(AFTER_KEY_S)

    def list_now(self) -> None:
        """The same, to its end: what comes next rests on it."""
        self._want()
        self._listing.finish()
        self._show_listed()

    def sort_again(self) -> None:
        """Give every goal its place by what it is now."""
        self._listing.sort_again(self.cockpit.store.snapshot.rows)
        self.list_goals()

    def note(self, choices: Choices) -> str:
        """What the title of the list says of the choices."""
        return self._listing.note(choices)

    def _want(self) -> None:
        self._listing.want(self.cockpit.store.snapshot.rows, self.cockpit.choices)

    def _list_in(self, seconds: float) -> None:
        if not self._is_waiting:
            self._is_waiting = True
            self.set_timer(seconds, self._list_on)

    def _list_on(self) -> None:
        self._is_waiting = False
        if self.cockpit.last_key_at != self._key_at:  # one came since: it goes first
            self._key_at = self.cockpit.last_key_at
            self._list_in(AFTER_KEY_S)
        else:
            self.list_goals()

    def _show_listed(self) -> None:
        listing, goals = self._listing, self.query_one(Goals)
        snapshot = self.cockpit.store.snapshot
        if listing.is_whole:
            goals.show_rows(listing.rows, len(snapshot.rows), snapshot.is_read)
        else:
            if not self._has_first and listing.has_first(snapshot.row(goals.key)):
                self._has_first = True
                goals.show_rows(listing.rows, len(snapshot.rows), is_whole=False)
            self._list_in(BETWEEN_S)

    def action_filter(self) -> None:
        """Type words of a goal."""
        self.add_class("-filtering")
        self.query_one("#filter", Input).focus()

    @on(Input.Changed, "#filter")
    def show_matching(self, event: Input.Changed) -> None:
        """Show the goals that fit what is typed."""
        # What stands there now, not when the event was sent: a fast typist is ahead, and would be set back to it.
        self.cockpit.choose("", words=event.input.value)

    @on(Input.Submitted, "#filter")
    def keep_filter(self) -> None:
        """Go back to the list; the filter stays."""
        self.list_now()
        self.remove_class("-filtering")
        self.query_one(Goals).focus()

    def action_needing(self) -> None:
        """Show only the goals that need a person, or all again."""
        words = self.cockpit.choices.words.split()
        is_on = NEEDING in words
        kept = [word for word in words if word != NEEDING] + ([] if is_on else [NEEDING])
        self.cockpit.choose("filter", words=" ".join(kept))
        self.cockpit.say("All goals again." if is_on else "Only the goals that need you; W shows all again.")
