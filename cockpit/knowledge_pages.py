"""The knowledge pages of a run as they lie where they were written, or as they will be written."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from factory.model.outbox import OutboxItem
from factory.model.view import RunView

MOST_BYTES = 2 << 20


@dataclass(frozen=True)
class KnowledgePage:
    """One page as Markdown."""

    role: str
    """`request status evidence postflight`."""
    text: str
    source: str
    """Where the text comes from, as a sentence."""


def read_pages(view: RunView, is_past: bool = False) -> tuple[KnowledgePage, ...]:
    """The pages of a run, each once, in the order in which they became due. Reads files: call it in a thread.

    Args:
        is_past: The view is of a moment that is over: what was recorded counts, and not the files as they are now.
    """
    newest: dict[str, OutboxItem] = {}
    for item in view.outbox:
        if item.target == "knowledge" and item.op == "page":
            newest[_ref(item)] = item
    return tuple(_pages(newest, is_past))


def _pages(newest: dict[str, OutboxItem], is_past: bool) -> Iterator[KnowledgePage]:
    for ref, item in newest.items():
        role = ref.rsplit("/", 1)[-1] or "page"
        delivered = item.state in {"delivered", "accepted"}
        written = _file(item.remote_ref) if delivered and not is_past else None
        if delivered and is_past:
            yield KnowledgePage(role, _text(item), f"as it was delivered then: {item.remote_ref or ref}")
        elif written is not None:
            yield KnowledgePage(role, written, item.remote_ref)
        elif delivered:
            yield KnowledgePage(role, _text(item), f"as delivered; {item.remote_ref or ref} cannot be read from here")
        else:
            why = f": {item.last_error}" if item.last_error else ""
            yield KnowledgePage(role, _text(item), f"not written yet ({item.state}{why}); as it will be")


def _payload(item: OutboxItem) -> dict[str, object]:
    try:
        found = json.loads(item.payload)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _ref(item: OutboxItem) -> str:
    return str(_payload(item).get("ref") or item.order_key or item.id)


def _text(item: OutboxItem) -> str:
    return str(_payload(item).get("text") or "")


def _file(place: str) -> str | None:
    """The page with the notes that people made in it; None when there is no such file here."""
    path = Path(place)
    if not place or not path.is_absolute() or path.suffix != ".md":
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            return file.read(MOST_BYTES).decode("utf-8", "surrogateescape")
    except (OSError, ValueError):
        return None
