"""Fakes for the cockpit: a ledger that counts what is read, and operations that note what was asked."""

import atexit
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cockpit.app import CockpitApp
from cockpit.surroundings import Surroundings
from factory.errors import Missing, Refused, SourceError
from factory.model.audit import ChainHead, Event
from factory.model.cost_card import CostCard
from factory.model.launch import Launch, Preview, Recent
from factory.model.outbox import OutboxItem, PortHealth
from factory.model.request import Request
from factory.model.run import Criterion, Risk, Route
from factory.model.status import ReviewCard
from factory.model.view import RunRow, RunView
from factory.operations.results import ASKED, Done, Instructed, Landed
from factory.ports.agents import WayIn
from factory.ports.worker import WorkerState
from factory.rules.money import FREE_THREAD_CAP
from factory.rules.summary import Report, nothing
from tests.app import cost_sample, sample
from tests.fakes.clock import FixedClock


@dataclass
class ShelfLedger:
    """As much of a `Ledger` as the cockpit reads, from a shelf; notes every read."""

    shelf: dict[str, RunRow] = field(default_factory=lambda: {row.id: row for row in sample.ROWS})
    views: dict[str, RunView] = field(default_factory=lambda: {sample.RUN: sample.VIEW})
    chain: tuple[Event, ...] = sample.EVENTS
    writes: tuple[OutboxItem, ...] = sample.VIEW.outbox
    asked: tuple[Request, ...] = ()
    """Tasks of mission control that wait."""
    reads: list[tuple[str, Any]] = field(default_factory=list)
    problem: SourceError | None = None
    commits: int = 0
    """What `stamp` tells; 0 = nobody can tell."""

    def stamp(self) -> int:
        """How many commits are to be seen."""
        return self.commits

    def change(self, row: RunRow, action: str = "step.begin") -> None:
        """Store another row of a run, with one event."""
        self.shelf = {row.id: row, **self.shelf} if row.id not in self.shelf else {**self.shelf, row.id: row}
        self.chain = (*self.chain, sample.event(len(self.chain) + 1, "14:02:30", row.id, "worker", action))

    def ask(self, request: Request) -> None:
        """One more task waits, with one event, which is about no run."""
        self.asked = (*self.asked, request)
        self.chain = (*self.chain, sample.event(len(self.chain) + 1, "14:02:31", "", "worker", "request.open"))

    def head(self) -> ChainHead:
        """Count and hash of the newest event."""
        self._read("head")
        return ChainHead(len(self.chain), self.chain[-1].hash if self.chain else ChainHead().hash)

    def rows(
        self, limit: int = 50, state: str = "", ids: Sequence[str] | None = None, skip: int = 0
    ) -> tuple[RunRow, ...]:
        """Rows, newest first."""
        self._read("rows", None if ids is None else tuple(ids))
        return tuple(row for row in self.shelf.values() if ids is None or row.id in ids)[skip:][:limit]

    def view(self, run: str) -> RunView:
        """A view; runs without one of their own get the sample's, under their own name."""
        self._read("view", run)
        if run not in self.shelf:
            raise Missing(f"There is no run {run}.")
        return self.views.get(run) or sample.view_of(self.shelf[run])

    def events(
        self, since: int = 0, limit: int = 1000, run: str = "", actions: Sequence[str] = ()
    ) -> tuple[Event, ...]:
        """Events after `since`."""
        self._read("events", since)
        return self.chain[since : since + limit]

    def find(self, kind: type[Any], /, **equal: Any) -> tuple[Any, ...]:
        """What the worker saw of the systems that it talks to, and what waits for them."""
        if kind is OutboxItem:
            self._read("find", kind)
            return tuple(item for item in self.writes if item.state == equal.get("state", item.state))
        if kind is Request:
            return self.asked
        return sample.VIEW.health if kind is PortHealth else ()

    def _read(self, what: str, argument: Any = None) -> None:
        if self.problem:
            raise self.problem
        self.reads.append((what, argument))


class IdleWorkers:
    """Workers of a home where one runs."""

    def ensure(self) -> WorkerState:
        """It runs."""
        return WorkerState(True, 1)

    def state(self) -> WorkerState:
        """It runs."""
        return WorkerState(True, 1)

    def stop(self) -> bool:
        """Nothing stops."""
        return False


@dataclass(frozen=True)
class Answer:
    """What a fake operation answers."""

    run: str
    state: str


PREVIEW = Preview(
    route=Route("backend", "CodeCraft", "Proveo", "backend", ("split", "total"), 6, "frontend", 4),
    risk=Risk("high", ("priority H", "backend")),
    verifier_required=True,
    verifier_reasons=("priority H", "domain backend"),
    criteria=(Criterion("A1", "parts sum to the total", ("python", "-m", "pytest")),),
    coder=sample.CODER,
    verifier=sample.VERIFIER,
    budget_micros=5_000_000,
)


