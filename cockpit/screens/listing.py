"""Which goals the list shows, and in which order: the operator's words and order over the rows of the store."""

from cockpit.choices import Choices
from cockpit.filtering import Filter
from cockpit.ordering import Order, Sorting
from factory.model.view import RunRow


class Listing:
    """Keeps places and looks from picture to picture, so that one costs what changed in it."""

    def __init__(self) -> None:
        self._filter = Filter()
        self._sorting = Sorting()
        self._order = Order()

    def rows(self, rows: tuple[RunRow, ...], choices: Choices) -> tuple[RunRow, ...]:
        """The goals to list."""
        if choices.order != self._order:
            self._order = choices.order
            self.sort_again(rows)
        return self._filter.matching(self._sorting.placed(rows), choices.words)

    def sort_again(self, rows: tuple[RunRow, ...]) -> None:
        """Give every goal its place by what it is now."""
        self._sorting.sort(rows, self._order)

    @staticmethod
    def note(choices: Choices) -> str:
        """What the title of the list says of it."""
        marked = f"{len(choices.marked)} marked" if choices.marked else ""
        words = f"/{choices.words}" if choices.words else ""
        return " · ".join(part for part in (marked, choices.order.name, words) if part)
