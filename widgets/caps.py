"""Caps as they stand: a bar with words for a pane, and a table with every sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from widgets.amounts import NOTHING, cap, money
from widgets.lines import Line, Tone, bar, fit, fit_right

if TYPE_CHECKING:
    from factory.model.cost_card import CapLine

LABELS = {"thread": "peer cap", "run": "run cap", "day": "day cap", "namespace": "all runs"}
_COLUMNS = (("CAP", 8), ("SPENT", 8), ("MEASURED", 9), ("≈", 8), ("?", 3), ("IN FLIGHT", 10), ("LEFT", 8), ("OVER", 8))
_LABEL, _BAR, _SHORTEST_BAR = 10, 20, 4
_NARROW = _LABEL + sum(cells for _, cells in _COLUMNS)


def cap_line(line: CapLine, width: int) -> Line:
    """One cap: a bar, its share, and in words as much as there is room for."""
    used = line.spent + line.in_flight + line.held
    share = f" {100 * used // line.cap if line.cap else 0:>3}%  "
    left = width - _LABEL - len(share)
    words = f"{money(line.spent)} of {cap(line.cap)}"
    for more in _words(line):
        if len(words) + len(more) <= left - _SHORTEST_BAR:
            words += more
    room = max(_SHORTEST_BAR, min(_BAR, left - len(words)))
    label = fit(LABELS.get(line.scope, line.scope), _LABEL)
    return ((label, "dim"), *bar(used, line.cap, room, _tone(line)), (share, ""), (words, ""))


def cap_table(lines: Sequence[CapLine], width: int) -> tuple[Line, ...]:
    """Every cap with every sum, under the names of the columns; what is kept and not known has a line of its own."""
    if not lines:
        return ()
    wider = min(4, max(0, (width - _NARROW) // len(_COLUMNS)))
    heads = "".join(fit_right(name, cells + wider) for name, cells in _COLUMNS)
    found: list[Line] = [((fit("SCOPE", _LABEL) + heads, "dim"),)]
    for line in lines:
        found.append(_row(line, wider))
        found.extend(_notes(line))
    return tuple(found)


def _words(line: CapLine) -> Iterator[str]:
    """The most telling ones first."""
    if line.over:
        yield f", {money(line.over)} over"
    if line.in_flight:
        yield f" +{money(line.in_flight)} in flight"
    if line.held:
        yield f" +{money(line.held)} kept"
    if line.unpriced:
        yield " +?"
    yield f", {money(line.left)} left"


def _row(line: CapLine, wider: int) -> Line:
    parts = [NOTHING if part is None else money(part) for part in (line.measured, line.estimated)]
    unpriced = NOTHING if line.unpriced is None else str(line.unpriced)
    amounts = (cap(line.cap), money(line.spent), *parts, unpriced, money(line.in_flight), money(line.left))
    cells = [fit_right(text, size + wider) for text, (_, size) in zip(amounts, _COLUMNS, strict=False)]
    over = fit_right(money(line.over) if line.over else NOTHING, _COLUMNS[-1][1] + wider)
    return (
        (fit(LABELS.get(line.scope, line.scope), _LABEL), _tone(line)),
        ("".join(cells), ""),
        (over, "bad" if line.over else "dim"),
    )


def _notes(line: CapLine) -> Iterator[Line]:
    if line.held:
        kept = f"{money(line.held)} is kept for ended agents that named no price."
        yield ((" " * _LABEL, ""), (kept, "warn"))


def _tone(line: CapLine) -> Tone:
    return "bad" if line.state == "exhausted" else "warn" if line.state == "warned" else "accent"
