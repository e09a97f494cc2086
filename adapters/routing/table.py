"""Routing by a table: the built-in one, or a TOML file of the operator."""

from collections.abc import Sequence
from pathlib import Path

from adapters.toml_file import read_toml
from factory.errors import Malformed
from factory.model.run import Route
from factory.rules.companies import companies_of
from factory.rules.routing import DEFAULT_TABLE, RoutingTable, route, table_from

_HINT = "Correct the file, or leave [routing] table out of config.toml to use the built-in table."


class TableRouter:
    """`Router` over a table of words.

    Args:
        path: A TOML file with `minimum` and `[[rows]]`; None = the built-in table. It is read anew for each route, so
            an edit needs no restart.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    def route(self, goal: str, domain: str = "", paths: Sequence[str] = ()) -> Route:
        """The route of a goal; `domain` overrides.

        Raises:
            Usage: the table has no such domain.
            Refused: `unrouted`.
            Malformed: the file cannot be read; the sentence names the file and the line or key.
        """
        return route(goal, self.table(), domain, paths)

    def companies(self) -> tuple[str, ...]:
        """The known companies, and those of the table. Raises `Malformed`."""
        return companies_of(self.table())

    def table(self) -> RoutingTable:
        """The table as it is now.

        Raises:
            Malformed: the file cannot be read.
        """
        return DEFAULT_TABLE if self._path is None else _read(self._path)


def _read(path: Path) -> RoutingTable:
    table = read_toml(path, "routing table", _HINT)
    try:
        return table_from(table)
    except Malformed as error:
        raise Malformed(f"{path}: {error.message}", _HINT) from error
