"""The line above the footer: the last thing that was said, else the sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from widgets.amounts import source_age
from widgets.bar import Bar
from widgets.lines import width_of
from widgets.message import NO_REASONS, message_line
from widgets.replay import replay_line

if TYPE_CHECKING:
    from factory.model.source import Source
    from widgets.lines import Line, Tone
    from widgets.replay import Strip


class MessageLine(Bar):
    """Draws the last message, or the sources."""

    def show_message(
        self,
        message: str,
        tone: Tone,
        sources: Mapping[str, Source],
        why: Mapping[str, str] = NO_REASONS,
        is_recorded: bool = False,
        strip: Strip | None = None,
    ) -> None:
        """Draw something else; the same looks cost nothing.

        Args:
            is_recorded: Draw the mark of a recording, on a page without a header.
            strip: In a replay, what stands in the place of the sources.
        """
        mark: Line = (("REC", "bad"), (" ", "")) if is_recorded else ()

        def draw(width: int) -> tuple[Line, ...]:
            room = width - width_of(mark)
            said = replay_line(strip, message, tone, room) if strip else message_line(message, tone, sources, room, why)
            return ((*mark, *said),)

        looks = {name: (one.state, source_age(one.state, one.age_s)) for name, one in sources.items()}
        self.show(draw, message, tone, looks, why, mark, strip)
