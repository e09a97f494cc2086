"""Events in words for people: `step build running`, `evidence verify-1-A2.junit.xml failed`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from widgets.amounts import BASES, money
from widgets.names import agent_name
from widgets.plain import visible

if TYPE_CHECKING:
    from factory.model.audit import Event

_DONE = {
    "accept": "accepted", "add": "added", "allow": "allowed", "ask": "asked", "deny": "refused",
    "approve": "approved", "await_qa": "waits for review", "begin": "running",
    "block": "blocked", "build": "being built", "cancel": "cancelled", "capture": "captured", "claim": "on its way",
    "close": "closed", "confirm": "delivered", "create": "created", "decide": "decided", "deliver": "delivered",
    "enqueue": "queued", "exhaust": "used up", "expire": "expired", "fail": "failed", "finish": "done",
    "freeze": "frozen", "inconclusive": "inconclusive", "kill": "given up", "land": "landed", "lease": "leased",
    "lose": "lost", "open": "opened", "outage": "waits for an outage to end", "pass": "passed", "pause": "paused",
    "prewire": "prewired", "progress": "goes on", "queue": "queued", "ready": "ready", "record": "recorded",
    "refuse": "refused", "reject": "rejected", "release": "ready", "reopen": "opened again", "request": "requested",
    "request_changes": "needs changes", "requeue": "queued again", "reserve": "reserved", "resolve": "resolved",
    "resume": "resumed", "retry": "tried again", "rework": "goes back to the coder", "seen": "seen", "send": "sent",
    "settle": "settled", "skip": "skipped", "split": "split", "stall": "stalled?", "start": "started",
    "stop_for_budget": "stopped for its budget", "succeed": "succeeded", "supersede": "superseded",
    "time_out": "timed out", "unblock": "goes on", "wait": "waits", "warn": "near its cap",
}  # fmt: skip
_NAMING = ("title", "kind", "role", "target", "port", "code", "ref")
"""The part of a detail that names what the event is about; the first one there is."""
_UNSAID = frozenset({"sha256", "artefacts"})


def event_words(event: Event) -> str:
    """What happened to what, in a few words."""
    subject, _, verb = event.action.partition(".")
    detail = event.detail
    name = _name_in(detail)
    named = _text(detail.get(name, "")).replace("_", " ") if name == "code" else _text(detail.get(name, ""))
    number = f" {detail['n']}" if detail.get("n") else ""
    done = _text(detail.get("outcome", "")) or _DONE.get(verb, verb.replace("_", " "))
    gap = "  " if "title" in detail else " "
    return visible(f"{subject}{gap if named else ''}{named}{number} {done}", 100)


def rest_words(detail: Mapping[str, Any], limit: int = 160) -> str:
    """What else the detail says, as `name value, name value`; nothing that is empty, and no digests."""
    said = {"outcome", "n", _name_in(detail)} | _UNSAID
    left = [(key, value) for key, value in detail.items() if key not in said and value not in ("", None, [], ())]
    return visible(", ".join(f"{_key(key)}{_value(key, value)}" for key, value in left), limit)


def _name_in(detail: Mapping[str, Any]) -> str:
    return next((key for key in _NAMING if detail.get(key)), "")


def _key(key: str) -> str:
    """The name of a value; an amount and how well it is known say what they are by themselves."""
    return "" if key in {"micros", "basis"} else f"{visible(key.removesuffix('_s').replace('_', ' '), 30)} "


def _value(key: str, value: Any) -> str:
    if key == "micros" and isinstance(value, int):
        return money(value)
    if key == "basis":
        return BASES.get(str(value), _text(value))
    if key.endswith("_s"):
        return f"{_text(value)} s"
    if key == "commit":
        return _text(value)[:7]
    return agent_name(str(value)) if key in {"agent", "to"} else _text(value)


def _text(value: Any) -> str:
    return visible(str(value), 60)
