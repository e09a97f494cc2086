"""The append-only, hash-chained record of every state change, and the commands that clients leave for the worker."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from json import encoder
from typing import Any, Literal

from factory.model.identity import Entity

GENESIS = "0" * 64
"""`prev_hash` of the first event."""


@dataclass(frozen=True)
class Event:
    """One state change. `hash = sha256(prev_hash + canonical_json(everything but the two hashes))`."""

    seq: int
    """1 for the first; the cursor of every reader."""
    at: str
    namespace: str
    actor: str
    action: str
    """`run.start`, `step.begin`, …"""
    object: str
    """Id of what changed."""
    run: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    """`run:step:loop` of the workflow step that wrote it; empty for others."""
    before_sha256: str = ""
    after_sha256: str = ""
    prev_hash: str = GENESIS
    hash: str = ""


@dataclass(frozen=True)
class ChainHead:
    """How long the chain is and where it ends; a cut tail shows against an older one."""

    count: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, kw_only=True)
class Command(Entity):
    """A wish that a client leaves in the ledger for the worker."""

    run: str
    verb: Literal["start", "wake", "stop_agents"]
    """`start`: hand the run to the engine; `wake`: let its workflow look again; `stop_agents`: end what runs."""
    reason: str = ""
    """For `stop_agents`: why, as `end_reason` will say it (`operator_retry`, `cancelled`, `paused`, …)."""
    step: str = ""
    """For `stop_agents`: only this step's agent; empty = all of the run."""
    actor: str = ""
    applied_at: str = ""
    error: str = ""


def canonical_json(value: object) -> str:
    """The one way we write JSON that is hashed: sorted keys, no spaces, UTF-8."""
    return "".join(_CANONICAL(value, 0))


def _encoder() -> Callable[[object, int], Iterable[str]]:
    """What `json.JSONEncoder` makes anew for every value, which for our small ones is most of its time."""
    words = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    make: Any = getattr(encoder, "c_make_encoder", None)
    if make is None:  # an interpreter without the C part of json
        return lambda value, _: words.iterencode(value)
    fast: Callable[[object, int], Iterable[str]] = make(
        None, words.default, encoder.encode_basestring, None, ":", ",", True, False, False
    )
    return fast


_CANONICAL = _encoder()


def event_hash(event: Event) -> str:
    """The hash that the event must carry."""
    body = {
        "seq": event.seq, "at": event.at, "namespace": event.namespace, "actor": event.actor, "action": event.action,
        "object": event.object, "run": event.run, "detail": dict(event.detail), "key": event.key,
        "before": event.before_sha256, "after": event.after_sha256,
    }  # fmt: skip
    return sha256((event.prev_hash + canonical_json(body)).encode()).hexdigest()
