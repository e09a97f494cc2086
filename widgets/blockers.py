"""What stops or endangers a run, the worst first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from widgets.amounts import age_at
from widgets.frame import NAMES
from widgets.lines import Line, Tone, spread, wrap
from widgets.pane import Pane
from widgets.plain import visible

if TYPE_CHECKING:
    from factory.model.blocker import Blocker
    from factory.model.view import RunView

_ORDER = ("block", "warn", "info")
_TONES: dict[str, Tone] = {"block": "bad", "warn": "warn"}


_FIXES = {
    "cap_exceeded": ("+", "raise the cap"), "digest_mismatch": ("e", "look at the evidence"),
    "rounds_exhausted": ("i", "instruct, then retry"), "inconclusive": ("t", "read the thread, then retry"),
    "no_agent": ("r", "fix its name, then retry"), "prepare_failed": ("o", "see why, then retry"),
    "acceptance_broken": ("o", "see why, then retry"), "nothing_proven": ("e", "see what, then retry"),
    "not_a_repository": ("r", "fix it, then retry"), "target_down": ("", "goes on by itself"),
    "mission_approved": ("a", "review, then decide"), "mission_rejected": ("a", "review, then decide"),
    "mission_cancelled": ("X", "cancel the run"),
}  # fmt: skip
"""Which key begins to remove a blocker, and what it does; without one, a retry."""


def fix_of(code: str, severity: str) -> tuple[str, str]:
    """The key that begins to remove a blocker, and what it does; no key where nothing has to be done."""
    return _FIXES.get(code, ("r", "retry") if severity == "block" else ("", "only a warning"))


def blocker_lines(view: RunView, width: int) -> tuple[Line, ...]:
    """Each open blocker: code, age and the key that fixes it, then its sentence; then what waits for other systems."""
    lines: list[Line] = []
    for blocker in sorted(view.open_blockers, key=lambda one: _ORDER.index(one.severity)):
        lines.extend(_blocker(blocker, view.as_of, width))
    lines = lines or [(("none", "dim"),)]
    lines.extend(_waiting(view, width))
    return tuple(lines)


def _blocker(blocker: Blocker, now: str, width: int) -> Iterator[Line]:
    tone = _TONES.get(blocker.severity, "dim")
    key, what = fix_of(blocker.code, blocker.severity)
    head: Line = (
        ("! ", tone),
        (visible(blocker.code.replace("_", " "), 40), tone),
        (f"  {age_at(blocker.opened_at, now)}", "dim"),
    )
    yield spread(head, ((f"{key} ", "warn"), (what, "dim")) if key else ((what, "dim"),), width)
    for part in wrap(visible(blocker.message, 400), width - 2, 4):
        yield (("  ", ""), (part, ""))


def _waiting(view: RunView, width: int) -> Iterator[Line]:
    for item in view.outbox:
        if item.state not in {"delivered", "accepted"}:
            why = f": {visible(item.last_error, 80)}" if item.last_error else ""
            tries = f", {item.tries} tries" if item.tries else ""
            tone: Tone = "bad" if item.state == "dead" else "dim"
            line: Line = (("○ ", tone), (f"{item.target} {item.op} {item.state}{tries}{why}", tone))
            fix: Line = (("Q ", "warn"), ("requeue", "dim")) if item.state == "dead" else ()
            yield spread(line, fix, width)


class BlockersPane(Pane):
    """Draws the blockers."""

    TITLE, NUMBER = NAMES["blockers"]

    def show_run(self, view: RunView | None) -> None:
        """Draw the blockers of another run, or of the same one as it is now."""
        self.show(lambda width: blocker_lines(view, width) if view else (), view)
