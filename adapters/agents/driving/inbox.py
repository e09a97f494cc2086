"""`inbox/`: what the factory tells the driver of an agent, one file each: nothing is lost, nothing comes twice."""

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from adapters.agents.small_files import read_object, write_object
from factory.errors import Unreachable

NAME = "inbox"
Kind = Literal["answer", "instruct", "interrupt", "limit"]


@dataclass(frozen=True)
class Order:
    """One message for the driver."""

    id: str
    """Comes back in the receipt."""
    kind: Kind
    said: dict[str, Any] = field(default_factory=dict)
    """`answer`: ask, allow, words, always · `instruct`: text · `limit`: micros."""


def put(folder: Path, order: Order) -> None:
    """Leave a message; the same id again changes nothing.

    Raises:
        Unreachable: the folder cannot be written.
    """
    place = folder / NAME
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        file = place / f"{order.id}.json"
        if not file.exists():
            write_object(file, {"id": order.id, "kind": order.kind, "said": order.said})
    except OSError as error:
        raise Unreachable(f"{place} cannot be written: {error.strerror}.", "Free the disk.") from error


class Inbox:
    """The driver's side: gives out each message once, in the order in which they came.

    Args:
        folder: Of the attempt.
    """

    def __init__(self, folder: Path) -> None:
        self._place = folder / NAME
        self._seen: set[str] = set()
        self._changed = -1

    def new(self) -> list[Order]:
        """What came since the last look; costs one `stat` when nothing did."""
        try:
            changed = self._place.stat().st_mtime_ns
        except OSError:
            return []
        if changed == self._changed:
            return []
        self._changed = changed
        found = sorted(self._unseen(), key=lambda file: file.stat().st_mtime_ns)
        self._seen |= {file.name for file in found}
        return [order for file in found if (order := _read(file))]

    def _unseen(self) -> list[Path]:
        with contextlib.suppress(OSError):
            return [file for file in self._place.glob("[!.]*.json") if file.name not in self._seen]
        return []


def _read(file: Path) -> Order | None:
    found, _ = read_object(file)
    if found is None or found.get("kind") not in ("answer", "instruct", "interrupt", "limit"):
        return None
    said = found.get("said")
    return Order(str(found.get("id", file.stem)), found["kind"], said if isinstance(said, dict) else {})
