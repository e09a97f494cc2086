"""The list of goals: one line a run, with what it waits for, how long it has been silent and what it costs."""

from collections.abc import Hashable, Sequence

from textual.cache import LRUCache

from factory.model.view import RunRow
from factory.rules.changed import changed_places
from widgets.amounts import NOTHING, age, cap, money, seconds_between
from widgets.lines import Line, Tone, bar, fit, fit_right, width_of
from widgets.marks import TONES, WORKING, run_mark
from widgets.pane import Pane
from widgets.plain import visible

SILENT_S = 120.0
"""Silence of a working run that turns amber; at twice it, red."""
_LINES_KEPT = 200
AHEAD_S = 5.0
"""What happened so far in the future has no age."""
_WORDS = {"awaiting_qa": "QA gate", "closing": "closing", "done": "done", "cancelled": "cancelled", "failed": "failed",
          "paused": "paused", "ready": "ready", "draft": "draft"}  # fmt: skip
_PEER = {"prewired": "prewired", "requested": "asked", "awaiting": "check", "passed": "pass",
         "changes_requested": "rework", "inconclusive": "unclear", "timed_out": "timed out",
         "budget_exhausted": "no budget", "refused": "refused", "not_required": "no peer",
         "closed": "closed"}  # fmt: skip


def tag(run: str) -> str:
    """The short name of a run on screen: the last four characters of its id, the ones that differ."""
    return run[-4:]


def goal_line(row: RunRow, now: str, width: int) -> Line:
    """One goal in `width` cells; narrower lists leave out the cap, then the bar, then the peer."""
    mark = run_mark(row.state, row.needs_person, row.step_state)
    parts: list[Line] = []
    if width >= 66:
        parts.append(bar(row.steps_done, max(1, row.steps_total), 6, "good" if row.state == "done" else "accent"))
    parts.append(((fit(_phase(row), 9), TONES[mark] if mark != WORKING else ""),))
    parts.append((silence(row, now),))
    parts.append(((fit_right(_cost(row, 10 if width >= 66 else 7), 10 if width >= 66 else 7), ""),))
    if width >= 60:
        parts.append(((fit(_peer(row), 9), "dim"),))
    tail = tuple(span for part in parts for span in ((" ", ""), *part))
    goal = fit(visible(row.goal, 200), max(8, width - 2 - 5 - width_of(tail)))
    over = row.state in {"done", "cancelled", "failed"}
    return ((f"{mark} ", TONES[mark]), (f"{tag(row.id)} ", "dim"), (goal, "dim" if over else ""), *tail)


def silence(row: RunRow, now: str) -> tuple[str, Tone]:
    """Time since the last event, amber and then red when a working run says nothing for too long."""
    seconds = seconds_between(row.last_sign_at, now)
    if seconds is None:
        return (fit_right(NOTHING, 4), "dim")
    if seconds < -AHEAD_S:
        return (fit_right("?", 4), "warn")  # a clock was set back: no age is better than a wrong one
    works = row.state in {"running", "closing"}
    tone: Tone = "dim" if not works or seconds < SILENT_S else "warn" if seconds < 2 * SILENT_S else "bad"
    return (fit_right(age(seconds), 4), tone)


def _phase(row: RunRow) -> str:
    if row.state == "running" and row.needs_person and row.step_state != "stalled":
        return "to verify"  # the result waits to be sent: nothing runs, whatever the step says
    if row.state in {"running", "blocked"}:
        return {"stalled": "stalled?", "blocked": "blocked", "retry_wait": "retry"}.get(row.step_state, row.step_kind)
    return _WORDS.get(row.state, visible(row.state, 12))


def _cost(row: RunRow, room: int) -> str:
    spent = money(row.spent_micros, "unpriced" if row.unpriced else "reported")
    whole = f"{spent}/{cap(row.cap_micros)}"
    return whole if len(whole) <= room else spent


def _peer(row: RunRow) -> str:
    word = _PEER.get(row.verifier_state, visible(row.verifier_state, 12) or NOTHING)
    return f"{word} r{row.round}" if row.round else word


def chosen_line(line: Line, is_marked: bool, is_muted: bool) -> Line:
    """The line of a goal that the operator marked (`+` after its mark) or muted (dim)."""
    if is_muted:
        line = tuple((text, "dim") for text, _ in line)
    if is_marked:
        line = ((f"{line[0][0][:-1]}+", "accent"), *line[1:])
    return line


