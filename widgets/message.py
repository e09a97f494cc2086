"""The line above the footer as data: what was said last, else the sources with their ages. No Textual here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from widgets.amounts import source_age
from widgets.lines import Line, Tone, joined, width_of
from widgets.plain import visible
from widgets.sentences import brief

if TYPE_CHECKING:
    from factory.model.source import Source

_TROUBLE = ("down", "stale")
NO_REASONS: Mapping[str, str] = MappingProxyType({})
_TONES: dict[str, Tone] = {"live": "good", "stale": "warn", "down": "bad"}


def message_line(
    message: str, tone: Tone, sources: Mapping[str, Source], width: int, why: Mapping[str, str] = NO_REASONS
) -> Line:
    """The message if there is one, else the sources, the worst of them first.

    Args:
        why: What is wrong with a source and what helps, by its name; said instead while it is in trouble.
    """
    if message:
        return ((" ", ""), (brief(visible(message, 400), width - 2), tone))
    order = ("down", "stale", "unknown", "live", "idle")
    ranked = sorted(sources.items(), key=lambda item: order.index(item[1].state) if item[1].state in order else 0)
    said = [_source(name, source) for name, source in ranked]
    told = next((name for name, source in ranked if source.state in _TROUBLE and why.get(name)), "")
    if told:
        head: Line = ((" ", ""), *_source(told, sources[told]), ("  ", ""))
        return (*head, (brief(visible(why[told], 400), width - 1 - width_of(head)), _TONES[sources[told].state]))
    kept = len(said)
    while kept > 1 and width_of(_line(said, kept)) > width - 1:
        kept -= 1
    return _line(said, kept)


def _line(said: Sequence[Line], kept: int) -> Line:
    more: list[Line] = [((f"+{len(said) - kept} more", "dim"),)] if kept < len(said) else []
    return ((" ", ""), *joined([*said[:kept], *more], (" · ", "rule")))


def _source(name: str, source: Source) -> Line:
    aged = f"{source.state} {source_age(source.state, source.age_s)}"
    words = {"unknown": "not seen yet", "idle": "idle"}.get(source.state, aged)
    return ((f"{visible(name, 20)} ", "dim"), (words, _TONES.get(source.state, "dim")))
