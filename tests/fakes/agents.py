"""`Agents` without processes: turns that a test wrote beforehand."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from adapters.agents.folders import attempt_folder
from factory.errors import Missing
from factory.ports.agents import AgentInfo, AgentResult, AgentTask, Answers, Progress, Role, Tier, WayIn
from tests.fakes.sessions import FakeSession

POLL_S = 0.001


@dataclass(frozen=True)
class FakeTurn:
    """What an agent does in one attempt, and how it ends."""

    result: AgentResult = AgentResult(0)
    do: Callable[[AgentTask], None] = lambda task: None
    """Its work: writing files, mostly. Happens once, when the attempt starts."""
    silent_s: float = 0.0
    """What `Progress` is told."""
    output_bytes: int = 100
    waits: bool = False
    """It goes on until it is stopped."""


@dataclass
class FakeAgents:
    """Plays the turns of each role in order, the last one again and again.

    Args:
        root: Where the folders of attempts are.
        turns: By role.
        names: Agents that exist; each is its own full name.
        companies: By agent.
    """

    root: Path
    turns: Mapping[str, Sequence[FakeTurn]] = field(default_factory=dict)
    names: Sequence[str] = ("command:coder", "command:verifier")
    companies: Mapping[str, str] = field(default_factory=dict)
    driven: Sequence[str] = ()
    """Agents that a driver talks to."""
    hearing: Sequence[str] = ()
    """Agents that take words while they work."""
    tiers: Mapping[str, Tier] = field(default_factory=dict)
    started: list[AgentTask] = field(default_factory=list, init=False)
    """Every attempt that was really started, in order; a re-attach is none."""
    sessions: dict[Path, FakeSession] = field(default_factory=dict, init=False)
    _running: dict[Path, FakeTurn] = field(default_factory=dict, init=False)
    _ended: dict[Path, AgentResult] = field(default_factory=dict, init=False)
    _stops: dict[Path, str] = field(default_factory=dict, init=False)

    def check(self, agent: str, base: Path) -> str:
        """The agent, if it exists."""
        if agent not in self.names:
            raise Missing(f"There is no agent {agent!r}.", f"There are {', '.join(self.names)}.")
        return agent

    def company(self, agent: str) -> str:
        """As the test configured it."""
        return self.companies.get(agent, "")

    def tier(self, agent: str) -> Tier:
        """As the test says."""
        return self.tiers.get(agent, "standard")

    def folder(self, task: AgentTask) -> Path:
        """`<run>/<step>-<attempt>`."""
        return attempt_folder(self.root, task)

    def is_driven(self, agent: str) -> bool:
        """As the test says."""
        return agent in self.driven

    def hears(self, agent: str) -> bool:
        """As the test says."""
        return agent in self.hearing

    def answers(self, agent: str, role: Role) -> Answers:
        """By file, unless a driver talks to it."""
        return "message" if self.is_driven(agent) else "file"

    def open(self, folder: Path) -> FakeSession:
        """One for each folder."""
        return self.sessions.setdefault(folder, FakeSession())

    async def run(self, task: AgentTask, progress: Progress) -> AgentResult:
        """Play the next turn of the role, or wait for the one that was started already."""
        folder = self.folder(task)
        if folder in self._ended:
            return self._ended[folder]
        if folder not in self._running:
            self.stop(task.run, task.step, "lost")
            self._start(folder, task)
        turn = self._running[folder]
        progress.alive(turn.silent_s, turn.output_bytes)
        while turn.waits and folder not in self._stops:  # noqa: ASYNC110 - another thread may stop it
            await asyncio.sleep(POLL_S)
        self._ended[folder] = self._result(folder, turn)
        return self._ended[folder]

    def stop(self, run: str, step: str, reason: str) -> None:
        """End the open attempts of the run, or of one of its steps."""
        for folder in self._running.keys() - self._ended.keys():
            owner = folder.name.rpartition("-")[0]
            if folder.parent.name == run and step in ("", owner):
                self._stops.setdefault(folder, reason)

    def way_in(self, agent: str, run: str, folder: Path, session: str, operator_path: str) -> WayIn:
        """None but a shell."""
        return WayIn(folder, why=f"{agent} has no session that could go on.")

    def list(self) -> tuple[AgentInfo, ...]:
        """All that exist, all ready."""
        return tuple(AgentInfo(name, installed=True, ready=True) for name in self.names)

    def _start(self, folder: Path, task: AgentTask) -> None:
        turns = self.turns.get(task.role) or [FakeTurn()]
        before = sum(other.role == task.role for other in self.started)
        turn = turns[min(before, len(turns) - 1)]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "out.log").write_text(f"fake agent: the {task.role}'s turn {before + 1}\n")
        self.started.append(task)
        self._running[folder] = turn
        turn.do(task)

    def _result(self, folder: Path, turn: FakeTurn) -> AgentResult:
        result = replace(turn.result, log=turn.result.log or folder / "out.log")
        reason = self._stops.get(folder)
        return replace(result, exit_code=None, end_reason=reason) if reason else result