@dataclass
class NotedOperations:
    """`Operations` that do nothing but note what was asked. `refuse` makes the next ones raise."""

    asked: list[tuple[Any, ...]] = field(default_factory=list)
    card: ReviewCard = sample.CARD
    money: CostCard = cost_sample.CARD
    shown: Preview = PREVIEW
    before_this: Sequence[Recent] = ()
    tasks: Sequence[Request] = ()
    metrics: Report = field(default_factory=nothing)
    way: WayIn = WayIn(Path("/nowhere"), why="command:./coder.sh has no session that could go on.")
    still_ending: int = 0
    """So many times the way in is refused first."""
    read_when: str = "read at the next attempt"
    """When an instruction is read."""
    refuse: SourceError | None = None
    before: Callable[[str], None] = lambda name: None

    def preview(self, launch: Launch) -> Preview:
        """The prepared preview."""
        return self._note("preview", self.shown, launch)  # type: ignore[no-any-return]

    def recent(self) -> Sequence[Recent]:
        """The prepared launches of before."""
        return self._note("recent", self.before_this)  # type: ignore[no-any-return]

    def report(self) -> Report:
        """The prepared metrics."""
        return self._note("report", self.metrics)  # type: ignore[no-any-return]

    def measured(self) -> tuple[int, int]:
        """Some of more."""
        return (3, 40)

    def requests(self) -> Sequence[Request]:
        """The prepared tasks of mission control."""
        return self._note("requests", self.tasks)  # type: ignore[no-any-return]

    def start(self, launch: Launch) -> Any:
        """A run that was created."""
        return self._note("start", Answer(sample.RUN, "ready"), launch)

    def review(self, run: str) -> ReviewCard:
        """The prepared card."""
        return self._note("review", self.card, run)  # type: ignore[no-any-return]

    def approve(self, run: str, digest: str, viewed: Sequence[str], open_ms: int) -> Any:
        """The run closes."""
        return self._note("approve", Answer(run, "closing"), run, digest, tuple(viewed), open_ms)

    def cost_review(self, run: str) -> CostCard:
        """The prepared card of a cost review."""
        return self._note("cost_review", self.money, run)  # type: ignore[no-any-return]

    def reject(self, run: str, reason: str, digest: str) -> Any:
        """The run goes on."""
        return self._note("reject", Answer(run, "running"), run, reason, digest)

    def verify(self, run: str) -> Any:
        """Sent."""
        return self._note("verify", Answer(run, "running"), run)

    def allow(self, permission: str, always: bool) -> Any:
        """It may."""
        return self._note("allow", Answer(sample.ROWS[0].id, "running"), permission, always)

    def deny(self, permission: str, words: str) -> Any:
        """It may not."""
        return self._note("deny", Answer(sample.ROWS[0].id, "running"), permission, words)

    def take_over(self, run: str) -> WayIn:
        """The prepared way; while the agent ends it is refused."""
        if self.still_ending:
            self.still_ending -= 1
            raise Refused("claude is at work there.", "Pause the goal first: p.", "not_ready")
        return self._note("take_over", self.way, run)  # type: ignore[no-any-return]

    def retry(self, run: str) -> Any:
        """Tried again."""
        return self._note("retry", Answer(run, "running"), run)

    def cancel(self, run: str) -> Any:
        """Over."""
        return self._note("cancel", Answer(run, "cancelled"), run)

    def pause(self, run: str) -> Any:
        """Paused."""
        return self._note("pause", Answer(run, "paused"), run)

    def resume(self, run: str) -> Any:
        """Goes on."""
        return self._note("resume", Answer(run, "running"), run)

    def instruct(self, run: str, text: str) -> Any:
        """Left."""
        return self._note("instruct", Instructed(run, "running", "message.note", self.read_when), run, text)

    def cap(self, run: str, micros: int, reason: str, scope: str = "run") -> Any:
        """Set, or asked for."""
        is_asked = scope == "thread" and micros > FREE_THREAD_CAP
        done = Done(run, "paused", ASKED) if is_asked else Answer(run, "running")
        return self._note("cap", done, run, micros, reason, scope)

    def land(self, run: str) -> Any:
        """A branch."""
        return self._note("land", Landed(run, "cockpit/8t0a", "9f2c1ab" + "0" * 33, "refs/heads/cockpit/8t0a"), run)

    def requeue(self, item: str) -> Any:
        """Queued."""
        return self._note("requeue", Answer(sample.RUN, "queued"), item)

    def done(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of every call of one operation."""
        return [tuple(arguments) for called, *arguments in self.asked if called == name]

    def _note(self, name: str, answer: Any, *arguments: Any) -> Any:
        self.before(name)
        if self.refuse:
            raise self.refuse
        self.asked.append((name, *arguments))
        return answer


@dataclass
class Seconds:
    """Seconds that only grow when a test says so."""

    now: float = 100.0

    def __call__(self) -> float:
        """The moment."""
        return self.now


@dataclass(frozen=True)
class Desk:
    """The ports that the cockpit reads, all fakes."""

    clock: FixedClock = field(default_factory=lambda: FixedClock(sample.NOW, step_ms=0))
    ledger: ShelfLedger = field(default_factory=ShelfLedger)
    workers: IdleWorkers = field(default_factory=IdleWorkers)


EVIDENCE = Path(tempfile.mkdtemp(prefix="cockpit-"))
"""A folder that is there, and stays empty."""
atexit.register(EVIDENCE.rmdir)


def cockpit(
    desk: Desk | None = None, operations: NotedOperations | None = None, seconds: Seconds | None = None, **more: Any
) -> CockpitApp:
    """A cockpit on fakes, with a clock that stands still."""
    more.setdefault("surroundings", Surroundings(tail=sample.tail))
    app = CockpitApp(
        ports=desk or Desk(),  # type: ignore[arg-type]
        operations=operations or NotedOperations(),
        read_status=sample.status_of,
        evidence_root=EVIDENCE,
        monotonic=seconds or Seconds(),
        **more,
    )
    # The desk's clock stands still, and so does what it is compared with: a slow machine is no jump.
    app._clock_watch._steady = lambda: 0.0
    return app