class Goals(Pane):
    """The goals, newest first, with the cursor on one of them."""

    TITLE = "Goals"
    NUMBER = 1
    EMPTY: Line = (("No goals yet. Press ", "dim"), ("n", "accent"), (" to launch one.", "dim"))
    UNREAD: Line = (("The ledger has not been read yet.", "dim"),)
    UNFIT: Line = (("No goal fits the filter; ", "dim"), ("esc", "accent"), (" shows all again.", "dim"))

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes, has_cursor=True)
        self.rows: tuple[RunRow, ...] = ()
        self.now = ""
        self.empty = self.EMPTY
        self.chosen: tuple[frozenset[str], frozenset[str], str] = (frozenset(), frozenset(), "")
        """Marked goals, muted goals, and a note for the title."""
        self._looks: LRUCache[Hashable, Line] = LRUCache(_LINES_KEPT)

    def show_rows(self, rows: Sequence[RunRow], total: int, is_read: bool = True, is_whole: bool = True) -> None:
        """Take the goals as they are now; only those on screen that changed are drawn again.

        Args:
            total: How many there are with those that are not listed.
            is_read: The ledger has answered: no goals means that there are none.
            is_whole: False for the beginning of a list whose rest is not known yet.
        """
        empty = self.UNFIT if total else self.EMPTY if is_read else self.UNREAD
        if empty is not self.empty:
            self.empty = empty
            if not rows:
                self.refresh()
        before, self.rows = self.rows, tuple(rows)
        if self.rows is not before or not rows:
            self._take(before)
        count = f"{len(rows):,}{'' if is_whole else '+'} of {total:,}" if len(rows) != total else ""
        self.set_title("Goals", " · ".join(part for part in (self.chosen[2], count) if part))

    def show_choices(self, marked: frozenset[str], muted: frozenset[str], note: str) -> None:
        """Take what the operator marked and muted; only those on screen that changed are drawn again."""
        before, self.chosen = self.chosen, (marked, muted, note)
        changed = (before[0] ^ marked) | (before[1] ^ muted)
        self.refresh_changed([i for i in self.on_screen if self.rows[i].id in changed])

    def show_now(self, now: str) -> None:
        """Let the ages on screen grow; only lines that look different are drawn again."""
        before, self.now = self.now, now
        if before == now:
            return
        for index in self.on_screen:
            row = self.rows[index]
            if silence(row, before) != silence(row, now):
                self._refresh_row(index, (row, before))

    def line(self, index: int, width: int) -> Line:
        """One goal."""
        return self._look(self.rows[index], self.now, width)

    def revision(self, index: int) -> Hashable:
        """The row itself and its age."""
        return self._revision(self.rows[index], self.now)

    def blank_line(self, y: int) -> Line:
        """What stands below the last goal."""
        return self.empty if y == 0 and not self.keys else ()

    def _take(self, before: tuple[RunRow, ...]) -> None:
        changed = changed_places(before, self.rows) if len(before) == len(self.rows) else None
        if changed is None or not before or any(before[place].id != self.rows[place].id for place in changed):
            self.show_keys([row.id for row in self.rows])
            return
        seen = self.on_screen
        for place in changed:
            if place in seen:
                self._refresh_row(place, (before[place], self.now))

    def _refresh_row(self, index: int, was: tuple[RunRow, str]) -> None:
        width = self.line_width
        self.refresh_difference(index, self._look(*was, width), self.line(index, width))

    def _revision(self, row: RunRow, now: str) -> Hashable:
        return (row, silence(row, now), row.id in self.chosen[0], row.id in self.chosen[1])

    def _look(self, row: RunRow, now: str, width: int) -> Line:
        """How a row looks; asked when it is compared, when it is drawn, and when the next one is compared with it."""
        wanted = (self._revision(row, now), width)
        line = self._looks.get(wanted)
        if line is None:
            line = chosen_line(goal_line(row, now, width), row.id in self.chosen[0], row.id in self.chosen[1])
            self._looks[wanted] = line
        return line

    def _format(self) -> None:
        """Goals are drawn row by row; there is no text to format."""
