"""What the worker last saw of a port, with one alert when an outage begins and one notice when it ends."""

from dataclasses import replace

from factory.errors import Missing, SourceError
from factory.model.outbox import PortHealth, PortState
from factory.ports.ledger import Transaction
from factory.rules.backoff import seconds_between

SEEN_EVERY_S = 30.0
"""A port that stays up is written down no more often than this."""


def saw_up(tx: Transaction, port: str, now: str, latency_ms: int = 0, release: str = "", heals: bool = False) -> bool:
    """Note that a port answered, as this version; True when this ended an outage (event `port.recovered`).

    Args:
        heals: It is no longer degraded. Only who said so can tell: a write that arrives says nothing about it.
    """
    known = health(tx, port)
    fresh = replace(known, state="up", seen_at=now, latency_ms=latency_ms, detail="", outage_since="")
    fresh = replace(fresh, release=release or known.release)
    if known.outage_since:
        tx.put(fresh, "port.recovered", {"port": port, "since": known.outage_since})
        return True
    if known.state == "degraded" and not heals:
        fresh = replace(fresh, state="degraded", detail=known.detail)
    if known.state != fresh.state or seconds_between(known.seen_at, now) >= SEEN_EVERY_S:
        tx.put(fresh, "port.seen", {"port": port, "state": fresh.state})
    return False


def saw_degraded(tx: Transaction, port: str, now: str, detail: str) -> None:
    """Note that a port answers, but not as it should. That is no outage; one that is announced goes on."""
    known = health(tx, port)
    is_news = (known.state, known.detail) != ("degraded", detail) or seconds_between(known.seen_at, now) >= SEEN_EVERY_S
    if is_news and not known.outage_since:
        fresh = replace(known, state="degraded", seen_at=now, detail=detail)
        tx.put(fresh, "port.seen", {"port": port, "state": "degraded"})


def saw_down(tx: Transaction, port: str, now: str, error: SourceError) -> bool:
    """Note that a port did not answer; True when an outage began (event `port.outage`, the one alert)."""
    known = health(tx, port)
    states: dict[str, PortState] = {"timeout": "timeout", "degraded": "degraded"}
    state = states.get(error.code, "down")
    since = known.outage_since or now
    fresh = replace(known, state=state, seen_at=now, detail=error.message, outage_since=since)
    action = "port.seen" if known.outage_since else "port.outage"
    tx.put(fresh, action, {"port": port, "state": state, "error": error.message})
    return not known.outage_since


def health(tx: Transaction, port: str) -> PortHealth:
    """What is known of a port; `unknown` before anybody looked."""
    try:
        return tx.get(PortHealth, port)
    except Missing:
        return PortHealth(id=port)
