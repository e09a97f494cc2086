"""Whatever is done to both ledgers, both say the same."""

import tempfile
from collections.abc import Callable
from operator import methodcaller
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from adapters.ledger.audit import verify
from adapters.ledger.open import open_ledger
from factory.errors import SourceError
from factory.model.audit import Command
from factory.model.blocker import Blocker
from factory.model.cost import Budget, CostEntry
from factory.model.identity import Entity
from factory.model.run import Run
from factory.model.step import Step
from factory.model.thread import Thread
from factory.ports.ledger import Ledger, Transaction
from tests.fakes.clock import FixedClock
from tests.fakes.ledger import MemoryLedger

few = st.integers(0, 3)
runs = few.map("run_{}".format)
entities: st.SearchStrategy[Entity] = st.one_of(
    st.builds(
        Run, id=runs, goal=st.text(max_size=5), idempotency_key=st.sampled_from(["", "k"]), version=st.integers(0, 2),
        state=st.sampled_from(["draft", "running", "blocked", "done"]), namespace=st.sampled_from(["a", "b"]),
    ),
    st.builds(
        Step, id=few.map("stp_{}".format), run=runs, kind=st.sampled_from(["plan", "build", "verify"]), order=few,
        state=st.sampled_from(["pending", "awaiting_verdict", "passed"]), version=st.integers(0, 2),
    ),
    st.builds(Thread, id=few.map("thr_{}".format), run=runs, step=st.just("s"), round=few),
    st.builds(
        CostEntry, id=few.map("cst_{}".format), run=runs, step=st.just("s"), attempt=st.just("a"),
        role=st.just("coder"), agent=st.just("x"), micros=few, basis=st.sampled_from(["unpriced", "reported"]),
    ),
    st.builds(
        Budget, id=few.map("bud_{}".format), run=runs, scope=st.sampled_from(["run", "thread"]), subject=st.just("x"),
        limit_micros=few, reserved_micros=few,
    ),
    st.builds(
        Blocker, id=few.map("blk_{}".format), run=runs, code=st.just("x"), severity=st.sampled_from(["warn", "block"]),
        message=st.text(max_size=5), resolved_at=st.sampled_from(["", "2026-01-01T00:00:00.000Z"]),
    ),
)  # fmt: skip
KINDS = (Run, Step, Thread, CostEntry, Budget, Blocker)


class Twins(RuleBasedStateMachine):
    """A ledger in a file and one in memory, to which the same is done."""

    @initialize()
    def begin(self) -> None:
        """Two empty ledgers, each with a clock that tells the same times."""
        self.folder = tempfile.TemporaryDirectory()
        self.real = open_ledger(Path(self.folder.name) / "ledger.db", FixedClock())
        self.fake = MemoryLedger(FixedClock())

    def both(self, call: Callable[[Ledger], Any]) -> Any:
        """What both answer, or refuse with."""
        said = []
        for ledger in (self.real, self.fake):
            try:
                said.append(call(ledger))
            except SourceError as error:
                said.append((type(error), error.code, error.message))
        assert said[0] == said[1]
        return said[0]

    @rule(batch=st.lists(entities, max_size=4), key=st.sampled_from(["", "", "k1", "k2"]), fails=st.booleans())
    def write(self, batch: list[Entity], key: str, fails: bool) -> None:
        """Store some entities in one transaction, which may fail at its end."""

        def work(tx: Transaction) -> tuple[Entity, ...]:
            stored = tuple(tx.put(entity, "test.put", {"n": n}) for n, entity in enumerate(batch))
            if fails:
                raise SourceError("on second thoughts, no")
            return stored

        self.both(lambda ledger: ledger.write("worker", work, key))

    @rule(kind=st.sampled_from(KINDS), number=few)
    def touch(self, kind: type[Entity], number: int) -> None:
        """Store the next version of something that is there."""
        found = self.fake.find(kind)
        if number < len(found):
            self.both(lambda ledger: ledger.write("worker", lambda tx: tx.put(found[number], "test.touch")))

    @rule(number=few, run=runs)
    def leave(self, number: int, run: str) -> None:
        """Leave a command, and maybe apply it."""
        command = Command(id=f"cmd_{number}", run=run, verb="wake")
        self.both(lambda ledger: ledger.write("worker", lambda tx: tx.leave(command)))

    @rule(number=few)
    def apply(self, number: int) -> None:
        """Apply a command that may be there."""
        self.both(lambda ledger: ledger.applied(f"cmd_{number}"))

    @rule(text=st.sampled_from(["last", "run_0", "run_", "1", "x"]))
    def resolve(self, text: str) -> None:
        """Ask which run is meant."""
        self.both(lambda ledger: ledger.resolve(text))

    @rule(since=few, limit=few, state=st.sampled_from(["", "running"]))
    def read(self, since: int, limit: int, state: str) -> None:
        """Read pages."""
        self.both(lambda ledger: ledger.events(since, limit))
        self.both(lambda ledger: ledger.rows(limit, state))
        self.both(lambda ledger: ledger.rows(limit, state, skip=1))

    @invariant()
    def say_the_same(self) -> None:
        """Both hold the same, in the same order."""
        for kind in KINDS:
            self.both(methodcaller("find", kind))
        self.both(lambda ledger: ledger.rows())
        self.both(lambda ledger: ledger.head())
        self.both(lambda ledger: ledger.pending())
        for run in self.fake.find(Run):
            self.both(methodcaller("view", run.id))

    def teardown(self) -> None:
        """The chain is whole at the end."""
        assert verify(self.real).problem is None
        self.real.close()
        self.folder.cleanup()


TestTwins = Twins.TestCase
TestTwins.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
