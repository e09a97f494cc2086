"""Where the values on screen come from: each source with its state, its age and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from widgets.amounts import local_times, source_age
from widgets.frame import NAMES
from widgets.lines import Line, Tone, fit, fit_right, shorten_words, wrap
from widgets.marks import FAILED, PROVEN, STALLED, UNKNOWN, WAITING, Mark
from widgets.pane import Pane
from widgets.plain import visible

if TYPE_CHECKING:
    from factory.model.source import SourceLine

MARKS: dict[str, tuple[Mark, Tone]] = {
    "live": (PROVEN, "good"), "stale": (STALLED, "warn"), "down": (FAILED, "bad"), "idle": (WAITING, "dim"),
    "past": (WAITING, "dim"),
}  # fmt: skip
ORDER = ("down", "stale", "unknown", "live", "idle", "past")


def worst_first(sources: Sequence[SourceLine]) -> tuple[SourceLine, ...]:
    """The sources that are in trouble first; otherwise in the order they came."""
    return tuple(sorted(sources, key=lambda one: ORDER.index(one.source.state) if one.source.state in ORDER else 2))


def source_lines(sources: Sequence[SourceLine], now: str, width: int) -> tuple[Line, ...]:
    """One line a source: its state in a word, the age of its last answer, and what is wrong."""
    return tuple(_line(one, now, width) for one in worst_first(sources)) or ((("reading…", "dim"),),)


def full_source_lines(sources: Sequence[SourceLine], now: str, width: int) -> tuple[Line, ...]:
    """The same, with everything that is wrong on lines of its own."""
    lines: list[Line] = []
    for one in worst_first(sources):
        why = wrap(local_times(visible(one.sentence, 1000), now), max(10, width - 4)) if one.sentence else ()
        lines += [_line(replace(one, sentence=""), now, width), *((("    ", ""), (text, "")) for text in why)]
    return tuple(lines)


def _line(one: SourceLine, now: str, width: int) -> Line:
    mark, tone = MARKS.get(one.source.state, (UNKNOWN, "dim"))
    word = "–" if one.source.state == "unknown" else one.source.state.upper()
    aged = _aged(one)
    head = f"{fit(visible(one.name, 20), 10)} "
    why = local_times(visible(one.sentence, 300), now)
    return (
        (f"{mark} ", tone), (head, ""), (f"{fit(word, 5)} ", tone), (f"{fit_right(aged, 5)}  ", "dim"),
        (shorten_words(why, max(0, width - 26)), "dim"),
    )  # fmt: skip


def _aged(one: SourceLine) -> str:
    source = one.source
    return source_age(source.state, source.age_s) if source.state == "live" or source.age_s else ""


class Sources(Pane):
    """Draws the sources."""

    TITLE, NUMBER = NAMES["sources"]

    def show_sources(self, sources: Sequence[SourceLine], now: str) -> None:
        """Draw the sources as old as they are now; what looks the same costs nothing."""
        looks = [(one.name, one.source.state, _aged(one), one.sentence) for one in sources]
        self.show(lambda width: source_lines(sources, now, width), looks)
