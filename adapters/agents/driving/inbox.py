"""`inbox/`: what the factory tells the driver of an agent, one file each: nothing is lost, nothing comes twice."""

import contextlib
import os
from collections.abc import Iterator
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
    """`answer`: ask, allow, words, always · `instruct`: text · `limit`: micros · `interrupt`: reason."""

    def text(self, name: str) -> str:
        """Text of it, or an empty one."""
        return str(self.said.get(name, ""))

    def micros(self, known: int) -> int:
        """An amount, or the known one."""
        found = self.said.get("micros")
        return found if isinstance(found, int) and not isinstance(found, bool) else known


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
        self._stop, self._place = folder / "stop", folder / NAME
        self._seen: set[str] = set()

    def new(self) -> list[Order]:
        """What came since the last look. The folder's time tells nothing: two may come within one tick of it."""
        found = sorted(self._unseen())
        self._seen |= {file.name for _, file in found}
        return [order for _, file in found if (order := _read(file))]

    def stop_reason(self) -> str:
        """Why the shim ends everything, as it was told; empty when it was not told."""
        found, _ = read_object(self._stop)
        return str((found or {}).get("reason", ""))

    def _unseen(self) -> Iterator[tuple[int, Path]]:
        with contextlib.suppress(OSError), os.scandir(self._place) as entries:
            for entry in entries:
                if entry.name.endswith(".json") and entry.name not in self._seen:
                    yield entry.stat().st_mtime_ns, Path(entry)


def _read(file: Path) -> Order | None:
    found, _ = read_object(file)
    if found is None or found.get("kind") not in ("answer", "instruct", "interrupt", "limit"):
        return None
    said = found.get("said")
    return Order(str(found.get("id", file.stem)), found["kind"], said if isinstance(said, dict) else {})
