"""Outbox items: one write to another system, with a key that names its content."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Literal

from factory.model.audit import canonical_json
from factory.model.identity import stable_id
from factory.model.outbox import OutboxItem
from factory.rules.redaction import redact

OutboxTarget = Literal["knowledge", "memory", "mission"]


def outbox_item(
    run: str,
    target: OutboxTarget,
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


def _clean(text: str) -> str:
    """The text without secrets (I11); bytes that were no UTF-8 are spelled out, so that every target can take it."""
    redacted, _ = redact(text.encode("utf-8", "backslashreplace"))
    return redacted.decode("utf-8", "replace")
