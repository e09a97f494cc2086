"""The entities of a recording at one moment: what `view.Books` needs, without a database."""

from collections.abc import Iterable, Mapping
from typing import Any, Self, TypeVar

import msgspec

from adapters.flight.frame import Line
from adapters.ledger.sqlite_books import NAMES
from factory.errors import Malformed, Missing
from factory.model.identity import Entity

E = TypeVar("E", bound=Entity)


class Held:
    """What one entity holds. Never changed: moments share it."""

    __slots__ = ("_entity", "values")

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self._entity: Entity | None = None

    def entity(self, kind: type[E]) -> E:
        """As an entity of that kind, made once. Raises `Malformed`."""
        if not isinstance(self._entity, kind):
            try:
                self._entity = msgspec.convert(self.values, kind)
            except msgspec.ValidationError as error:
                raise Malformed(f"A {kind.__name__.lower()} of the recording cannot be read: {error}.") from error
        return self._entity


class States:
    """Every entity as it stands, by the name of its table and its id, each kind in the order of birth."""

    def __init__(self, kinds: Mapping[str, dict[str, Held]] | None = None, lines: int = 0) -> None:
        self._kinds = {name: dict(kind) for name, kind in (kinds or {}).items()}
        self.lines = lines
        """How many have been taken in."""

    def __len__(self) -> int:
        return sum(map(len, self._kinds.values()))

    def copy(self) -> Self:
        """The same, to go on from; what entities hold is shared."""
        return type(self)(self._kinds, self.lines)

    def take(self, lines: Iterable[Line]) -> None:
        """Go on by these changes."""
        for line in lines:
            kind = self._kinds.setdefault(line.kind, {})
            known = kind.get(line.entity)
            kind[line.entity] = Held({**known.values, **line.values} if known else line.values)
            self.lines += 1

    def values(self, kind: str, id: str) -> Mapping[str, Any]:
        """What an entity holds; nothing when it is not there."""
        held = self._kinds.get(kind, {}).get(id)
        return held.values if held else {}

    def get(self, kind: type[E], id: str) -> E:
        """One entity. Raises `Missing`."""
        held = self._kinds.get(NAMES[kind], {}).get(id)
        if held is None:
            raise Missing(f"There is no {kind.__name__.lower()} {id} in this recording.")
        return held.entity(kind)

    def find(self, kind: type[E], /, **equal: Any) -> tuple[E, ...]:
        """All entities of a kind with these values, or one of those in a list; oldest first."""
        found = [held.entity(kind) for held in self._kinds.get(NAMES[kind], {}).values()]
        wanted = {name: value if isinstance(value, list) else [value] for name, value in equal.items()}
        return tuple(each for each in found if all(getattr(each, name) in some for name, some in wanted.items()))
