"""What the newest agent of a goal wrote last: the end of its output, as captured."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from widgets.amounts import time_of_day
from widgets.frame import NAMES
from widgets.lines import Line, Tone, shorten
from widgets.names import agent_name
from widgets.pane import Pane
from widgets.viewers.wrapping import readable

if TYPE_CHECKING:
    from factory.model.agent_event import AgentEvent
    from factory.model.step import Attempt

    Output = str | tuple[AgentEvent, ...]
    """The end of what was written, or of a driven agent its last events, oldest first."""

_GAPS = re.compile(" {3,}")
_PROBLEMS = ("error", "fail", "traceback", "exception")


def output_lines(text: str, width: int, height: int) -> tuple[Line, ...]:
    """The last rows that fit, oldest first; what looks like a prompt or a failure stands out."""
    if not text.strip():
        return ((("nothing written yet", "dim"),),)
    return tuple(((_row(line, width), _tone(line)),) for line in text.rstrip("\n").split("\n")[-height:])


def output_title(attempt: Attempt | None) -> str:
    """Whose output it is: `coder scripted:coder.json, try 2`."""
    return f"{attempt.role} {agent_name(attempt.agent)}, try {attempt.n}" if attempt else ""


def output_note(attempt: Attempt | None, is_frozen: bool) -> str:
    """Whether it grows, for the border."""
    if attempt is None:
        return ""
    if attempt.ended_at:
        return f"{attempt.state.replace('_', ' ')} {time_of_day(attempt.ended_at, False)} · o all"
    return "frozen · f follows" if is_frozen else "following · o all"


def _row(line: str, width: int) -> str:
    """A line that is too long loses its wide gaps first, then its end; its page has all of it."""
    whole = readable(line.rstrip("\r"), 1000)
    return shorten(whole if len(whole) <= width else _GAPS.sub("  ", whole), width)


def _tone(line: str) -> Tone:
    if line.startswith(("$ ", "> ", "+ ")):
        return "accent"
    small = line[:400].casefold()
    return "bad" if any(word in small for word in _PROBLEMS) else ""


class OutputPane(Pane):
    """Draws the end of an output. All of it is on its page."""

    TITLE, NUMBER = NAMES["output"]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._output: Output = ""

    def show_output(self, attempt: Attempt | None, output: Output, is_frozen: bool = False) -> None:
        """Draw the end of this; the same at the same size costs nothing."""
        self._output = output
        named = output_title(attempt)
        self.set_title(f"{self.TITLE} · {named}" if named else self.TITLE, output_note(attempt, is_frozen))
        self.show(self._lines, output, attempt)

    def _lines(self, width: int) -> tuple[Line, ...]:
        height = max(1, self.scrollable_content_region.height)
        if isinstance(self._output, str):
            return output_lines(self._output, width, height)
        from widgets.viewers.agent_rows import last_rows  # for goals with a driven agent only

        return tuple(last_rows(self._output, width, height))
