"""Outbox items: one write to another system, with a key that names its content."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from factory.model.audit import canonical_json
from factory.model.identity import stable_id
from factory.model.outbox import OutboxItem
from factory.rules.redaction import redact

URGENT = frozenset({"decide", "cancel"})
"""Operations by which an operator acts; a target with a write limit gets them first."""
NOT_YET = "not_yet"
"""Code of an `Unreachable` that says nothing of the target: the item has to wait for another one, or for a while."""


def rank(item: OutboxItem) -> int:
    """How soon an item goes when several are due; lower is sooner."""
    return 0 if item.op in URGENT else 1


def outbox_item(
    run: str,
    target: str,
    op: str,
    payload: Mapping[str, str],
    order_key: str = "",
    namespace: str = "default",
) -> OutboxItem:
    """A queued write of `payload`, free of secrets; the same write always gets the same id and dedupe key.

    Args:
        payload: Texts by name. `ref` or `id` says what is written.
        order_key: Items of one target with the same key are delivered one after the other, in the order in which they
            were queued; empty = in any order.
    """
    clean = canonical_json({name: _clean(text) for name, text in payload.items()})
    digest = sha256(clean.encode()).hexdigest()
    subject = payload.get("ref") or payload.get("id") or "-"
    key = _clean(f"{target}:{op}:{run}:{subject}:{digest}")
    return OutboxItem(
        id=stable_id("out", key),
        namespace=namespace,
        run=run,
        target=target,
        op=op,
        dedupe_key=key,
        order_key=order_key,
        payload=clean,
        payload_sha256=digest,
    )


def copy_for(item: OutboxItem, target: str) -> OutboxItem:
    """The same write to another target."""
    key = f"{target}{item.dedupe_key.removeprefix(item.target)}"
    return replace(item, id=stable_id("out", key), target=target, dedupe_key=key)


def _clean(text: str) -> str:
    """The text without secrets (I11); bytes that were no UTF-8 are spelled out, so that every target can take it."""
    redacted, _ = redact(text.encode("utf-8", "backslashreplace"))
    return redacted.decode("utf-8", "replace")
