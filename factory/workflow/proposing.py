"""Decisions that people took in mission control, as warnings of the run; what counts is decided here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from factory.errors import Missing
from factory.model.blocker import Blocker
from factory.model.gate import Approval, Gate
from factory.model.identity import stable_id
from factory.model.mission import MissionTask
from factory.model.run import Run
from factory.model.states import is_over
from factory.model.step import Step
from factory.ports.clock import Clock
from factory.ports.ledger import Ledger, Transaction
from factory.rules.proposals import PROPOSALS, Said
from factory.rules.requests import mark_of
from factory.workflow.contradictions import CONFLICT, Contradictions
from factory.workflow.flow import WORKER

DELETED = "deleted"


@dataclass(frozen=True)
class Subject:
    """What a task of ours mirrors."""

    run: str
    id: str
    """Of the run, step or gate."""
    last: str
    """Status that we wrote last."""
    is_open: bool
    """Whether its run goes on."""


class Proposals:
    """For one thread of the worker. Every method raises what the ledger raises."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._told = Contradictions(ledger, clock)

    def subject(self, task: MissionTask) -> Subject | None:
        """What a task mirrors; None for a task of somebody else, or of another ledger."""
        id, last = mark_of(task)
        try:
            run = self._run_of(id)
        except Missing:
            return None
        return Subject(run.id, id, last, is_open=not is_over(run))

    def _run_of(self, id: str) -> Run:
        """Raises `Missing`."""
        if id.startswith("stp_"):
            id = self._ledger.get(Step, id).run
        elif id.startswith("gat_"):
            id = self._ledger.get(Gate, id).run
        return self._ledger.get(Run, id)

    def take(self, subject: Subject, said: Said, status: str) -> None:
        """Take in what a task says.

        Args:
            status: Of the task.
        """
        if said.kind == "proposal":
            self._ledger.write(WORKER, lambda tx: self._propose(tx, subject, said))
        elif said.kind == "other":
            self._told.differs(subject.run, subject.id, subject.last, status)
        else:
            self._told.agrees(subject.run, subject.id)
            if _open(self._ledger, subject):
                self._ledger.write(WORKER, lambda tx: self._withdraw(tx, subject))

    def deleted(self, subject: Subject) -> None:
        """Its task is not there any more."""
        if subject.is_open:
            self._told.differs(subject.run, subject.id, subject.last or "there", DELETED)

    def settle(self) -> None:
        """Resolve what the operator has answered here."""
        for blocker in self._all_open():
            if self._is_answered(blocker):
                self._ledger.write(WORKER, partial(self._resolve, id=blocker.id, why="decided here"))

    def _all_open(self) -> list[Blocker]:
        return [one for code in PROPOSALS for one in self._ledger.find(Blocker, code=code, resolved_at="")]

    def _is_answered(self, blocker: Blocker) -> bool:
        if is_over(self._ledger.get(Run, blocker.run)):
            return True
        for gate in self._ledger.find(Gate, id=blocker.cause_ref):
            if gate.state != "open":
                return True
        decisions = self._ledger.find(Approval, run=blocker.run)
        return any(one.created_at > blocker.opened_at for one in decisions)

    def _propose(self, tx: Transaction, subject: Subject, said: Said) -> None:
        known = tx.find(Blocker, run=subject.run, code=said.code, cause_ref=subject.id)
        if any(one.message == said.message for one in known) or not _may_be_decided(tx, subject):
            return  # told already, answered or not
        for code in (*PROPOSALS, CONFLICT):
            for one in tx.find(Blocker, run=subject.run, code=code, cause_ref=subject.id, resolved_at=""):
                self._resolve(tx, one.id, "something else was proposed since")
        warning = Blocker(
            id=_id(said.code, subject, len(known)),
            namespace=tx.get(Run, subject.run).namespace,
            run=subject.run,
            code=said.code,
            severity="warn",
            message=said.message,
            cause_ref=subject.id,
            opened_at=self._clock.now(),
        )
        tx.put(warning, "blocker.open", {"code": said.code, "message": said.message})

    def _withdraw(self, tx: Transaction, subject: Subject) -> None:
        """The task says again what we wrote. Where we wrote something newer over a proposal, nobody took it back."""
        for code in PROPOSALS:
            known = tx.find(Blocker, run=subject.run, code=code, cause_ref=subject.id)
            for place, one in enumerate(known):
                if one.is_open and one.id == _id(code, subject, place):
                    self._resolve(tx, one.id, "withdrawn there")

    def _resolve(self, tx: Transaction, id: str, why: str) -> None:
        one = tx.get(Blocker, id)
        if one.is_open:
            over = replace(one, resolved_at=self._clock.now(), resolution=why)
            tx.put(over, "blocker.resolve", {"code": one.code})


def _id(code: str, subject: Subject, place: int) -> str:
    return stable_id("blk", code, subject.id, subject.last, place)


def _open(ledger: Ledger, subject: Subject) -> Sequence[Blocker]:
    found = ledger.find(Blocker, run=subject.run, cause_ref=subject.id, resolved_at="")
    return [one for one in found if one.code in PROPOSALS]


def _may_be_decided(tx: Transaction, subject: Subject) -> bool:
    gates = tx.find(Gate, id=subject.id)
    return not is_over(tx.get(Run, subject.run)) and all(gate.state == "open" for gate in gates)
