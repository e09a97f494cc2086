"""Knowledge pages of a run: an index entry and an outbox row each, in the transaction that makes them due."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, Literal

from factory.model.outbox import OutboxItem, Page
from factory.model.view import RunView
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.rules.outbox import copy_for, outbox_item
from factory.rules.visible import one_line

DuePage = tuple[Page, OutboxItem]
"""A page and the write that brings it to its target."""
TITLE_CHARS = 120
"""As much of the goal as names a page for people."""
Role = Literal["request", "status", "evidence", "postflight"]


def due_page(ports: Ports, view: RunView, role: Role, extra: Mapping[str, Any] | None = None, ref: str = "") -> DuePage:
    """A page as it is to be written now, and the write itself.

    Args:
        ref: Where a page exists already that this one joins; what people wrote there is kept.
    """
    known = next((page for page in view.pages if page.role == role), None)
    place = known.ref if known else ref or ports.pages.ref(role, view.run.id)
    text = ports.pages.render(role, view, extra)
    digest = sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
    page = known or Page(id=ports.clock.new_id("pag"), run=view.run.id, role=role, ref=place)
    title = one_line(view.run.goal)[:TITLE_CHARS]
    payload = {"ref": place, "role": role, "title": title, "text": text}
    item = outbox_item(view.run.id, "knowledge", "page", payload, place, view.run.namespace)
    return replace(page, sha256=digest, index_state="queued"), item


def put_pages(tx: Transaction, ports: Ports, due: Sequence[DuePage]) -> None:
    """Store pages and their writes; a write that is queued already is not queued again."""
    for page, item in due:
        tx.put(page, "page.queue", {"ref": page.ref})
        queue(tx, ports, item)


def queue(tx: Transaction, ports: Ports, item: OutboxItem) -> None:
    """Queue a write once, and once more for every system that gets a copy of such writes (I7)."""
    for each in (item, *(copy_for(item, target) for target in ports.copies.get(item.op, ()))):
        if not tx.find(OutboxItem, dedupe_key=each.dedupe_key):
            tx.put(each, "outbox.queue", {"target": each.target, "op": each.op})
