"""The marks of the screen in one place, and what each state is marked with. A mark never stands without a word."""

from typing import Literal

from widgets.lines import Tone

Mark = Literal["▶", "◆", "!", "✕", "✓", "○", "‖", "?"]
WORKING: Mark = "▶"
NEEDS_YOU: Mark = "◆"
STALLED: Mark = "!"
FAILED: Mark = "✕"
PROVEN: Mark = "✓"
WAITING: Mark = "○"
PAUSED: Mark = "‖"
UNKNOWN: Mark = "?"

TONES: dict[Mark, Tone] = {
    WORKING: "accent", NEEDS_YOU: "warn", STALLED: "warn", FAILED: "bad", PROVEN: "good", WAITING: "dim", PAUSED: "dim",
    UNKNOWN: "dim",
}  # fmt: skip

WORDS: dict[Mark, str] = {
    WORKING: "working", NEEDS_YOU: "needs you", STALLED: "stalled?", FAILED: "failed", PROVEN: "proven",
    WAITING: "waiting", PAUSED: "paused", UNKNOWN: "unknown",
}  # fmt: skip

_RUN: dict[str, Mark] = {
    "draft": WAITING, "ready": WAITING, "running": WORKING, "blocked": STALLED, "paused": PAUSED,
    "awaiting_qa": NEEDS_YOU, "closing": WORKING, "done": PROVEN, "cancelled": FAILED, "failed": FAILED,
}  # fmt: skip
_STEP: dict[str, Mark] = {
    "pending": WAITING, "ready": WAITING, "running": WORKING, "awaiting_verdict": WAITING, "changes_requested": WORKING,
    "stalled": STALLED, "retry_wait": WAITING, "blocked": STALLED, "passed": PROVEN, "split": WAITING,
    "skipped": WAITING, "cancelled": FAILED,
}  # fmt: skip
_THREAD: dict[str, Mark] = {
    "prewired": WAITING, "requested": WORKING, "awaiting": WORKING, "passed": PROVEN, "changes_requested": FAILED,
    "inconclusive": UNKNOWN, "timed_out": STALLED, "budget_exhausted": STALLED, "refused": FAILED,
    "not_required": WAITING, "closed": WAITING, "withheld": WAITING,
}  # fmt: skip
_CLAIM: dict[str, Mark] = {"supported": PROVEN, "refuted": FAILED, "stale": STALLED, "unsupported": UNKNOWN}
_POLARITY: dict[str, Mark] = {"supports": PROVEN, "refutes": FAILED, "neutral": WAITING}

_PICTURES = "".join(chr(code) for code in (*range(0x2400, 0x2420), 0x2421))
ASCII = str.maketrans(
    "▶◆✕✓○‖≈·…→←↔↑↓⏎─│╭╮╰╯├┤┌┐└┘━█▓▒░▊▎▌▐▁▂▃▄▅▆▇–−“”’×⟨⟩—•▀▖▗▘▝▚▞▙▟▛▜┬┴┼┃" + _PICTURES,
    '>*x+o=~..><-^v|-|++++++++++=##::||||_____##--""\'x<>-*###########+++|' + "^" * len(_PICTURES),
)
"""One cell for one cell, for terminals and fonts that cannot draw the marks."""


def run_mark(state: str, needs_person: bool = False, step_state: str = "", is_queued: bool = False) -> Mark:
    """The mark of a run; one that needs a person says so whatever its state is."""
    mark = WAITING if is_queued else _RUN.get(state, UNKNOWN)
    if mark is WORKING and step_state == "stalled":
        return STALLED
    return NEEDS_YOU if needs_person and mark is not STALLED else mark


def step_mark(kind: str, state: str) -> Mark:
    """The mark of a step; a QA step that runs is waiting for the operator."""
    return NEEDS_YOU if kind == "qa" and state in {"running", "ready"} else _STEP.get(state, UNKNOWN)


def thread_mark(state: str) -> Mark:
    """The mark of a conversation between coder and verifier."""
    return _THREAD.get(state, UNKNOWN)


def claim_mark(status: str) -> Mark:
    """The mark of a claim: proven only when evidence supports it."""
    return _CLAIM.get(status, UNKNOWN)


def polarity_mark(polarity: str) -> Mark:
    """The mark of a piece of evidence by what it says about its claims."""
    return _POLARITY.get(polarity, UNKNOWN)
