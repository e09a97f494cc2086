"""One goal on one line, in columns that follow the width. No Textual here, for the first picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from widgets.amounts import NOTHING, age, cap, coarse_age, money, seconds_between
from widgets.lines import Line, Tone, bar, fit, fit_right, shorten
from widgets.marks import TONES, WORKING, run_mark
from widgets.names import short_agent
from widgets.plain import visible

if TYPE_CHECKING:
    from factory.model.view import RunRow

NO_GOALS: Line = (("No goals yet. Press ", "dim"), ("n", "accent"), (" to launch one.", "dim"))
NOT_READ: Line = (("The ledger has not been read yet.", "dim"),)
"""In place of the goals while nobody knows whether there are any."""
AHEAD_S = 5.0
"""What happened so far in the future has no age."""
MARK, TAG = 2, 5
"""Cells of the mark and of the short name of a goal, with the gap after each."""
_AIRY = 100
"""From this width on columns stand two cells apart."""
_NAMES_CAP = 10
"""A column from so many cells on says in its name that the cap stands there."""
_AGENTS = frozenset({"build", "verify"})
"""Steps in which an agent speaks; in the others the factory runs commands."""
_OVER = frozenset({"done", "cancelled", "failed"})
_WORDS = {"awaiting_qa": "QA gate", "closing": "closing", "done": "done", "cancelled": "cancelled", "failed": "failed",
          "paused": "paused", "ready": "ready", "draft": "draft"}  # fmt: skip
_PEER = {"prewired": "prewired", "requested": "asked", "awaiting": "check", "passed": "pass",
         "changes_requested": "rework", "inconclusive": "unclear", "timed_out": "timed out",
         "budget_exhausted": "no budget", "refused": "refused", "not_required": "no peer",
         "closed": "closed"}  # fmt: skip


class Patience(NamedTuple):
    """Silence of a working run that turns amber, in seconds; at twice it, red. By who works."""

    agent_s: float = 120.0
    factory_s: float = 600.0
    """A command of the factory says nothing before it has ended."""


class At(NamedTuple):
    """A moment, and how long one waits in silence."""

    now: str
    patience: Patience


USUAL = Patience()


def tag(run: str) -> str:
    """The short name of a run on screen: the last four characters of its id, the ones that differ."""
    return run[-4:]


def goal_line(row: RunRow, now: str, width: int, patience: Patience = USUAL) -> Line:
    """One goal in `width` cells; a narrower list leaves out columns."""
    mark = run_mark(row.state, row.needs_person, row.step_state, row.is_queued)
    columns, gap, room = _columns(width)
    goal = fit(visible(row.goal, 200), room)
    spans: list[tuple[str, Tone]] = [
        (f"{mark} ", TONES[mark]), (f"{tag(row.id)} ", "dim"), (goal, "dim" if row.state in _OVER else ""),
    ]  # fmt: skip
    for column in columns:
        spans.append((" " * gap, ""))
        spans.extend(column.draw(row, At(now, patience), column.cells))
    return tuple(spans)


def goal_heads(width: int) -> tuple[tuple[int, str], ...]:
    """What the columns are called, each with the cell that it begins in; for the frame above the list."""
    columns, gap, room = _columns(width)
    found: list[tuple[int, str]] = []
    at = MARK + TAG + room
    for column in columns:
        at += gap
        found.append((at + column.cells - len(column.head) if column.is_right else at, column.head))
        at += column.cells
    return tuple(found)


def of_cap(row: RunRow, cells: int) -> str:
    """Spent, what is held in flight, and the cap, in so many cells; the first that has no room is what is in flight."""
    spent = money(row.spent_micros, "unpriced" if row.unpriced else "reported")
    held = f"+{money(row.in_flight_micros)}" if row.in_flight_micros and cells > 10 else ""
    limit = cap(row.cap_micros)
    tight = f"{spent}/{limit.removeprefix('$')}" if cells >= _NAMES_CAP else spent
    ways = (f"{spent}{held}/{limit}", f"{spent}/{limit}", tight)
    return next((way for way in ways if len(way) <= cells), spent)


def silence(row: RunRow, now: str, patience: Patience = USUAL) -> tuple[str, Tone]:
    """Time since the last event, amber and then red when a working run says nothing for longer than its step may."""
    seconds = seconds_between(row.last_sign_at, now)
    if seconds is None:
        return (fit_right(NOTHING, 4), "dim")
    if seconds < -AHEAD_S:
        return (fit_right("?", 4), "warn")  # a clock was set back: no age is better than a wrong one
    works = row.state in {"running", "closing"} and not row.is_queued
    limit = patience.agent_s if row.step_kind in _AGENTS else patience.factory_s
    tone: Tone = "dim" if not works or seconds < limit else "warn" if seconds < 2 * limit else "bad"
    return (fit_right(coarse_age(seconds), 4), tone)


def lasted(row: RunRow, now: str) -> str:
    """How long the goal has been at work; how long it took when it is over."""
    is_over = row.state in _OVER
    seconds = seconds_between(row.created_at, row.last_event_at if is_over else now)
    if seconds is None or seconds < -AHEAD_S:
        return NOTHING
    return "<1m" if seconds < 60 and not is_over else age(seconds)


def ages(row: RunRow, now: str, patience: Patience = USUAL) -> tuple[tuple[str, Tone], str]:
    """All that grows on the line without a change of the goal."""
    return silence(row, now, patience), lasted(row, now)


def chosen_line(line: Line, is_marked: bool, is_muted: bool) -> Line:
    """The line of a goal that the operator marked (`+` after its mark) or muted (dim)."""
    if is_muted:
        line = tuple((text, "dim") for text, _ in line)
    if is_marked:
        line = ((f"{line[0][0][:-1]}+", "accent"), *line[1:])
    return line


class _Column(NamedTuple):
    head: str
    cells: int
    draw: Callable[[RunRow, At, int], Line]
    least: int = 0
    """Width of the list from which there is room for it."""
    most: int = 999
    """Width from which a wider one takes its place."""
    is_right: bool = False


def _stage(row: RunRow, _: At, cells: int) -> Line:
    tone: Tone = "good" if row.state == "done" else "accent"
    count = f" {row.steps_done}/{row.steps_total}" if cells > 6 else ""
    return (*bar(row.steps_done, max(1, row.steps_total), 6, tone), (fit(count, cells - 6), "dim"))


def _phase(row: RunRow, _: At, cells: int) -> Line:
    mark = run_mark(row.state, row.needs_person, row.step_state, row.is_queued)
    return ((fit(_phase_word(row), cells), TONES[mark] if mark != WORKING else ""),)


def _phase_word(row: RunRow) -> str:
    if row.asks:
        return "asks you"  # of its agent, which waits: nothing else moves before it is answered
    if row.state == "running" and row.needs_person and row.step_state != "stalled":
        return "to verify"  # the result waits to be sent: nothing runs, whatever the step says
    if row.is_queued:
        return "queued"
    if row.state in {"running", "blocked"}:
        return {"stalled": "stalled?", "blocked": "blocked", "retry_wait": "retry"}.get(row.step_state, row.step_kind)
    return _WORDS.get(row.state, visible(row.state, 12))


def _silent(row: RunRow, at: At, cells: int) -> Line:
    text, tone = silence(row, *at)
    return ((fit_right(text.strip(), cells), tone),)


def _cost(row: RunRow, _: At, cells: int) -> Line:
    return ((fit_right(of_cap(row, cells), cells), ""),)


def _peer(row: RunRow, _: At, cells: int) -> Line:
    word = _PEER.get(row.verifier_state, visible(row.verifier_state, 12) or NOTHING)
    return ((fit(f"{word} r{row.round}" if row.round else word, cells), "dim"),)


def _pair(row: RunRow, _: At, cells: int) -> Line:
    """Who builds and who checks; a pair that is not really two says so."""
    if row.shares_company or row.shares_model:
        what = "company" if row.shares_company else "model"
        name = row.coder_company if row.shares_company else row.coder_model
        return ((fit(shorten(f"✕ same {what} {visible(name, 40)}", cells), cells), "bad"),)
    if not row.coder:
        return ((fit(NOTHING, cells), "dim"),)
    room = (cells - 3) // 2
    names = [_name(*who, room) for who in ((row.coder_company, row.coder), (row.verifier_company, row.verifier))]
    return ((fit(" ↔ ".join(names), cells), "dim"),)


def _name(company: str, agent: str, room: int) -> str:
    """The company, and its agent where there is room for both."""
    if room < _BOTH:
        return shorten(visible(company, 40), room) if company else short_agent(agent, room) if agent else NOTHING
    head = f"{visible(company, 16)} " if company else ""
    return f"{head}{short_agent(agent, room - len(head))}" if agent else NOTHING


_BOTH = 20


def _lasted(row: RunRow, at: At, cells: int) -> Line:
    return ((fit_right(lasted(row, at.now), cells), "dim"),)


COLUMNS = (
    _Column("STAGE", 6, _stage, 66, 92),
    _Column("STAGE", 10, _stage, 92),
    _Column("PHASE", 9, _phase),
    _Column("SILENT", 4, _silent, is_right=True),
    _Column("COST", 7, _cost, 0, 66, is_right=True),
    _Column("COST/CAP", 10, _cost, 66, 92, is_right=True),
    _Column("COST/CAP", 14, _cost, 92, is_right=True),
    _Column("VERIFIER", 9, _peer, 60),
    _Column("BUILDS ↔ CHECKS", 23, _pair, 114, 160),
    _Column("BUILDS ↔ CHECKS", 51, _pair, 160),
    _Column("AGE", 4, _lasted, 120, is_right=True),
)
"""From left to right, after the goal itself."""


def _columns(width: int) -> tuple[list[_Column], int, int]:
    """The columns that there is room for, the gap between them, and the cells that the goal gets."""
    shown = [column for column in COLUMNS if column.least <= width < column.most]
    gap = 2 if width >= _AIRY else 1
    return shown, gap, max(8, width - MARK - TAG - sum(column.cells + gap for column in shown))
