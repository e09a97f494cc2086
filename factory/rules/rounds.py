"""The rounds of coder and verifier: each verdict with the attempt that it came from and the moment it was given."""

from dataclasses import dataclass

from factory.model.evidence import Evidence
from factory.model.step import Attempt
from factory.model.thread import Thread, Verdict
from factory.model.view import RunView


@dataclass(frozen=True)
class Round:
    """One verdict. Rounds without a verifier, which the factory's own runs decide, have no attempt and no word."""

    verdict: Verdict
    thread: str
    at: str = ""
    """UTC; empty where no verifier was needed."""
    attempt: Attempt | None = None

    @property
    def is_pass(self) -> bool:
        """The verifier said pass, and what the factory ran bore it out."""
        return self.verdict.word == self.verdict.said == "pass"

    @property
    def wants_changes(self) -> bool:
        """The verifier asked for changes, whatever came of it."""
        return self.verdict.said == "changes_requested"

    @property
    def source(self) -> str:
        """Id of the attempt that gave it; of the thread where there is none."""
        return self.attempt.id if self.attempt else self.thread


def rounds_of(view: RunView) -> tuple[Round, ...]:
    """Every finished round, oldest first."""
    return tuple(found for thread in view.threads for found in _of_thread(view, thread))


def evidence_on(view: RunView, commit: str) -> tuple[Evidence, ...]:
    """What was captured about a commit; what the base showed says nothing about it."""
    return tuple(item for item in view.evidence if commit and item.subject == commit and not item.baseline)


def _of_thread(view: RunView, thread: Thread) -> list[Round]:
    """A verdict is told in the message that is written with it; the attempt is the verifier's newest one by then."""
    told = [one.created_at for one in view.messages if one.thread == thread.id and one.kind == "verdict"]
    times = [*told, *[""] * len(thread.verdicts)]
    return [
        Round(verdict, thread.id, at, _attempt(view, at) if at else None)
        for verdict, at in zip(thread.verdicts, times, strict=False)
    ]


def _attempt(view: RunView, at: str) -> Attempt | None:
    ended = [one for one in view.attempts if one.role == "verifier" and one.ended_at and one.ended_at <= at]
    return max(ended, key=lambda one: one.ended_at, default=None)
