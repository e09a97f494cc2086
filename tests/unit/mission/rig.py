"""A run, its mirror, the worker that fills it and a Mission Control, all in memory, with one clock."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.mission.client import open_mission
from adapters.mission.target import MissionTarget
from adapters.mission.verdicts import Verdicts
from factory.model.blocker import Blocker
from factory.model.evidence import Package
from factory.model.gate import Approval, Gate
from factory.model.outbox import OutboxItem
from factory.model.run import Criterion, Run
from factory.model.states import after
from factory.model.step import Attempt, Step
from factory.model.thread import Message, Thread
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.workflow.contradictions import Contradictions
from factory.workflow.delivery import deliver_due
from factory.workflow.mirroring import Mirror, queue_goal
from tests.fakes.clock import FixedClock
from tests.fakes.durable import Crashed
from tests.support.fake_mission_control import PASSWORD, URL, FakeMissionControl
from tests.support.mission_control.rows import Row
from tests.unit.knowledge.post_room import MortalLedger, ports_of

RUN = "run_1"
GOAL = "Fix split(): @dataclass parts must add up"


class Rig:
    """One run beside its mirror. `look` is one pass of the worker."""

    def __init__(self, mc_ref: str = "", assignee: str = "cockpit") -> None:
        self.clock = FixedClock()
        self.fake = FakeMissionControl(self._seconds)
        self.ledger = MortalLedger(self.clock)
        self.client = open_mission(URL, "operator1", lambda: PASSWORD, self.fake.transport(), self._seconds)
        told = Contradictions(self.ledger, self.clock)
        verdicts = Verdicts(self.client, self._seconds)
        self.target = MissionTarget(self.client, assignee, "", told, verdicts)
        self.mirror = Mirror(self.ports)
        run = Run(id=RUN, goal=GOAL, criteria=(Criterion("A1", "they add up"),), mc_ref=mc_ref, state="ready")
        self.write(lambda tx: tx.put(run, "run.create"))
        for order, kind in enumerate(("build", "verify", "qa"), 1):
            step = Step(id=f"stp_{kind}", run=RUN, kind=kind, order=order, state="ready")  # type: ignore[arg-type]
            self.write(lambda tx, step=step: tx.put(step, "step.create"))  # type: ignore[misc]
        self.write(lambda tx: tx.put(Thread(id="thr_1", run=RUN, step="stp_build"), "thread.prewire"))

    def _seconds(self) -> float:
        return datetime.fromisoformat(self.clock.now()).timestamp()

    @property
    def ports(self) -> Ports:
        """What the worker has."""
        ports = ports_of(self.clock, self.ledger, self.target)
        return replace(ports, copies={"goal": ("mission",)})

    def write(self, work: Callable[[Transaction], Any]) -> None:
        """One transaction of the factory's."""
        self.ledger.write("worker", work)

    def move(self, kind: type[Any], id: str, *events: str, **changes: Any) -> None:
        """Move something on."""
        for event in events:
            action = f"{kind.__name__.lower()}.{event}"
            self.write(lambda tx, e=event, a=action: tx.put(after(tx.get(kind, id), e, **changes), a))  # type: ignore[misc]

    def start(self) -> None:
        """The run begins to work."""
        self.move(Run, RUN, "start")
        self.move(Step, "stp_build", "begin")

    def attempt(self, n: int = 1, **changes: Any) -> None:
        """An agent has been at work, and has said something."""
        fields = {"state": "succeeded", "started_at": self.clock.now(), "ended_at": self.clock.now(), **changes}
        made = Attempt(id=f"att_{n}", run=RUN, step="stp_build", n=n, agent="coder", company="CodeCraft", **fields)
        self.write(lambda tx: tx.put(made, "attempt.create"))
        self.say(n, f"attempt {n} by @coder")

    def say(self, n: int, body: str, ref: str = "") -> None:
        """A message of the thread."""
        message = Message(
            id=f"msg_{n}", run=RUN, thread="thr_1", seq=n, sender="coder", recipient="verifier", kind="request",
            body=body, external_ref=ref,
        )  # fmt: skip
        self.write(lambda tx: tx.put(message, "message.send"))

    def block(self) -> None:
        """The build needs a person."""
        blocker = Blocker(
            id="blk_1", run=RUN, code="stalled", severity="block", message="It is silent.", cause_ref="stp_build"
        )
        self.write(lambda tx: tx.put(blocker, "blocker.open"))
        self.move(Step, "stp_build", "stall", "block")
        self.move(Run, RUN, "block")

    def unblock(self) -> None:
        """A person helped."""
        self.write(lambda tx: tx.put(replace(tx.get(Blocker, "blk_1"), resolved_at="now"), "blocker.resolve"))
        self.move(Step, "stp_build", "release", "begin")
        self.move(Run, RUN, "unblock")

    def open_gate(self, n: int = 1) -> None:
        """The evidence is frozen, and a person has to decide."""
        package = Package(id=f"pkg_{n}", run=RUN, phase="qa", n=n, state="frozen", path=f"/p/{n}", digest=str(n) * 64)
        gate = Gate(id=f"gat_{n}", run=RUN, kind="qa", state="open", package_digest=package.digest)
        self.write(lambda tx: (tx.put(package, "package.build"), tx.put(gate, "gate.create")))
        self.move(Run, RUN, "await_qa")

    def decide(self, n: int = 1, word: str = "approve") -> None:
        """A person decided here."""
        decision = Approval(
            id=f"apr_{n}", run=RUN, gate=f"gat_{n}", decision=word, actor="operator:ana", reason="Looked at it all.",  # type: ignore[arg-type]
            package_digest=str(n) * 64,
        )  # fmt: skip
        self.write(lambda tx: tx.put(decision, "gate.decide"))
        self.move(Gate, f"gat_{n}", word)
        self.move(Run, RUN, word)

    def finish(self) -> None:
        """The run is done; its last write is queued with that."""
        self.move(Step, "stp_build", "pass")

        def work(tx: Transaction) -> None:
            view = self.ledger.view(RUN)
            queue_goal(tx, self.ports, replace(view, run=replace(view.run, state="done", result_commit="c0ffee")))
            tx.put(after(tx.get(Run, RUN), "finish", result_commit="c0ffee"), "run.finish")

        self.write(work)

    def look(self, times: int = 1, apart_s: float = 1.0) -> None:
        """Passes of the worker: the mirror, then what is due."""
        for _ in range(times):
            self.mirror.look()
            deliver_due(self.ports, self.clock.now(), lambda _tries, _id: 1.0)
            self.clock.advance(apart_s)

    def look_and_maybe_die(self) -> None:
        """A pass in which the worker may be killed; the next one begins anew."""
        try:
            self.look()
        except Crashed:
            self.mirror = Mirror(self.ports)
        self.ledger.die_at = 0

    def settle(self) -> None:
        """Everything works again, and time passes, until the mirror holds all there is."""
        self.fake.faults.clear()
        for _ in range(100):
            self.look(apart_s=31)
            self.mirror.look()
            if all(item.state == "delivered" for item in self.items()):
                return
        raise AssertionError(f"never delivered: {[item for item in self.items() if item.state != 'delivered']}")

    def items(self, op: str = "") -> Sequence[OutboxItem]:
        """What was queued for the mirror, oldest first."""
        return [item for item in self.ledger.find(OutboxItem, target="mission") if op in ("", item.op)]

    def tasks(self, kind: str) -> list[Row]:
        """Tasks of a kind there, oldest first."""
        return [task for task in self.fake.books.tasks.values() if task["metadata"].get("kind") == kind]

    @property
    def goal(self) -> Row:
        """The one task of the goal."""
        (task,) = self.tasks("goal")
        return task

    def goal_of(self, run: str) -> Row:
        """The one task of a run's goal."""
        (task,) = (task for task in self.tasks("goal") if task["metadata"]["client_id"] == run)
        return task

    def alerts(self) -> list[str]:
        """Outages and recoveries as they were announced."""
        said = self.ledger.events(limit=1_000_000)
        return [e.action for e in said if e.action in ("port.outage", "port.recovered") and e.object == "mission"]

    def blockers(self) -> list[Blocker]:
        """Warnings of the run."""
        return list(self.ledger.find(Blocker, code="mission_conflict"))


def quietly(work: Callable[[], None]) -> None:
    """Do something in which the worker may die."""
    with suppress(Crashed):
        work()
