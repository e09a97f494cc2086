"""The events of one transaction, chained onto where the ledger ended."""

import json
from collections.abc import Mapping
from typing import Any

from adapters.ledger.codec import unicode_bytes
from factory.model.audit import ChainHead, Event, canonical_json, event_hash


class Chain:
    """Collects the events of a transaction.

    Args:
        head: Where the chain ended when the transaction began.
        actor: Who writes.
        at: When, for all of them.
        key: The idempotency key; the first event carries it.
    """

    def __init__(self, head: ChainHead, actor: str, at: str, key: str = "") -> None:
        self.events: list[Event] = []
        self.head = head
        self._actor = actor
        self._at = at
        self._key = key

    @property
    def next_seq(self) -> int:
        """The `seq` that the next event will have."""
        return self.head.count + 1

    def add(
        self,
        action: str,
        object: str,
        detail: Mapping[str, Any] | None,
        *,
        namespace: str = "default",
        run: str = "",
        before: str = "",
        after: str = "",
    ) -> None:
        """Append one event. `before` and `after` are digests of the entity."""
        event = Event(
            seq=self.next_seq, at=self._at, namespace=namespace, actor=self._actor, action=action, object=object,
            run=run, detail=_plain(detail), key="" if self.events else self._key,
            before_sha256=before, after_sha256=after, prev_hash=self.head.hash,
        )  # fmt: skip
        vars(event)["hash"] = event_hash(event)  # nobody has seen it yet, and a copy costs as much as the hash
        self.events.append(event)
        self.head = ChainHead(event.seq, event.hash)


def _plain(detail: Mapping[str, Any] | None) -> dict[str, Any]:
    """The detail as it will be read back."""
    if not detail or all(map(_is_plain, detail.values())):
        return dict(detail or {})
    text = canonical_json(dict(detail))
    unicode_bytes(text)
    plain: dict[str, Any] = json.loads(text)
    return plain


def _is_plain(value: object) -> bool:
    return value.isascii() if isinstance(value, str) else type(value) in (int, bool)
