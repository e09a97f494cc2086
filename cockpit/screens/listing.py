"""Which goals the list shows, and in which order: the operator's words and order over the rows of the store."""

from cockpit.choices import Choices
from cockpit.filtering import Filter
from cockpit.ordering import Sorting
from factory.model.view import RunRow

FIRST = 100
"""Goals that fill any screen: they are shown before all others were looked at."""


class Listing:
    """Sorts and filters a slice at a time, so that no key waits for it; then another picture costs what changed."""

    def __init__(self) -> None:
        self._rows: tuple[RunRow, ...] = ()
        self._choices = Choices()
        self._sorting = Sorting()
        self._filter = Filter()

    @property
    def is_whole(self) -> bool:
        """Whether `rows` are what was wanted last."""
        return self._sorting.is_whole and self._filter.is_whole

    @property
    def rows(self) -> tuple[RunRow, ...]:
        """The goals to list, as far as they are known."""
        return self._filter.found

    def want(self, rows: tuple[RunRow, ...], choices: Choices) -> None:
        """Take another picture, or other choices."""
        self._rows, self._choices = rows, choices
        self._sorting.want(rows, choices.order)
        self._filter.want(self._sorting.placed, choices.words)

    def work(self) -> None:
        """Look at one slice more."""
        if not self._sorting.is_whole:
            self._sorting.work()
        elif not self._filter.is_whole:
            self._filter.work()
        self.want(self._rows, self._choices)  # whatever changed meanwhile

    def finish(self) -> None:
        """Do all the rest at once."""
        while not self.is_whole:
            self.work()

    def has_first(self, cursor: RunRow | None) -> bool:
        """Whether the first screen is known, and the goal under the cursor stays in it if it fits."""
        found = self.rows
        is_there = cursor is None or not self._filter.fits(cursor) or any(row is cursor for row in found)
        return self._sorting.is_whole and len(found) >= FIRST and is_there

    def sort_again(self, rows: tuple[RunRow, ...]) -> None:
        """Give every goal its place by what it is now."""
        self._sorting.again(rows)

    @staticmethod
    def note(choices: Choices) -> str:
        """What the title of the list says of it."""
        marked = f"{len(choices.marked)} marked" if choices.marked else ""
        words = f"/{choices.words}" if choices.words else ""
        return " · ".join(part for part in (marked, choices.order.name, words) if part)
