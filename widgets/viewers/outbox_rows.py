"""What is on its way to other systems: each write with its age, its tries, what went wrong last and where it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from widgets.amounts import age_at, seconds_between
from widgets.lines import Line, Tone, fit, fit_right, shorten, wrap
from widgets.marks import FAILED, PROVEN, WAITING, WORKING, Mark
from widgets.plain import visible

if TYPE_CHECKING:
    from factory.model.outbox import OutboxItem

LOOKS: dict[str, tuple[Mark, Tone, str]] = {
    "dead": (FAILED, "bad", "given up"), "queued": (WAITING, "", "waiting"),
    "in_flight": (WORKING, "accent", "sending"), "accepted": (WORKING, "accent", "accepted"),
    "delivered": (PROVEN, "good", "delivered"),
}  # fmt: skip
"""Worst first; `accepted` is taken and has not arrived yet."""
ORDER = tuple(LOOKS)


def outbox_rows(items: Sequence[OutboxItem], now: str, width: int) -> tuple[Line, ...]:
    """A head, then one or two lines an item: those that were given up first, then those that wait longest."""
    if not items:
        return ((("Outbox ", "strong"), ("nothing waits for another system", "dim")),)
    counted: Counter[str] = Counter(item.state for item in items)
    said = " · ".join(f"{counted[state]:,} {LOOKS[state][2]}" for state in ORDER if counted[state])
    lines: list[Line] = [(("Outbox ", "strong"), (said, "dim"))]
    for item in sorted(items, key=lambda one: (ORDER.index(one.state), one.created_at)):
        lines += _item(item, now, width)
    return tuple(lines)


def _item(item: OutboxItem, now: str, width: int) -> list[Line]:
    mark, tone, word = LOOKS[item.state]
    head: Line = (
        (f"{mark} ", tone), (fit(visible(item.target, 40), 12) + " ", ""), (fit(visible(item.op, 20), 9) + " ", "dim"),
        (fit(word, 10), tone), (fit_right(age_at(item.created_at, now), 4), "dim"), (f"  …{item.run[-4:]} ", "accent"),
    )  # fmt: skip
    taken = sum(len(text) for text, _ in head)
    about = visible(item.remote_ref or item.order_key, 400)
    first: Line = (*head, (shorten(f"{_tries(item, now)}{about}", max(0, width - taken)), "dim"))
    key = ((f"  Q requeues it: {item.id}", "warn"),) if item.state == "dead" else ()
    error = wrap(visible(item.last_error, 1000), max(10, width - 4)) if item.last_error else ()
    return [first, *((("    ", ""), (text, "")) for text in error), *((key,) if key else ())]


def _tries(item: OutboxItem, now: str) -> str:
    if item.state == "delivered" or not item.tries:
        return ""
    times = "1 try" if item.tries == 1 else f"{item.tries} tries"
    wait = seconds_between(now, item.next_at)
    soon = f", next in {int(wait)}s" if item.state == "queued" and wait is not None and wait > 0 else ""
    return f"{times}{soon} "
