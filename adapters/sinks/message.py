"""An outbox item as a sink gets it."""

import json

from factory.errors import Refused
from factory.model.audit import canonical_json
from factory.model.outbox import OutboxItem


def message(item: OutboxItem) -> bytes:
    """`{"id", "key", "op", "payload", "run"}` in UTF-8; the same item always gives the same bytes.

    `key` names the content: a sink that has seen it has the item already.

    Raises:
        Refused: `malformed`, the payload is no JSON object.
    """
    try:
        payload = json.loads(item.payload)
    except ValueError:
        payload = None
    if not isinstance(payload, dict):
        raise Refused(f"Outbox item {item.id} holds no JSON object.", code="malformed")
    said = {"id": item.id, "op": item.op, "key": item.dedupe_key, "run": item.run, "payload": payload}
    return canonical_json(said).encode("utf-8", "backslashreplace")
