"""One real agent, driven as the factory drives it, against a model that is scripted."""

import asyncio
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from adapters.agents import launch, tree
from adapters.agents.journal import entries
from adapters.agents.registry import LocalAgents
from adapters.agents.session import FolderSession
from adapters.agents.settings import AgentSettings
from factory.model.agent_event import AgentEvent, Finished
from factory.ports.agents import AgentResult, AgentTask
from factory.rules.permissions import Policy
from tests.agents.installing import path, program
from tests.contract.agent_rig import Listener, task
from tests.e2e.product import make_repository
from tests.support.fake_model import FakeModel, Scenario

SCENARIOS = Path(__file__).parents[1] / "support" / "scenarios"
KEY = "scripted-key-of-nobody"
FILES = {
    "calc.py": "def add(a, b):\n    return a - b\n",
    "test_calc.py": (
        "import unittest\n\nfrom calc import add\n\n\nclass TestAdd(unittest.TestCase):\n"
        "    def test_add(self):\n        self.assertEqual(add(2, 3), 5)\n"
    ),
    "slow.py": "import pathlib, time\n\npathlib.Path('slow.txt').touch()\ntime.sleep(311)\n",
}
RUN_TESTS = "run python3 -m unittest *"


@dataclass(frozen=True)
class Known:
    """How an agent is pointed at the scripted model."""

    name: str
    program: str
    model: str
    key: str
    """Environment variable of its key."""
    url: str = ""
    """Behind the address of the model."""
    options: Mapping[str, str] = field(default_factory=dict)
    use: str = ""
    asks: bool = True
    asks_about: str = "run_command"
    """The scenario in which it asks: what its sandbox allows, `codex-acp` does unasked."""
    asking: Mapping[str, str] = field(default_factory=dict)
    """Options with which it asks."""
    call_micros: int = 12_600
    """What a call of 10000 tokens of input and 10 of output costs with its model."""
    starts_s: float = 12.0
    """How long it may take from its start to its first model call."""
    overshoots: int = 1
    """Calls that it may make beyond its cap: 0 where it waits with each for our word."""

    def settings(self, url: str) -> AgentSettings:
        """Its `[agents.NAME]`."""
        return AgentSettings(
            self.name,
            self.use or self.name,
            env=(self.key,),
            model=self.model,
            program=str(program(self.program)),
            options={"base_url": url + self.url, "env_key": self.key, **self.options},
        )


LOCAL = {"provider": "local"}
KNOWN: dict[str, Known] = {
    "claude": Known("claude", "claude", "claude-sonnet-4-5", "ANTHROPIC_API_KEY", call_micros=30_150, overshoots=0),
    "codex": Known("codex", "codex", "gpt-5.1-codex", "CODEX_API_KEY", "/v1", LOCAL, asks=False),
    "pi": Known("pi", "pi", "gpt-5.1-codex", "OPENAI_API_KEY", "/v1", LOCAL),
    "opencode": Known("opencode", "opencode", "gpt-5.1-codex", "OPENAI_API_KEY", "/v1", LOCAL, starts_s=40.0),
}
ACP = {
    "claude-agent-acp": Known(
        "claude-agent-acp", "claude-agent-acp", "claude-sonnet-4-5", "ANTHROPIC_API_KEY", use="acp:claude-agent-acp"
    ),
    "codex-acp": Known(
        "codex-acp",
        "codex-acp",
        "gpt-5.5",
        "CODEX_API_KEY",
        "/v1",
        LOCAL,
        use="acp:codex-acp",
        asks_about="edit_only",
        asking={"mode": "read-only"},
    ),
}
"""The same agents through an adapter: their work, permissions and sessions are tried; the rest is recorded."""
ALL = KNOWN | ACP


class RealAgent:
    """One agent on this machine, in a folder of its own."""

    def __init__(self, known: Known, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.known, self.folder = known, folder
        self.repo = make_repository(folder / "repo", FILES)
        self.heard = Listener()
        self.policy = Policy(allow=("read *", "edit *", RUN_TESTS))
        self.options: Mapping[str, str] = {}
        """More options of its `[agents.NAME]`."""
        self._url = ""
        patch.setenv(known.key, KEY)
        patch.setenv("PATH", path())

    @contextmanager
    def model(self, scenario: str, turns: list[dict[str, Any]] | None = None, key: str = "") -> Iterator[FakeModel]:
        """A model that plays a scenario file, or these turns."""
        given = {"repo": str(self.repo), "outside": str(self.folder)}
        made = (
            Scenario.parse({"turns": turns}, given) if turns else Scenario.load(SCENARIOS / f"{scenario}.json", given)
        )
        made.api_key = key or made.api_key
        with FakeModel(made) as served:
            self._url = served.url()
            yield served

    def task(self, prompt: str = "Fix add() in calc.py and run the test", **changes: Any) -> AgentTask:
        """One attempt."""
        attempt = changes.pop("attempt", 1)
        wall_s = changes.pop("wall_s", 90.0 + 2 * self.known.starts_s)
        given = task(self.folder, self.known.name, attempt=attempt, wall_s=wall_s)
        return replace(given, prompt=prompt, worktree=self.repo, operator_path=os.environ["PATH"], **changes)

    def agents(self) -> LocalAgents:
        """The registry, as a worker has it."""
        own = self.known.settings(self._url)
        settings = {own.name: replace(own, options={**own.options, **self.options})}
        return LocalAgents(self.folder / "home", settings, policy=self.policy, grace_s=2.0)

    async def run(self, attempt: AgentTask | None = None) -> AgentResult:
        """One attempt to its end."""
        attempt = attempt or self.task()
        result = await self.agents().run(attempt, self.heard)
        await self._assert_one_end(attempt)
        return result

    def start(self, attempt: AgentTask | None = None) -> "asyncio.Task[AgentResult]":
        """The same in the background."""
        return asyncio.create_task(self.run(attempt))

    def place(self, attempt: int = 1) -> Path:
        """The folder of an attempt."""
        return self.agents().folder(self.task(attempt=attempt))

    def session(self, attempt: int = 1) -> FolderSession:
        """Its session, as the factory opens it."""
        return FolderSession(self.place(attempt))

    def events(self, attempt: int = 1) -> list[AgentEvent]:
        """What its journal holds."""
        return [entry.event for entry, _ in entries(self.place(attempt))]

    def of(self, kind: type[Any], attempt: int = 1) -> list[Any]:
        """The events of one kind."""
        return [event for event in self.events(attempt) if isinstance(event, kind)]

    async def _assert_one_end(self, attempt: AgentTask) -> None:
        """Holds for each end: one `Finished`, and nothing runs any more."""
        folder = self.agents().folder(attempt)
        ends = [event async for event in FolderSession(folder).events() if isinstance(event, Finished)]
        assert len(ends) == 1
        shim = launch._holder(folder)
        assert {one for one in tree.tagged(launch.tag(folder)) if shim is None or one[0] != shim[0]} == set()
