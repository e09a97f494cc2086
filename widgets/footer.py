"""The last line: the keys that do something now, the next action's first."""

from collections.abc import Sequence
from typing import NamedTuple

from widgets.bar import Bar
from widgets.lines import Line, Span, joined, width_of

WIDE = 120
MOST_KEYS = 8
MOST_KEYS_WIDE = 14
"""More keys than these nobody reads; the help has them all."""


class Hint(NamedTuple):
    """A key and what it does."""

    key: str
    label: str
    is_next: bool = False
    """The next action of the selected goal: shown first and bright."""


def footer_line(hints: Sequence[Hint], width: int, last: Sequence[Hint] = ()) -> Line:
    """As many hints as fit whole; those of `last` always have their place at the right end."""
    end = joined(_spans(hint) for hint in last)
    room = width - 2 - width_of(end)
    kept: list[Span] = []
    most = (MOST_KEYS if width < WIDE else MOST_KEYS_WIDE) - len(last)
    for hint in sorted(hints, key=lambda hint: not hint.is_next)[:most]:
        spans = (*_spans(hint), ("  ", "") if width < WIDE else ("   ", ""))
        if width_of((*kept, *spans)) > room:
            break
        kept.extend(spans)
    gap = max(0, room - width_of(tuple(kept)))
    return ((" ", ""), *kept, (" " * gap, ""), *end, (" ", ""))


def _spans(hint: Hint) -> Line:
    return ((hint.key, "warn" if hint.is_next else "accent"), (f" {hint.label}", "strong" if hint.is_next else ""))


class Footer(Bar):
    """Draws the keys."""

    DEFAULT_CSS = "Footer { background: $panel; }"

    def show_hints(self, hints: Sequence[Hint], last: Sequence[Hint] = ()) -> None:
        """Draw other keys."""
        self.show(lambda width: (footer_line(hints, width, last),), hints, last)
