"""A table as somebody wrote it into a file, read key by key; whatever cannot be is a sentence that names the key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from factory.errors import Malformed, Usage
from factory.rules.money import parse_usd


@dataclass(frozen=True)
class Written:
    """One table. Every method raises `Malformed` for a value that cannot be.

    Args:
        source: The file, as the sentences name it.
        table: What it says.
        at: Where in the file this table is: "" or `clocks.`.
    """

    source: str
    table: Mapping[str, Any]
    at: str = ""

    def only(self, *known: str) -> None:
        """Refuse any other key."""
        for key in self.table:
            if key not in known:
                self.refuse(key, f"is unknown; known are {', '.join(known)}")

    def text(self, key: str, otherwise: str = "") -> str:
        """Text that a file can hold."""
        value = self.table.get(key, otherwise)
        if not isinstance(value, str) or "\0" in value:
            self.refuse(key, "must be text in quotes")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when it is not there."""
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.refuse(key, 'must be a list of texts, such as ["A", "B"]')
        return tuple(value)

    def number(self, key: str, otherwise: float, lowest: float, highest: float) -> float:
        """A number between two others, both allowed."""
        value = self.table.get(key, otherwise)
        if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
            self.refuse(key, f"must be a number from {lowest:g} to {highest:g}")
        return value

    def whole(self, key: str, otherwise: int, lowest: int, highest: int) -> int:
        """A whole number between two others, both allowed."""
        value = self.number(key, otherwise, lowest, highest)
        if value != int(value):
            self.refuse(key, "must be a whole number")
        return int(value)

    def switch(self, key: str) -> bool:
        """true or false; false when it is not there."""
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            self.refuse(key, "must be true or false")
        return value

    def usd(self, key: str, otherwise: int) -> int:
        """US dollars as micro-USD."""
        value = self.table.get(key)
        if value is None:
            return otherwise
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            self.refuse(key, "must be an amount in US dollars, such as 5.00")
        try:
            return parse_usd(f"{value:f}" if isinstance(value, float) else str(value))
        except Usage as error:
            self.refuse(key, f"is no amount that can be a cap: {error.message.rstrip('.')}")

    def part(self, key: str) -> "Written":
        """A table inside of it; empty when it is not there."""
        value = self.table.get(key, {})
        if not isinstance(value, Mapping):
            self.refuse(key, f"must be a table: write [{self.at}{key}] on a line of its own")
        return Written(self.source, value, f"{self.at}{key}.")

    def refuse(self, key: str, fault: str) -> NoReturn:
        """Say what is wrong with a key."""
        raise Malformed(f"{self.source}: '{self.at}{key}' {fault}.", f"Correct '{self.at}{key}'.")
