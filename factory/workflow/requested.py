"""Requests as the ledger has them, kept as mission control has them: open, gone, open again."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from factory.errors import Missing, SourceError, Unreachable
from factory.model.mission import MissionTask
from factory.model.request import Request
from factory.model.run import Run
from factory.ports.clock import Clock
from factory.ports.ledger import Ledger, Transaction
from factory.rules.requests import asks_us, request_id, request_of, task_of
from factory.workflow.flow import WORKER, move

Work = Callable[[Transaction], None]
"""A part of a transaction."""
_ASKED = ("goal", "text", "priority", "accept", "repo", "by")
"""What a request says; where that changes, it is another one to start."""


class Requests:
    """For one thread of the worker. Every method raises what the ledger raises.

    Args:
        server: Address of the mission control; the numbers of another one are other tasks.
        assignee: Tasks that wait for this name are requests.
        repo: For a request that names no repository.
        launch: Starts the run of a request; None = people do that.
    """

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        server: str,
        assignee: str,
        repo: str = "",
        launch: Callable[[Request], object] | None = None,
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._server = server
        self._assignee = assignee
        self._repo = repo
        self._launch = launch
        self._tried: set[tuple[str, int]] = set()
        """Requests, as versions, for which this machine was not ready."""

    def see(self, tasks: Sequence[MissionTask], me: str) -> None:
        """Take in tasks as they are now: what is new of all of them is one transaction, with an event for each."""
        self._write([work for task in tasks if (work := self._seen(task, me))])

    def gone(self, task: int) -> None:
        """It was deleted, given to somebody else, or begun by somebody else."""
        self._write([work] if (work := self._left(task)) else [])

    def _seen(self, task: MissionTask, me: str) -> Work | None:
        """What a task changes here, if anything."""
        if not asks_us(task, self._assignee, me):
            return self._left(task.id)
        wanted = replace(request_of(task, self._server, self._repo), seen_at=self._clock.now())
        known = self._known(task.id)
        is_news = known is None or known.state == "gone" or (known.state == "open" and _differ(known, wanted))
        return partial(_store, wanted=wanted) if is_news else None

    def _left(self, task: int) -> Work | None:
        known = self._known(task)
        return partial(self._withdraw, id=known.id) if known is not None and known.state == "open" else None

    def _write(self, works: Sequence[Work]) -> None:
        def work(tx: Transaction) -> None:
            for each in works:
                each(tx)

        if works:
            self._ledger.write(WORKER, work)

    def open_tasks(self) -> tuple[int, ...]:
        """Numbers of the tasks behind open requests; those of another server are withdrawn."""
        found: list[int] = []
        left: list[Work] = []
        for request in self._ledger.find(Request, state="open"):
            number = task_of(request.ref)
            if number and request.id == request_id(self._server, number):
                found.append(number)
            else:
                left.append(partial(self._withdraw, id=request.id))
        self._write(left)
        return tuple(found)

    def start_open(self) -> None:
        """Start each open request that was not tried as it is now. A refusal is noted in it, once."""
        if self._launch is None:
            return
        for request in self._ledger.find(Request, state="open"):
            if not request.problem and (request.id, request.version) not in self._tried:
                self._start(request, self._launch)

    def try_again(self) -> None:
        """This machine may be ready by now."""
        self._tried.clear()

    def _start(self, request: Request, launch: Callable[[Request], object]) -> None:
        try:
            launch(request)
        except Unreachable:  # of this machine, and for now
            self._tried.add((request.id, request.version))
        except SourceError as error:
            problem = f"{error.message} {error.hint}".strip()
            self._ledger.write(WORKER, lambda tx: _refuse(tx, request, problem))

    def _known(self, task: int) -> Request | None:
        found = self._ledger.find(Request, id=request_id(self._server, task))
        return found[0] if found else None

    def _withdraw(self, tx: Transaction, id: str) -> None:
        now = tx.get(Request, id)
        if now.state == "open":
            move(tx, now, "withdraw", seen_at=self._clock.now())


def _differ(known: Request, wanted: Request) -> bool:
    return any(getattr(known, name) != getattr(wanted, name) for name in _ASKED)


def _store(tx: Transaction, wanted: Request) -> None:
    """As it is wanted now, whatever somebody stored in the meantime; one that a run has taken stays taken."""
    try:
        known = tx.get(Request, wanted.id)
    except Missing:
        names = (wanted.ref, str(task_of(wanted.ref)))
        if not any(tx.find(Run, mc_ref=name) for name in names):  # launched by hand, before it was seen
            tx.put(wanted, "request.open", {"ref": wanted.ref, "goal": wanted.goal[:200]})
        return
    changes = {name: getattr(wanted, name) for name in (*_ASKED, "seen_at")}
    if known.state == "gone":
        move(tx, known, "return", **changes, problem="")
    elif known.state == "open" and _differ(known, wanted):
        tx.put(replace(known, **changes, problem=""), "request.change", {"ref": known.ref})


def _refuse(tx: Transaction, request: Request, problem: str) -> None:
    now = tx.get(Request, request.id)
    if now.state == "open" and now.version == request.version:
        tx.put(replace(now, problem=problem), "request.refuse", {"ref": now.ref, "message": problem})
