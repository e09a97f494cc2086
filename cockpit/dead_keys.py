"""Why a key does nothing for a goal right now. The operations decide; this only says early what they would refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, get_args

from cockpit.keymap import KEYS

if TYPE_CHECKING:
    from factory.model.view import RunRow

IN_REPLAY = "This is a recording: nothing can be changed here."
CHANGING = frozenset({"mark", "mute"}) | {
    key.action.partition("(")[0] for key in KEYS if key.where == "goals" and key.asks_first
}
"""Actions that do something to a goal, or are for those that do: none of them works in a replay."""
_OVER = ("done", "cancelled", "failed")


def why_not(action: str, row: RunRow | None) -> str:
    """The reason as a sentence; empty when the key is alive."""
    if row is None:
        return "No goal is selected; n launches one."
    rule = _RULES.get(action.partition("(")[0])
    return rule(row) if rule else ""


def _name(row: RunRow) -> str:
    return f"{row.id[-4:]} is {row.state.replace('_', ' ')}"


def _over(row: RunRow) -> str:
    return f"{_name(row)}, and that is final." if row.state in _OVER else ""


def _review(row: RunRow) -> str:
    if row.state == "awaiting_qa":
        return ""
    return _over(row) or f"Nothing to review: {_name(row)} ({row.step_kind} {row.step_state}); the QA gate is not open."


def _permission(row: RunRow) -> str:
    return "" if row.asks else _over(row) or f"Nothing to answer: no agent of {row.id[-4:]} asks for anything."


def _verify(row: RunRow) -> str:
    if over := _over(row):
        return over
    if row.verifier_state in {"requested", "awaiting"}:
        return f"The verifier has it already (round {row.round})."
    if row.step_kind in {"plan", "build"}:
        return f"Nothing to verify yet: the {row.step_kind} of {row.id[-4:]} is {row.step_state.replace('_', ' ')}."
    if row.step_kind != "verify":
        return f"Nothing to verify: {_name(row)}."
    if row.verifier_state not in _may_be_asked():
        return f"Nothing to verify: the verifier of {row.id[-4:]} is {row.verifier_state.replace('_', ' ')}."
    return ""


@cache
def _may_be_asked() -> frozenset[str]:
    from factory.model.thread import THREAD, ThreadState  # no first picture needs it

    return frozenset(state for state in get_args(ThreadState) if THREAD.allows(state, "request"))


def _retry(row: RunRow) -> str:
    if row.state == "blocked" or row.step_state in {"stalled", "blocked", "retry_wait"}:
        return ""
    return (
        _over(row) or f"Nothing to retry: the {row.step_kind} of {row.id[-4:]} is {row.step_state.replace('_', ' ')}."
    )


def _pause(row: RunRow) -> str:
    return "" if row.state in {"running", "blocked", "paused"} else _over(row) or f"Nothing to pause: {_name(row)}."


def _land(row: RunRow) -> str:
    return "" if row.state == "done" else f"Only an approved result can land: {_name(row)}."


def _take_over(row: RunRow) -> str:
    return f"Nothing to take over: {_name(row)}, and no worktree was made." if row.state in {"draft", "ready"} else ""


_RULES: Mapping[str, Callable[[RunRow], str]] = {
    "review": _review, "permission": _permission, "verify": _verify, "retry": _retry, "pause": _pause,
    "stop": _over, "instruct": _over, "cap": _over, "land": _land,
    "take_over": _take_over,
}  # fmt: skip
