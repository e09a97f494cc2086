"""The command line in this process: what a call printed and how it ended. Over fakes, or over a real home."""

import asyncio
import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import cockpit.wiring
from cockpit.cli.main import run
from cockpit.settings import Settings
from factory.ports.bundle import Ports
from factory.ports.worker import WorkerState
from tests.unit.workflow.floor import Floor, says, write


@dataclass(frozen=True)
class Answer:
    """How one call ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on stdout; anything else there fails the test."""
        value = json.loads(self.out)
        assert isinstance(value, dict)
        assert self.out.count("\n") == 1
        assert self.out.isascii(), "no byte of it can disturb a terminal"
        return value

    @property
    def lines(self) -> list[dict[str, Any]]:
        """One object a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    def failed(self, code: int, word: str) -> dict[str, Any]:
        """The error, after checking its exit code, its code and that people got a sentence."""
        error: dict[str, Any] = self.json["error"]
        assert (self.code, error["code"]) == (code, word), error
        assert set(error) == {"code", "message", "hint"}
        assert error["message"].endswith((".", "?", ")")), error
        assert self.err.startswith("cockpit: ")
        assert "Traceback" not in self.err
        return error


class CommandLine:
    """Calls `cockpit` with a home of its own."""

    def __init__(self, home: Path, capture: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        self._capture = capture
        self._monkeypatch = monkeypatch

    def __call__(self, *words: str, stdin: bytes = b"") -> Answer:
        """Call it with exactly these words, and `--home`."""
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        self._capture.readouterr()
        code = run(["--home", str(self.home), *words])
        out, err = self._capture.readouterr()
        return Answer(code, out, err)

    def json(self, *words: str, stdin: bytes = b"") -> Answer:
        """Call it with `--json`."""
        return self(*words, "--json", stdin=stdin)


class CountedWorkers:
    """`Workers` that never start a process, and count how often they were asked to."""

    def __init__(self) -> None:
        self.ensured = 0
        self.is_running = False

    def ensure(self) -> WorkerState:
        """Count."""
        self.ensured += 1
        self.is_running = True
        return self.state()

    def state(self) -> WorkerState:
        """Running once it was asked for."""
        return WorkerState(running=self.is_running, pid=1 if self.is_running else 0)

    def stop(self) -> bool:
        """It was running, and is not any more."""
        was, self.is_running = self.is_running, False
        return was


class Plant:
    """A command line over a factory floor in memory, and the worker played by the test."""

    def __init__(self, cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cli = cli
        self.floor = Floor(cli.home)
        self.workers = CountedWorkers()
        self.floor.ports = replace(self.floor.ports, workers=self.workers)
        monkeypatch.setattr(cockpit.wiring, "opened_ports", self._opened)

    @contextmanager
    def _opened(self, settings: Settings, actor: str) -> Iterator[Ports]:
        yield replace(self.floor.ports, actor=actor)

    def launched(self) -> str:
        """A run that nobody has worked on yet."""
        words = ("--repo", str(self.floor.repo), "--coder", "coder-x", "--verifier", "verifier-y", "--priority", "H")
        accept = ("--accept", "A1: calc is right :: has calc.py right")
        answer = self.cli.json("start", "Make calc right", *words, *accept)
        assert answer.code == 0, answer.err
        self.floor.run_id = answer.json["run"]
        return self.floor.run_id

    def delivered(self) -> str:
        """A run whose coder has delivered and that waits for `verify`."""
        run = self.launched()
        self.floor.agents.coder, self.floor.agents.verifier = [write("right")], [says("pass", ["has calc.py right"])]
        self.work()
        return run

    def awaiting_qa(self) -> str:
        """A run that waits for its approval."""
        run = self.delivered()
        assert self.cli.json("verify", run).code == 0
        self.work()
        return run

    def done(self) -> str:
        """A run that was approved and is over."""
        run = self.awaiting_qa()
        digest = self.cli.json("review", run).json["digest"]
        assert self.cli.json("approve", run, "--digest", digest).code == 0
        self.work()
        return run

    def work(self) -> None:
        """Let the workflow go on until it waits for a person."""
        asyncio.run(self._go())

    async def _go(self) -> None:
        await self.floor.go()
