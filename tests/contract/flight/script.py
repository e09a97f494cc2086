"""A run that does all kinds of things in a real ledger, and how that ledger looked after each of them."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from adapters.ledger.ledger import SqlLedger
from adapters.ledger.open import open_ledger
from factory.model.audit import Command
from factory.model.blocker import Blocker
from factory.model.cost import Budget, CostEntry
from factory.model.identity import Entity
from factory.model.outbox import PortHealth
from factory.model.permission import Permission
from factory.model.request import Request
from factory.model.run import Run
from factory.model.step import Attempt, Gauge, Step
from factory.model.thread import Thread
from factory.model.view import RunRow, RunView
from factory.ports.ledger import Transaction
from tests.fakes.clock import START, FixedClock
from tests.fakes.full_view import full_view

RUN = "run_1"
OTHER = "run_2"
WORD = "ünï “code” 🛩"


@dataclass(frozen=True)
class Seen:
    """What the ledger said after one write."""

    seq: int
    beats: int
    """How many beats of the run there were since that event."""
    view: RunView
    row: RunRow


def played(path: Path, seed: int, writes: int) -> list[Seen]:
    """Play a run at random, with another one beside it; what the ledger said after each write that can be replayed."""
    with closing(open_ledger(path, FixedClock())) as ledger:
        return list(_play(ledger, Random(seed), writes))


def _play(ledger: SqlLedger, random: Random, writes: int) -> Iterator[Seen]:
    _before(ledger)
    things = [*_things()]
    ledger.write("operator:ana", lambda tx: [tx.put(each, "test.begin") for each in things])
    beats, mine = 0, ledger.head()
    for n in range(writes):
        act = random.choice((_change, _change, _change, _add, _note, _beat, _aside, _other, _other))
        act(ledger, random, n)
        beats = beats + 1 if act is _beat else beats
        if act is not _beat and act is not _other:
            beats, mine = 0, ledger.head()
        if act is not _other:
            (row,) = ledger.rows(ids=[RUN])
            yield Seen(mine.count, beats, replace(ledger.view(RUN), head=mine), row)
    _note(ledger, random, writes)


def _before(ledger: SqlLedger) -> None:
    """What belongs to no run, and is older than the run."""
    for name in ("knowledge", "memory"):
        _put(ledger, PortHealth(id=name, state="up", seen_at=START))
        _put(ledger, replace(ledger.get(PortHealth, name), latency_ms=7))
    cap = Budget(id="bud_ns", run="", scope="namespace", subject="default", limit_micros=9)
    _put(ledger, cap, replace(cap, id="bud_day", scope="day", subject=f"default:{START[:10]}"))
    _put(ledger, Request(id="req_1", ref="7", goal="somebody else's", run=""))


def _things() -> Iterator[Entity]:
    """Everything that one run can have."""
    view = full_view(WORD)
    yield replace(view.run, id=RUN)
    yield replace(view.run, id=OTHER, idempotency_key="x")
    names = ("steps", "attempts", "threads", "approvals", "evidence", "packages", "costs", "budgets", "blockers")
    for name in (*names, "outbox", "pages"):
        yield from getattr(view, name)
    yield Permission(id="prm_0", run=RUN, step="stp_1", attempt="att_1", ask="0", kind="run", title=WORD)


def _put(ledger: SqlLedger, *entities: Entity) -> None:
    ledger.write("worker", lambda tx: [tx.put(each, "test.put") for each in entities])


_CHANGES: dict[type[Entity], dict[str, tuple[Any, ...]]] = {
    Run: {"state": ("running", "blocked", "awaiting_qa", "done"), "state_reason": (WORD, "")},
    Step: {"state": ("running", "awaiting_verdict", "passed"), "deps": ((), ("stp_1",))},
    Attempt: {"state": ("running", "succeeded"), "exit_code": (None, 1), "model": ("", "one")},
    Thread: {"state": ("prewired", "requested", "passed"), "round": (1, 2)},
    Budget: {"reserved_micros": (0, 5), "spent_micros": (1, 2)},
    Blocker: {"resolved_at": ("", START)},
    Permission: {"state": ("open", "allowed")},
    PortHealth: {"state": ("up", "down"), "detail": (WORD, "")},
}


def _changed(tx: Transaction, entity: Entity, random: Random) -> None:
    changes = {name: random.choice(values) for name, values in _CHANGES[type(entity)].items()}
    tx.put(replace(tx.get(type(entity), entity.id), **changes), "test.change", {"n": random.random()})


def _change(ledger: SqlLedger, random: Random, _: int) -> None:
    """One transaction that moves some entities of the run."""
    kinds = [kind for kind in _CHANGES if kind is not PortHealth]
    found = [each for kind in kinds for each in ledger.find(kind) if RUN in (each.id, getattr(each, "run", ""))]
    chosen = random.sample(found, random.randint(1, 3))

    def work(tx: Transaction) -> None:
        for each in chosen:
            _changed(tx, each, random)

    ledger.write("worker", work)


def _add(ledger: SqlLedger, random: Random, n: int) -> None:
    """Something new."""
    makes: tuple[Callable[[], Entity], ...] = (
        lambda: Step(id=f"stp_n{n}", run=RUN, kind=random.choice(("build", "verify", "qa")), order=n % 5),
        lambda: Attempt(id=f"att_n{n}", run=RUN, step="stp_1", n=n + 10, role=random.choice(("coder", "verifier"))),
        lambda: Thread(id=f"thr_n{n}", run=RUN, step="stp_1"),
        lambda: CostEntry(id=f"cst_n{n}", run=RUN, step="s", attempt="a", role="coder", agent="x", basis="reported"),
        lambda: Budget(id=f"bud_n{n}", run=RUN, scope=random.choice(("run", "thread")), subject="s", limit_micros=n),
        lambda: Blocker(id=f"blk_n{n}", run=RUN, code="x", message=WORD, severity="block"),
        lambda: Permission(id=f"prm_n{n}", run=RUN, step="s", attempt="a", ask=f"{n}", kind="run", title="x"),
    )
    _put(ledger, random.choice(makes)())
    ledger.write("operator:ana", lambda tx: tx.leave(Command(id=f"cmd_{n}", run=RUN, verb="wake")))


def _note(ledger: SqlLedger, random: Random, n: int) -> None:
    ledger.write("operator:ana", lambda tx: tx.note("look", RUN, run=RUN, detail={"n": n}))


def _beat(ledger: SqlLedger, random: Random, n: int) -> None:
    attempt = random.choice([each for each in ledger.find(Attempt) if each.run == RUN])
    gauge = random.choice((None, Gauge(spent=n, in_flight=1, doing=WORD)))
    session = random.choice(("", f"s{n}"))
    ledger.beat(attempt.id, f"2026-01-01T13:00:{n % 60:02d}.000Z", random.choice(("", START)), gauge, session)


def _aside(ledger: SqlLedger, random: Random, _: int) -> None:
    """What belongs to no run."""
    found = [*ledger.find(PortHealth), *ledger.find(Budget, run="")]
    chosen = random.choice(found)
    ledger.write("worker", lambda tx: _changed(tx, chosen, random))


def _other(ledger: SqlLedger, random: Random, n: int) -> None:
    """The run beside it, and a request: nothing of this is the run's."""
    run, request = ledger.get(Run, OTHER), ledger.get(Request, "req_1")
    goal = f"goal {n}"
    _put(ledger, random.choice((replace(run, goal=goal), replace(request, goal=goal))))
