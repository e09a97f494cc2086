"""The audit trail: one row for each event, and whether the chain that they hang on is whole."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from factory.model.audit import Event
from widgets.amounts import time_of_day
from widgets.lines import Line, Tone, fit, fit_right
from widgets.plain import visible
from widgets.viewers.wrapping import folded_line

_PROBLEMS = {
    "gap": "an event is missing", "prev_mismatch": "it does not hang on the one before", "hash_mismatch":
    "it was changed after it was written", "head_mismatch": "the end of the chain is not where it was",
}  # fmt: skip


@dataclass(frozen=True)
class ChainCheck:
    """What came of checking the whole chain of this ledger, all runs together."""

    count: int = 0
    """Events that were checked."""
    at: str = ""
    """When; UTC."""
    broken_at: int = 0
    code: str = ""
    """Why it is broken; empty while it is whole."""
    failed: str = ""
    """Why it could not be checked."""


def chain_line(check: ChainCheck | None, newest: int) -> Line:
    """Whether the chain verifies, and up to where."""
    if check is None:
        return (("? ", "dim"), ("the chain is being checked", "dim"))
    if check.failed:
        return (("? ", "warn"), (f"the chain could not be checked: {visible(check.failed, 200)}", "warn"))
    if check.code:
        why = _PROBLEMS.get(check.code, check.code)
        return (("✕ ", "bad"), (f"the chain is broken at event {check.broken_at}: {why}", "bad"))
    later = newest - check.count
    newer = f"; {later} newer, not checked yet" if later > 0 else ""
    hour = time_of_day(check.at)
    return (("✓ ", "good"), (f"the chain verifies: {check.count:,} events of all runs, at {hour}{newer}", "good"))


def audit_rows(events: Sequence[Event], width: int) -> tuple[Line, ...]:
    """One row for each event, oldest first: seq, time, who, what, its object, hash, and its detail as it was stored."""
    wide = width >= 120
    who, what, object_ = (20, 26, 34) if wide else (12, 20, 8)
    heads = [fit_right("SEQ", 6), fit("AT", 8), fit("WHO", who), fit("ACTION", what), fit("OBJECT", object_)]
    lines: list[Line] = [((" ".join([*heads, fit("HASH", 8), "DETAIL"]), "dim"),)]
    for event in events:
        lines.extend(_event(event, who, what, object_, width))
    return tuple(lines)


def _event(event: Event, who: int, what: int, object_: int, width: int) -> list[Line]:
    actor = event.actor if who > 12 else event.actor.removeprefix("operator:")
    name = event.object if object_ > 8 else event.object[-8:]
    head: Line = (
        (fit_right(str(event.seq), 6), "dim"), (f" {time_of_day(event.at)} ", "dim"),
        (fit(visible(actor, 60), who) + " ", ""), (fit(visible(event.action, 60), what) + " ", _tone(event.action)),
        (fit(visible(name, 60), object_) + " ", "dim"), (visible(event.hash, 64)[:8], "accent"),
    )  # fmt: skip
    detail = visible(json.dumps(dict(event.detail), ensure_ascii=False, default=str), 2000) if event.detail else ""
    taken = sum(len(text) for text, _ in head)
    if not detail or len(detail) < width - taken - 1:
        return [(*head, (f" {detail}", "dim"))]
    return [head, *((("       ", ""), *row) for row in folded_line(((detail, "dim"),), width - 7))]


def _tone(action: str) -> Tone:
    if any(word in action for word in ("fail", "stall", "block", "refuse", "lose", "exhaust", "reject", "cancel")):
        return "warn"
    return "good" if any(word in action for word in ("pass", "approve", "finish", "resolve", "deliver")) else ""
