"""The peek: next action, open blockers, the last thing that was said, and the last lines of output."""

from factory.model.status import Status
from factory.model.view import RunView
from widgets.lines import Line, Tone, wrap
from widgets.names import agent_name
from widgets.plain import visible, visible_lines

MOST_BLOCKERS = 3
FEWEST_OUTPUT = 3


def peek_lines(status: Status | None, view: RunView | None, output: str, width: int, height: int) -> tuple[Line, ...]:
    """What fits a small box; the output gets the lines that are left, its end counts."""
    if status is None or view is None:
        return ((("reading…", "dim"),),)
    action = status.next_action
    lines = [*_said("NEXT", f"{action.key + '  ' if action.key else ''}{action.label}", "strong", width)]
    for blocker in status.blockers[:MOST_BLOCKERS]:
        lines += _said("blocker", blocker.message, "warn" if blocker.severity == "warn" else "bad", width)
    if len(status.blockers) > MOST_BLOCKERS:
        lines.append(((f"          {len(status.blockers) - MOST_BLOCKERS} more blockers", "dim"),))
    if view.messages:
        last = view.messages[-1]
        lines += _said("said", f"{agent_name(last.sender)}: {last.body}", "", width)
    room = max(FEWEST_OUTPUT, height - len(lines) - 1)
    return (*lines, (("output", "dim"),), *_output(output, width, room))


def _said(name: str, text: str, tone: Tone, width: int) -> list[Line]:
    parts = wrap(visible(text, 400), max(1, width - 10), 3)
    return [((f"{'' if n else name:<10}", "dim"), (part, tone)) for n, part in enumerate(parts)]


def _output(output: str, width: int, room: int) -> tuple[Line, ...]:
    end = output.rstrip("\n").split("\n")[-room:]
    text = visible_lines("\n".join(end), room, max(1, width))
    return tuple(((line, ""),) for line in text) if output.strip() else ((("nothing captured yet", "dim"),),)
