"""Drives a scripted Claude through the real registry, shim and driver: `rig.plays(…)`, then `await rig.run()`."""

import asyncio
import json
import os
from collections.abc import Callable, Mapping
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
from factory.ports.agents import AgentResult, AgentTask, Live
from factory.rules.permissions import Policy
from tests.contract.agent_rig import ATTEMPT_ENDS_S, Listener, task, until
from tests.support.fake_claude import MODEL, write_program

DOLLAR = 1_000_000
PRICES = {MODEL: (DOLLAR, DOLLAR, DOLLAR, DOLLAR)}
"""A dollar for a million tokens: 100000 of them are ten cents."""


@dataclass
class Rig:
    """One machine with a scripted Claude on it."""

    folder: Path
    settings: AgentSettings = field(default_factory=lambda: AgentSettings("claude", prices=PRICES))
    policy: Policy = field(default_factory=Policy)
    heard: Listener = field(default_factory=Listener)
    grace_s: float = 5.0
    """What it gets to end by itself; a test with one that never does makes it short."""

    @property
    def bin(self) -> Path:
        """Where its programs are."""
        return self.folder / "bin"

    def plays(self, *script: Mapping[str, Any], resumed: list[Any] | None = None) -> None:
        """What the agent does."""
        write_program(self.bin / "claude", list(script), resumed)

    def task(self, *, attempt: int = 1, wall_s: float = ATTEMPT_ENDS_S, **changes: Any) -> AgentTask:
        """An attempt; all attempts share one worktree, as those of a session do."""
        given = replace(task(self.folder, self.settings.name, attempt=attempt, wall_s=wall_s), **changes)
        worktree = self.folder / "tree"
        worktree.mkdir(exist_ok=True)
        return replace(given, worktree=worktree)

    def agents(self) -> LocalAgents:
        """The registry, as a worker has it."""
        return LocalAgents(
            self.folder / "home", {self.settings.name: self.settings}, policy=self.policy, grace_s=self.grace_s
        )

    async def run(self, attempt: AgentTask | None = None) -> AgentResult:
        """One attempt to its end."""
        return await self.agents().run(attempt or self.task(), self.heard)

    def start(self, attempt: AgentTask | None = None) -> "asyncio.Task[AgentResult]":
        """The same in the background."""
        return asyncio.create_task(self.run(attempt))

    def place(self, attempt: int = 1) -> Path:
        """The folder of an attempt."""
        return self.agents().folder(self.task(attempt=attempt))

    def session(self, attempt: int = 1) -> FolderSession:
        """The session of an attempt, as the factory opens it."""
        return FolderSession(self.place(attempt))

    def events(self, attempt: int = 1) -> list[AgentEvent]:
        """What its journal holds."""
        return [entry.event for entry, _ in entries(self.place(attempt))]

    def of(self, kind: type[Any], attempt: int = 1) -> list[Any]:
        """The events of one kind."""
        return [event for event in self.events(attempt) if isinstance(event, kind)]

    async def live(self, what: Callable[[Live], bool], attempt: int = 1) -> Live:
        """Wait until something is so with the agent."""
        await until(lambda: (live := self.session(attempt).live()) is not None and what(live))
        found = self.session(attempt).live()
        assert found is not None
        return found

    async def finished(self, attempt: int = 1) -> Finished:
        """The one end that everybody hears who opens the session now."""
        ends = [event async for event in self.session(attempt).events() if isinstance(event, Finished)]
        (end,) = ends
        return end

    def left(self, attempt: int = 1) -> set[tree.Process]:
        """What still runs of an attempt, but for its shim, which ends right after its last word."""
        folder = self.place(attempt)
        shim = json.loads((folder / "pid.json").read_text())["pid"]
        return {process for process in tree.tagged(launch.tag(folder)) if process[0] != shim}

    def pids(self, attempt: int = 1) -> dict[str, int]:
        """Process ids of shim, driver and agent."""
        shim = int(json.loads((self.place(attempt) / "pid.json").read_text())["pid"])
        driver = _child(shim)
        return {"shim": shim, "driver": driver, "agent": _child(driver)}


def a_rig(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    """A rig whose programs are found first."""
    rig = Rig(folder)
    rig.bin.mkdir()
    monkeypatch.setenv("PATH", f"{rig.bin}{os.pathsep}{os.environ['PATH']}")
    return rig


def _child(of: int) -> int:
    (child,) = (pid for pid in tree._pids() if tree.parent(pid) == of)
    return child
