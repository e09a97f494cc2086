"""Routing by a program, and by the table while the program gives no route."""

from collections.abc import Sequence
from dataclasses import replace

from factory.errors import Malformed, Refused, SourceError, Unreachable
from factory.model.run import Route
from factory.ports.knowledge import Router


class RouterWithTable:
    """`Router` that asks one router and falls back on another, which the route then says.

    Args:
        first: Asked each time; what it refuses is refused.
        table: Asked when the first one is not there, is late, fails, or answers with no route.
    """

    def __init__(self, first: Router, table: Router) -> None:
        self._first = first
        self._table = table

    def companies(self) -> tuple[str, ...]:
        """Those of both, each once. Raises `Malformed`."""
        return tuple(dict.fromkeys((*self._table.companies(), *self._first.companies())))

    def route(self, goal: str, domain: str = "", paths: Sequence[str] = ()) -> Route:
        """The route of a goal; its `notice` says why it is the table's.

        Raises:
            Refused: `unrouted`, whoever was asked. Usage, Malformed: as the table says.
        """
        try:
            return self._first.route(goal, domain, paths)
        except (Unreachable, Malformed) as error:
            return self._otherwise(error, goal, domain, paths)

    def _otherwise(self, why: SourceError, goal: str, domain: str, paths: Sequence[str]) -> Route:
        try:
            return replace(self._table.route(goal, domain, paths), notice=f"{why.message} The table was used.")
        except Refused as error:
            raise Refused(f"{why.message} {error.message}", error.hint, error.code) from why
