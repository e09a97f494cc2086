"""A page as the outbox carries it."""

import json
from dataclasses import dataclass

from factory.errors import Refused
from factory.model.outbox import OutboxItem


@dataclass(frozen=True)
class PageItem:
    """What a knowledge target is to write."""

    ref: str
    """Where the folder keeps it; the last part names the page."""
    text: str
    role: str
    """`request`, `status`, …"""
    title: str
    """What the run is about, for people; may be empty."""


def page_item(item: OutboxItem) -> PageItem:
    """The page in an outbox item; texts are such as UTF-8 can hold.

    Raises:
        Refused: `malformed`, the item is something else.
    """
    if item.op != "page":
        raise Refused(f"The {item.target} target cannot {item.op!r}, only write a page.", code="malformed")
    try:
        payload = json.loads(item.payload)
        ref, text = payload["ref"], payload["text"]
        role, title = payload.get("role", ""), payload.get("title", "")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(f"Outbox item {item.id} is not a page with 'ref' and 'text'.", code="malformed") from error
    given = (ref, text, role, title)
    if not all(isinstance(value, str) for value in given):
        raise Refused(f"Outbox item {item.id}: 'ref' and 'text' must be texts.", code="malformed")
    ref, text, role, title = (value.encode("utf-8", "backslashreplace").decode() for value in given)
    return PageItem(ref, text, role or ref.rsplit("/", 1)[-1], title)
