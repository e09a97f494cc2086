"""A factory floor in memory: every port a fake, agents that write files, checks that read them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from adapters.knowledge.prompts import JinjaPrompts
from factory.model.defaults import Defaults
from factory.model.gate import Gate
from factory.model.launch import Launch
from factory.model.run import Run
from factory.model.view import RunView
from factory.operations.start import start
from factory.operations.verify import verify
from factory.ports.agents import AgentInfo, AgentResult, AgentTask, Answers, Progress, Role, Tier, WayIn
from factory.ports.bundle import Ports
from factory.ports.checks import Check, CheckResult, Outcome
from factory.ports.worker import WorkerState
from factory.rules.moves import awaits_request
from factory.workflow.building import build_child
from factory.workflow.run import run_workflow
from factory.workflow.verifying import verify_child
from tests.fakes.clock import FixedClock
from tests.fakes.durable import Crashed, MemoryDurable
from tests.fakes.evidence import FakeEvidence
from tests.fakes.knowledge import FakeMemory, FakePages, FakeRouter
from tests.fakes.ledger import MemoryLedger
from tests.fakes.sessions import FakeSession
from tests.fakes.workspace import FakeWorkspace

Turn = Callable[[AgentTask], AgentResult]


def write(text: str, **said: object) -> Turn:
    """A coder that writes `text` into `calc.py` and leaves."""

    def turn(task: AgentTask) -> AgentResult:
        (task.worktree / "calc.py").write_text(text)
        return AgentResult(0, **{"cost_micros": 10_000, **said})  # type: ignore[arg-type]

    return turn


def idle(**said: object) -> Turn:
    """A coder that talks and changes nothing."""
    return lambda task: AgentResult(0, **{"summary": "all tests pass", "cost_micros": 0, **said})  # type: ignore[arg-type]


def says(word: str, commands: Sequence[str] = (), subject: str = "", **more: object) -> Turn:
    """A verifier with a verdict about its subject (or another one)."""

    def turn(task: AgentTask) -> AgentResult:
        verdict = {"verdict": word, "subject": subject or task.subject, "commands": list(commands), **more}
        return AgentResult(0, cost_micros=20_000, verdict=verdict)

    return turn


@dataclass
class TurnAgents:
    """`Agents` that play one turn an attempt; an attempt that was played is not played again."""

    folder_root: Path
    coder: list[Turn] = field(default_factory=list)
    verifier: list[Turn] = field(default_factory=list)
    played: dict[tuple[str, int], AgentResult] = field(default_factory=dict)
    prompts: list[str] = field(default_factory=list)
    stopped: list[tuple[str, str]] = field(default_factory=list)
    tasks: list[AgentTask] = field(default_factory=list)
    driven: bool = False
    tiers: dict[str, Tier] = field(default_factory=dict)
    sessions: dict[Path, FakeSession] = field(default_factory=dict)

    def check(self, agent: str, base: Path) -> str:
        """Every name is fine."""
        return agent

    def company(self, agent: str) -> str:
        """The route decides."""
        return ""

    def tier(self, agent: str) -> Tier:
        """As the test says."""
        return self.tiers.get(agent, "standard")

    def folder(self, task: AgentTask) -> Path:
        """Where it would keep its things."""
        return self.folder_root / task.run / f"{task.step}-{task.attempt}"

    def is_driven(self, agent: str) -> bool:
        """As the test says."""
        return self.driven

    def hears(self, agent: str) -> bool:
        """It does not."""
        return False

    def answers(self, agent: str, role: Role) -> Answers:
        """By file, unless a driver talks to it."""
        return "message" if self.driven else "file"

    def open(self, folder: Path) -> FakeSession:
        """One for each folder."""
        return self.sessions.setdefault(folder, FakeSession())

    async def run(self, task: AgentTask, progress: Progress) -> AgentResult:
        """The next turn of this role, once."""
        key = (task.step, task.attempt)
        if key not in self.played:
            self.tasks.append(task)
            self.prompts.append(task.prompt)
            turns = self.coder if task.role == "coder" else self.verifier
            self.played[key] = turns.pop(0)(task)
        return self.played[key]

    def stop(self, run: str, step: str, reason: str) -> None:
        """Remember it."""
        self.stopped.append((step, reason))

    def way_in(self, agent: str, run: str, folder: Path, session: str, operator_path: str) -> WayIn:
        """None but a shell."""
        return WayIn(folder, why=f"{agent} has no session that could go on.")

    def list(self) -> tuple[AgentInfo, ...]:
        """None but the two."""
        return (AgentInfo("coder-x", True, ready=True),)


@dataclass
class ReadingChecks:
    """`Checks` whose commands are `has FILE TEXT`: passed when the file of the checkout holds the text."""

    ran: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    async def run(self, check: Check) -> CheckResult:
        """Look into the checkout."""
        self.ran.append(check.name)
        check.out.mkdir(parents=True, exist_ok=True)
        log = check.out / f"{check.name}.log"
        log.write_text(f"{check.argv}\n")
        outcome = self._outcome(check)
        code = {"passed": 0, "failed": 1, "broken": 127}[outcome]
        return CheckResult(outcome, outcome, check.argv, code, START, END, log)

    def _outcome(self, check: Check) -> Outcome:
        if check.argv[0] in self.broken:
            return "broken"
        path = check.checkout / check.argv[1]
        return "passed" if path.is_file() and check.argv[2] in path.read_text() else "failed"


START, END = "2026-01-01T12:00:00.000Z", "2026-01-01T12:00:01.000Z"


class NoWorkers:
    """`Workers` for tests that play the worker themselves."""

    def ensure(self) -> WorkerState:
        """Nothing to start."""
        return WorkerState(running=True)

    def state(self) -> WorkerState:
        """One is there."""
        return WorkerState(running=True)

    def stop(self) -> bool:
        """None to stop."""
        return False


class Floor:
    """Everything that a workflow test needs, and the operator beside it."""

    def __init__(self, home: Path, defaults: Defaults | None = None) -> None:
        self.clock = FixedClock()
        self.ledger = MemoryLedger(self.clock)
        self.workspace = FakeWorkspace(home)
        self.agents = TurnAgents(home / "agents")
        self.checks = ReadingChecks()
        self.evidence = FakeEvidence(home)
        self.inside = ""
        self.repo = home / "repo"
        self.base = self.workspace.record(self.repo, {"calc.py": b"wrong\n", "tests/test_calc.py": b"strict\n"})
        self.ports = Ports(
            clock=self.clock,
            ledger=self.ledger,
            workspace=self.workspace,
            agents=self.agents,
            checks=self.checks,
            evidence=self.evidence,
            memory=FakeMemory(),
            pages=FakePages(),
            prompts=JinjaPrompts(),
            router=FakeRouter(),
            workers=NoWorkers(),
            inside_agent=lambda: self.inside,
            defaults=defaults or Defaults(),
            scratch=home / "scratch",
            actor="operator:ana",
        )
        self.durable = self._engine()
        self.run_id = ""
        self._parked = False
        self.on_wait: list[Callable[[RunView], None]] = []

    def forget(self) -> None:
        """The engine loses all it knew; the ledger is all that is left."""
        self.durable = self._engine()

    def _engine(self) -> MemoryDurable:
        children = {"build": build_child, "verify": verify_child}
        return MemoryDurable(ports=self.ports, children=children, idle=self._idle)

    def launch(self, **changes: object) -> str:
        """Start a run with sensible values."""
        values: dict[str, object] = {
            "goal": "Make calc right",
            "repo": self.repo,
            "priority": "H",
            "accept": ("A1: calc is right :: has calc.py right",),
            "coder": "coder-x",
            "verifier": "verifier-y",
        }
        self.run_id = start(self.ports, Launch(**{**values, **changes})).run  # type: ignore[arg-type]
        return self.run_id

    async def go(self, **crash: int) -> RunView:
        """Run the workflow until it ends or waits for what no test hook does; returns the picture then."""
        if self._parked:
            self._parked = False
            self.durable.wake()
        try:
            await self.durable.run(run_workflow, self.run_id, **crash)
        except Parked:
            self._parked = True
        return self.view

    @property
    def view(self) -> RunView:
        """The run as it is now."""
        return self.ledger.view(self.run_id)

    @property
    def run(self) -> Run:
        """The run's own row."""
        return self.view.run

    @property
    def gate(self) -> Gate:
        """The newest QA gate; there must be one."""
        found = self.view.gate("qa")
        assert found is not None
        return found

    def press_v(self, view: RunView) -> None:
        """An operator who sends to the verifier whenever artefacts are ready."""
        if awaits_request(view):
            verify(self.ports, self.run_id)

    def package(self, index: int = -1) -> dict[str, object]:
        """A frozen package as it is on disk."""
        path = Path(self.view.packages[index].path) / "package.json"
        loaded: dict[str, object] = json.loads(path.read_text())
        return loaded

    def _idle(self, _timeout_s: float) -> None:
        """The workflow waits: let the operator act. When nothing came of it, the test looks at the parked run."""
        before = self.ledger.head()
        for act in self.on_wait:
            act(self.view)
        if self.ledger.head() == before:
            raise Parked
        self.durable.wake()


class Parked(BaseException):
    """The run waits for a person, and the test has nobody who would come."""


__all__ = ["Crashed", "Floor", "Parked", "idle", "says", "write"]
