"""What comes in from mission control, and where in the ledger it belongs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from factory.errors import SourceError
from factory.model.mission import MissionReview, MissionTask
from factory.model.outbox import PortHealth
from factory.ports.clock import Clock
from factory.ports.ledger import Ledger
from factory.rules.proposals import said
from factory.workflow.flow import WORKER
from factory.workflow.port_health import saw_degraded, saw_down, saw_up
from factory.workflow.proposing import Proposals, Subject
from factory.workflow.remarks import Remarks
from factory.workflow.requested import Requests

PORT = "mission"

Reviews = Callable[[int], Sequence[MissionReview]]
Mirrored = Subject | None


@dataclass(frozen=True)
class Incoming:
    """For one thread of the worker. Every method raises what the ledger raises."""

    requests: Requests
    proposals: Proposals
    remarks: Remarks
    seen: "Listening"

    def take(self, tasks: Sequence[MissionTask], me: str, by: Callable[[int], str], reviews: Reviews) -> list[Mirrored]:
        """Take in tasks as they are now; returns what each one mirrors, None for one that is none of ours.

        Args:
            me: Our name there.
            by: Who changed a task, as far as that was heard.
            reviews: Asks for the verdicts about a task; only when they can matter.
        """
        subjects = [self.proposals.subject(task) for task in tasks]
        self.requests.see([task for task, subject in zip(tasks, subjects, strict=True) if subject is None], me)
        for task, subject in zip(tasks, subjects, strict=True):
            if subject is not None and subject.is_open:
                self._hear(task, subject, by(task.id), reviews)
        return subjects

    def _hear(self, task: MissionTask, subject: Subject, by: str, reviews: Reviews) -> None:
        """What a task of ours says now."""
        differs = subject.last not in ("", task.status)
        verdicts = reviews(task.id) if differs and task.status in ("done", "in_progress") else ()
        self.proposals.take(subject, said(task, subject.id, subject.last, verdicts, by), task.status)

    def gone(self, id: int, task: MissionTask | None) -> None:
        """A task is not there any more.

        Args:
            task: As it was; None when it was never seen.
        """
        subject = self.proposals.subject(task) if task else None
        if subject is None:
            self.requests.gone(id)
        else:
            self.proposals.deleted(subject)

    def catch_up(self) -> None:
        """Do what follows from the ledger alone: start requests, resolve what was answered here."""
        self.requests.start_open()
        self.proposals.settle()


class Listening:
    """What whoever listens says of mission control's health; whoever writes there says the rest.

    An outage is over when the one who saw it sees that it is: else two threads would announce it in turns.
    """

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._may_end = True

    def up(self, latency_ms: int, release: str) -> None:
        """It answers, and so does its stream."""
        if self._is_ours():
            now = self._clock.now()
            self._ledger.write(WORKER, lambda tx: saw_up(tx, PORT, now, latency_ms, release, heals=True))
            self._may_end = False

    def degraded(self, detail: str, release: str) -> None:
        """It answers, but not as it should."""
        if self._is_ours():
            now = self._clock.now()
            if self._may_end:
                self._ledger.write(WORKER, lambda tx: saw_up(tx, PORT, now, release=release))
            self._ledger.write(WORKER, lambda tx: saw_degraded(tx, PORT, now, detail))
            self._may_end = False

    def down(self, error: SourceError) -> None:
        """It does not answer us."""
        self._ledger.write(WORKER, lambda tx: saw_down(tx, PORT, self._clock.now(), error))
        self._may_end = True

    @property
    def since(self) -> str:
        """When it was seen last; UTC, empty = never."""
        return next((port.seen_at for port in self._ledger.find(PortHealth, id=PORT)), "")

    def _is_ours(self) -> bool:
        return self._may_end or not any(port.outage_since for port in self._ledger.find(PortHealth, id=PORT))
