"""Flags: patterns in a run that are worth a look, because a pass may be false or an agent may hang (domain §9).

FP1 to FP4 and FP7 (same agent) also close the gate (`gate.qa_reasons`). What only many runs together can show is in
`agent_flags`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from factory.model.view import RunView
from factory.rules.rounds import Round
from factory.rules.timeouts import Clock, Try

PASSED = frozenset({"awaiting_qa", "closing", "done"})
"""States of a run that the verifier has let through."""


@dataclass(frozen=True)
class Flag:
    """One finding, with what it means for the run."""

    code: str
    severity: Literal["error", "warn", "notice"]
    message: str
    ids: tuple[str, ...] = ()
    """Of the attempts, evidence or decisions that show it."""


def timeout_flags(view: RunView, rounds: Sequence[Round], tries: Sequence[Try]) -> Iterator[Flag]:
    """TO1, TO2, TO3 and TO7 of one run."""
    for code, clocks, what in _CLOCKS:
        late = [one for one in tries if set(clocks) & set(one.clocks)]
        if late:
            who = ", ".join(dict.fromkeys(f"the {one.role} {one.agent}" for one in late))
            yield Flag(code, "warn", f"{what}: {who}.", tuple(one.attempt for one in late))
    if unheard := _passed_unheard(view, rounds):
        message = "The run passed after a verifier timed out, and no verifier gave a verdict after that."
        yield Flag("TO7", "error", message, unheard)


_CLOCKS: tuple[tuple[str, tuple[Clock, ...], str], ...] = (
    ("TO1", ("connect", "first_output"), "No first output in time"),
    ("TO2", ("idle",), "Silent for longer than the idle clock allows"),
    ("TO3", ("wall",), "Ended by the wall clock"),
)


def _passed_unheard(view: RunView, rounds: Sequence[Round]) -> tuple[str, ...]:
    """Verifier attempts that timed out with no word of a verifier after them, in a run that passed all the same."""
    late = [one for one in view.attempts if one.role == "verifier" and one.state == "timed_out"]
    if not late or view.run.state not in PASSED:
        return ()
    last = max(one.ended_at for one in late)
    is_heard = any(one.verdict.said and one.at > last for one in rounds)
    return () if is_heard else tuple(one.id for one in late)
