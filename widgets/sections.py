"""A goal as one long text: its parts below each other, each under a heading."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from factory.model.status import Status
from factory.model.view import RunRow, RunView
from widgets.asked import asked_so_far
from widgets.blockers import blocker_lines
from widgets.cost import cost_lines
from widgets.evidence import evidence_lines
from widgets.lines import Line, wrap
from widgets.plain import visible, visible_lines
from widgets.steps import step_lines
from widgets.summary import summary_lines
from widgets.thread import thread_lines


@dataclass(frozen=True)
class Goal:
    """What a page draws from."""

    row: RunRow | None
    view: RunView | None
    status: Status | None
    output: str = ""
    """End of the newest attempt's output."""


Section = Callable[[Goal, int], tuple[Line, ...]]


def section_lines(parts: Sequence[str], goal: Goal, width: int) -> tuple[Line, ...]:
    """The parts in this order; a heading stands above each when there are several."""
    lines: list[Line] = []
    for part in parts:
        title, draw = SECTIONS[part]
        if len(parts) > 1:
            lines.append((("── ", "rule"), (title, "strong"), (" " + "─" * max(0, width - len(title) - 4), "rule")))
        lines.extend(draw(goal, width))
        lines.append(())
    return tuple(lines[:-1])


def _summary(goal: Goal, width: int) -> tuple[Line, ...]:
    lines = summary_lines(goal.status, goal.view, goal.row, width)
    return (*lines, *_next_command(goal, width), *_paths(goal, width))


def _next_command(goal: Goal, width: int) -> tuple[Line, ...]:
    command = goal.status.next_action.command if goal.status else ""
    return ((("          ", ""), (visible(command, 200), "dim")),) if command else ()


def _paths(goal: Goal, width: int) -> tuple[Line, ...]:
    """What the narrow fields cut: repository, commits, the fetch command, the whole goal."""
    if goal.view is None or goal.status is None:
        return ()
    run, result = goal.view.run, goal.status.result
    facts = (
        ("coder", run.coder.name),
        ("verifier", run.verifier.name),
        ("repo", run.repo),
        ("base", run.base_commit),
        ("result", run.result_commit),
        ("fetch", result.fetch),
        ("asked you", asked_so_far(goal.view) if goal.view.permissions else ""),
    )
    lines = [line for name, value in facts if value for line in _fact(name, visible(value, 600), width)]
    for number, part in enumerate(visible_lines(run.goal, 40)):
        lines.extend(_fact("" if number else "goal", part, width))
    return tuple(lines)


def _fact(name: str, value: str, width: int) -> Iterator[Line]:
    for number, part in enumerate(wrap(value, width - 10)):
        yield ((f"{'' if number else name:<10}", "dim"), (part, ""))


def _steps(goal: Goal, width: int) -> tuple[Line, ...]:
    return step_lines(goal.status, goal.view, width) if goal.status and goal.view else ()


def _thread(goal: Goal, width: int) -> tuple[Line, ...]:
    return thread_lines(goal.view, width) if goal.view else ()


def _evidence(goal: Goal, width: int) -> tuple[Line, ...]:
    return evidence_lines(goal.status, goal.view, width) if goal.status and goal.view else ()


def _cost(goal: Goal, width: int) -> tuple[Line, ...]:
    return cost_lines(goal.status, goal.view, width) if goal.status and goal.view else ()


def _blockers(goal: Goal, width: int) -> tuple[Line, ...]:
    return blocker_lines(goal.view, width) if goal.view else ()


def _output(goal: Goal, width: int) -> tuple[Line, ...]:
    if not goal.output:
        return ((("no output captured yet", "dim"),),)
    shown = visible_lines(goal.output, 4000, 2000)
    return tuple(((piece, ""),) for line in shown for piece in (wrap(line, width, 20) or ("",)))


SECTIONS: dict[str, tuple[str, Section]] = {
    "summary": ("Goal", _summary), "steps": ("Steps", _steps), "thread": ("Thread", _thread),
    "evidence": ("Evidence", _evidence), "cost": ("Cost", _cost), "blockers": ("Blockers", _blockers),
    "output": ("Output", _output),
}  # fmt: skip
