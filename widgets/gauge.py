"""What a driven agent has used so far, and how full its context is, in a few cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgets.lines import Line, Tone, joined

if TYPE_CHECKING:
    from factory.model.step import Gauge, Tokens

FULL_PERCENT = 80
"""From this share of its context on an agent soon forgets, or sums up."""


def tokens_words(tokens: Tokens) -> str:
    """`12.4k in, 2.1k out`; what was cached is a part of what went in. Empty when nothing was used."""
    given = tokens.input + tokens.cache_read + tokens.cache_write
    return f"{short_count(given)} in, {short_count(tokens.output)} out" if given or tokens.output else ""


def context_span(gauge: Gauge) -> Line:
    """`context 31% of 200k`, with `≈` where the size is the model's by the list and not by the agent's own word.

    Without a known size only what is in it; nothing where not even that is known.
    """
    if not gauge.context_used:
        return ()
    if not gauge.context_size:
        return ((f"context {short_count(gauge.context_used)}", ""),)
    share = 100 * gauge.context_used // gauge.context_size
    about = "≈" if gauge.is_listed_size else ""
    tone: Tone = "warn" if share >= FULL_PERCENT else ""
    return ((f"context {about}{share}% of {short_count(gauge.context_size)}", tone),)


def gauge_line(gauge: Gauge) -> Line:
    """Both beside each other; nothing before the first model call."""
    words = tokens_words(gauge.tokens)
    used: Line = ((words, ""),) if words else ()
    return joined([part for part in (used, context_span(gauge)) if part], (" · ", "dim"))


def short_count(number: int) -> str:
    """A count in at most five cells: `950`, `12.4k`, `200k`, `1.2M`."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if number >= size:
            return f"{number / size:.1f}{unit}".replace(".0", "") if number < 100 * size else f"{number // size}{unit}"
    return str(number)
