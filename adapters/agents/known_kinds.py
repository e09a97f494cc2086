"""Every kind of agent that there is: ours, and those of installed packages."""

from collections.abc import Iterator, Mapping

from adapters.agents.kinds import KINDS, Kind
from adapters.entry_points import load, names
from factory.errors import Malformed

ASKED_OF_IT = ("check", "argv", "info")


class KnownKinds(Mapping[str, Kind]):
    """Ours first: nobody replaces them. What is installed is looked up only for a name that is none of ours."""

    def __init__(self) -> None:
        self._brought: dict[str, Kind] = {}

    def __getitem__(self, name: str) -> Kind:
        """The kind. Raises `KeyError`, or `Malformed` for one that cannot be used."""
        if name in KINDS:
            return KINDS[name]
        if name not in self._brought:
            if name not in names("agent"):
                raise KeyError(name)
            self._brought[name] = _kind(name)
        return self._brought[name]

    def __contains__(self, name: object) -> bool:
        return name in KINDS or (isinstance(name, str) and name in names("agent"))

    def __iter__(self) -> Iterator[str]:
        yield from KINDS
        yield from (name for name in names("agent") if name not in KINDS)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _kind(name: str) -> Kind:
    kind = load("agent", name)()
    lacking = [word for word in ASKED_OF_IT if not callable(getattr(kind, word, None))]
    if lacking or getattr(kind, "dialect", None) != "":
        what = f"has no {' and no '.join(lacking)}" if lacking else 'must have dialect = "": it is started, not driven'
        raise Malformed(f"The agent kind {name!r} {what}.", "See adapters.agents.kinds.Kind for what it needs.")
    return kind  # type: ignore[no-any-return]
