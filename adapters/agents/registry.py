"""The agents of this machine: a shim holds each attempt, which therefore survives us."""

import asyncio
import contextlib
import logging
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from adapters.agents import by_hand, launch
from adapters.agents.capture import CAP_BYTES
from adapters.agents.driving.inbox import NAME as INBOX
from adapters.agents.driving.orders import NAME as JOB
from adapters.agents.driving.orders import write_orders
from adapters.agents.folders import attempt_folder, open_attempts
from adapters.agents.job import orders_for
from adapters.agents.launch import Limits
from adapters.agents.names import AgentNames
from adapters.agents.results import declared, last_words, not_started, result_of
from adapters.agents.session import FolderSession
from adapters.agents.settings import AgentSettings
from adapters.agents.shim import HELD
from adapters.agents.silence import Silence
from adapters.agents.small_files import write_object, write_private
from adapters.environment import allowed, passed, secret_names, secret_values
from adapters.process import RUN_TAG, see_out
from factory.errors import SourceError, Unreachable
from factory.ports.agents import AgentInfo, AgentResult, AgentTask, Answers, Progress, Role, Session, Tier, WayIn
from factory.rules.permissions import Policy
from factory.rules.redaction import redact

POLL_S = 0.05
LOOK_EVERY_S = 1.0
SAW_EVERY_S = 0.25
POLITE_S = 15.0
"""Longer than a driver takes to end its agent by every means it has."""
POLITE_REASONS = frozenset({"paused", "cancelled", "operator_retry"})
DRIVEN_WALL_S = 86_400.0
"""For the shim of a driver, which keeps the working time itself: waiting for an answer is no work."""
QUIET = {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": "-p no:cacheprovider"}
"""For a verifier, whose checkout is read-only: its tests leave nothing behind."""
BEAT_EVERY_S = 5.0
_LOG = logging.getLogger(__name__)


class LocalAgents:
    """`Agents` on this machine.

    Args:
        home: The cockpit's home; attempts are kept in `agents/` below it.
        settings: What is configured, by name.
        policy: Who answers permission requests; None = reading is allowed, the operator is asked for the rest.
        ask_deadline_s: After so long without an answer a permission request is refused.
        cap_bytes: How much output of one attempt is kept.
        lease_s: An agent is ended when no worker waited for it for so long.
        grace_s: What a tree gets between SIGTERM and SIGKILL, and an agent that is talked to after each polite word.
        secrets: Values beside those of an agent's own environment that nothing of an attempt may hold. More may be
            added as they become known.
    """

    def __init__(
        self,
        home: Path,
        settings: Mapping[str, AgentSettings] | None = None,
        *,
        policy: Policy | None = None,
        ask_deadline_s: float = 3600.0,
        cap_bytes: int = CAP_BYTES,
        lease_s: float = 90.0,
        grace_s: float = 5.0,
        secrets: Sequence[bytes] = (),
    ) -> None:
        self._secrets = secrets
        self._home, self._root = home, home / "agents"
        self._names = AgentNames(settings or {}, home)
        self._policy, self._ask_deadline_s = policy or Policy(), ask_deadline_s
        self._cap_bytes, self._lease_s, self._grace_s = cap_bytes, lease_s, grace_s

    def check(self, agent: str, base: Path) -> str:
        """The full name; a configured agent keeps its own, and its files are relative to the home."""
        return self._names.full(agent, base)

    def company(self, agent: str) -> str:
        """The company of `[agents.NAME]`: of the agent itself, or of its kind."""
        return self._names.settings(agent).company

    def tier(self, agent: str) -> Tier:
        """The tier of `[agents.NAME]`: of the agent itself, or of its kind."""
        return self._names.settings(agent).tier

    def folder(self, task: AgentTask) -> Path:
        """`agents/<run>/<step>-<attempt>`."""
        return attempt_folder(self._root, task)

    def list(self) -> tuple[AgentInfo, ...]:
        """Every configured agent and every kind, ready ones first."""
        return self._names.list()

    def stop(self, run: str, step: str, reason: str) -> None:
        """End each attempt that has not ended: its shim does it at once.

        An agent that is talked to is asked first, which keeps its cost and its session; this is called again and again
        while nobody wants it, and after `POLITE_S` its shim ends it too.
        """
        for folder in open_attempts(self._root, run, step):
            if not (reason in POLITE_REASONS and _asked_politely(folder, reason)):
                _leave_stop(folder, reason)

    def is_driven(self, agent: str) -> bool:
        """Whether its kind has a dialect."""
        return self._names.is_driven(agent)

    def hears(self, agent: str) -> bool:
        """As its dialect allows."""
        return self._names.hears(agent)

    def answers(self, agent: str, role: Role) -> Answers:
        """As its dialect allows."""
        return self._names.answers(agent, role)

    def open(self, folder: Path) -> Session:
        """A view of its folder."""
        return FolderSession(folder)

    def way_in(self, agent: str, run: str, folder: Path, session: str, operator_path: str) -> WayIn:
        """By the orders in the folder of the attempt, and what is configured now."""
        extra = passed(self._names.settings(agent).env)
        return by_hand.way_in(agent, run, folder, session, operator_path, extra)

    async def run(self, task: AgentTask, progress: Progress) -> AgentResult:
        """Start or re-attach, and wait.

        Raises:
            Unreachable: the disk is full or read-only.
        """
        folder, shim = self.folder(task), None
        if launch.state(folder) == "new":
            try:
                shim = await asyncio.to_thread(self._start, folder, task)
            except (SourceError, OSError, ValueError) as error:
                return not_started(error)
        if not await self._wait(folder, task.worktree, progress, shim):
            return AgentResult(None, "not_started", cost_micros=0, problem=last_words(folder))
        settings = self._names.settings(task.agent)
        result = await asyncio.to_thread(result_of, folder, self._secrets_of(settings))
        return declared(result) if settings.is_free else result

    def _start(self, folder: Path, task: AgentTask) -> "subprocess.Popen[bytes]":
        """Write the prompt and start the shim.

        Raises:
            SourceError: the agent is not there any more. OSError: no worktree, no disk. ValueError: a NUL in a name.
        """
        argv = self._names.argv(task.agent)
        home = Path(task.home) if task.home else folder
        by_hand.refuse_taken(home, task.agent)
        settings = self._names.settings(task.agent)
        said = redact(task.prompt.encode("utf-8", "replace"), self._secrets_of(settings))[0]
        task = replace(task, prompt=said.decode("utf-8", "replace"))  # some agents are given it as an argument
        self._end_earlier(folder, task)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(folder / "prompt.md", said)
        extra = passed(settings.env)
        kind, argument = self._names.kind(task.agent)
        if kind.dialect:
            orders = orders_for(kind.dialect, argument, task, settings, folder, self._policy)
            write_orders(folder, replace(orders, ask_deadline_s=self._ask_deadline_s, grace_s=self._grace_s))
        limits = Limits(
            cap_bytes=self._cap_bytes,
            wall_s=DRIVEN_WALL_S if kind.dialect else task.clocks.wall_s,
            grace_s=self._grace_s,
            lease_s=self._lease_s,
            secret_names=secret_names(extra),
        )
        quiet = QUIET if kind.dialect and task.role == "verifier" else {}
        environment = {**allowed(home, task.operator_path), **quiet, **extra, **self._variables(folder, task)}
        note = {"agent": task.agent, "role": task.role, "run": task.run, "step": task.step, "attempt": task.attempt}
        return launch.launch(folder, argv, task.worktree, environment, limits, note, secrets=self._secrets)

    def _secrets_of(self, settings: AgentSettings) -> tuple[bytes, ...]:
        return (*secret_values(settings.env), *self._secrets)

    def _end_earlier(self, own: Path, task: AgentTask) -> None:
        """No second agent beside a first: whoever asks for this attempt has given up the ones before it.

        Raises:
            Unreachable: one does not end.
        """
        for folder in open_attempts(self._root, task.run, task.step):
            if folder != own:
                _leave_stop(folder, "lost")
                see_out(folder)

    def _variables(self, folder: Path, task: AgentTask) -> dict[str, str]:
        """`COCKPIT_*`, as a command agent is promised them."""
        found = {
            RUN_TAG: task.run,
            "COCKPIT_HOME": str(self._home),
            "COCKPIT_PROMPT_FILE": str(folder / "prompt.md"),
            "COCKPIT_ROLE": task.role,
            "COCKPIT_STEP": task.step,
            "COCKPIT_ATTEMPT": str(task.attempt),
            "COCKPIT_THREAD": task.thread,
            "COCKPIT_RESULT_FILE": str(folder / "result.json"),
            "COCKPIT_SUBJECT": task.subject,
            "COCKPIT_LEFT_MICROS": str(task.left_micros),
        }
        speed = os.environ.get("COCKPIT_SPEED")
        return {**found, "COCKPIT_SPEED": speed} if speed else found

    async def _wait(
        self, folder: Path, worktree: Path, progress: Progress, shim: "subprocess.Popen[bytes] | None"
    ) -> bool:
        """Wait for the end, and say that somebody waits; False when the shim never took hold of the folder."""
        silence = Silence(folder / "pulse", worktree, folder / "task.json")
        beat = look = seen = 0.0
        while (state := launch.state(folder)) in ("new", "running"):
            if state == "new" and _gave_up(shim) and launch.state(folder) == "new":
                return False
            now = time.monotonic()
            if now - beat >= BEAT_EVERY_S:
                beat = now
                with contextlib.suppress(OSError):
                    (folder / "beat").touch(mode=0o600)
            if now - seen >= SAW_EVERY_S:
                seen = now
                await asyncio.to_thread(self._report, folder, progress)
            if now - look >= LOOK_EVERY_S:
                look = now
                silent_s = await asyncio.to_thread(silence.look)
                try:
                    await asyncio.to_thread(progress.alive, silent_s, silence.output_bytes)
                except SourceError as error:  # a ledger that is busy now is no reason to give up an agent
                    _LOG.warning("heartbeat of %s: %s", folder.name, error)
            await asyncio.sleep(POLL_S)
        await asyncio.to_thread(self._report, folder, progress)
        return True

    def _report(self, folder: Path, progress: Progress) -> None:
        """Hand on how a driven agent stands, whenever that has changed."""
        if (live := FolderSession(folder).live()) is None:
            return
        try:
            progress.saw(live)
        except SourceError as error:
            _LOG.warning("state of %s: %s", folder.name, error)


def _asked_politely(folder: Path, reason: str) -> bool:
    """Ask the driver of a folder, if it has one, to stop; False when that was long enough ago."""
    if not (folder / JOB).exists():
        return False
    FolderSession(folder).interrupt(reason)
    try:
        return time.time() - (folder / INBOX / "interrupt.json").stat().st_mtime < POLITE_S
    except OSError:
        return False


def _leave_stop(folder: Path, reason: str) -> None:
    """Tell a shim to end its tree; the first reason counts. Raises `Unreachable`."""
    try:
        if not (folder / "stop").exists():
            write_object(folder / "stop", {"reason": reason})
    except OSError as error:
        raise Unreachable(f"{folder} cannot be written: {error.strerror}.", "Free the disk.") from error


def _gave_up(shim: "subprocess.Popen[bytes] | None") -> bool:
    """Whether the shim that we started has ended, and not because another one is at work."""
    return shim is not None and shim.poll() not in (None, HELD)
