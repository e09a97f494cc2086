"""The product as operators meet it: the command line in processes of its own, over one home, with a real worker."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from adapters.engine.lock import holder
from tests.e2e.calls import call

PROGRAM = Path(sys.executable).with_name("cockpit")
WAIT_S = 200
"""Longer than anything takes here; a busy machine is not a defect."""


@dataclass(frozen=True)
class Answer:
    """What one call of the command line left."""

    exit_code: int
    value: dict[str, Any]
    """The one JSON object on stdout; empty when there was none."""
    said: str
    """The sentences for people, from stderr."""

    @property
    def code(self) -> str:
        """The code of the error; empty when there is none."""
        return str(self.value.get("error", {}).get("code", ""))


@dataclass
class Cockpit:
    """One home, and everything that an operator types about it.

    Args:
        home: Need not exist yet.
        environment: What the operator's shell has beside, or instead of, our own.
    """

    home: Path
    environment: dict[str, str] = field(default_factory=dict)

    def call(self, *words: str, stdin: bytes = b"", cwd: Path | None = None) -> Answer:
        """One call with `--json`; exactly one JSON object comes back, and never a traceback."""
        code, out, err = call(self._argv(words), cwd or self.home.parent, self.shell, stdin)
        return _answer(words, code, out.decode(), err.decode())

    def at_once(self, times: int, *words: str) -> list[Answer]:
        """The same call several times at the same moment, each of a program that starts from nothing."""
        pipe = subprocess.PIPE
        started = [
            subprocess.Popen([PROGRAM, *self._argv(words)], env=self.shell, stdout=pipe, stderr=pipe, text=True)
            for _ in range(times)
        ]
        said = [one.communicate(timeout=WAIT_S) for one in started]
        return [_answer(words, one.returncode, *each) for one, each in zip(started, said, strict=True)]

    def _argv(self, words: Sequence[str]) -> list[str]:
        return ["--home", str(self.home), "--json", *words]

    @property
    def shell(self) -> dict[str, str]:
        """The environment of a call: cockpit's own programs come first, as in an activated environment."""
        path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
        return {**os.environ, "PATH": path, **self.environment}

    def ok(self, *words: str, **how: Any) -> dict[str, Any]:
        """A call that has to succeed, and its object."""
        answer = self.call(*words, **how)
        assert answer.exit_code == 0, (words, answer)
        return answer.value

    def text(self, *words: str) -> str:
        """What people get to read of a call that has to succeed."""
        code, out, err = call(["--home", str(self.home), *words], self.home.parent, self.shell, b"")
        assert code == 0, (words, err)
        return out.decode()

    def configure(self, text: str) -> None:
        """Write `config.toml`."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.home / "config.toml").write_text(text)

    def start(self, goal: str, repo: Path, *words: str) -> str:
        """Start a run that passes the ready gate; its id."""
        return str(self.ok("start", "--repo", str(repo), *words, "--", goal)["run"])

    def wait(self, run: str) -> str:
        """Wait until the run needs a person or is over; what was reached."""
        return str(self.ok("wait", run, "--timeout", str(WAIT_S))["reached"])

    def status(self, run: str) -> dict[str, Any]:
        """The status of a run."""
        return self.ok("status", run)

    def drive(self, run: str, retries: int = 1) -> dict[str, Any]:
        """Take a run as far as it goes: send what is ready to the verifier, retry what is blocked; its status then."""
        while True:
            reached = self.wait(run)
            if reached == "artifacts_ready":
                self.ok("verify", run)
            elif reached == "blocked" and retries > 0:
                retries -= 1
                self.ok("retry", run)
            else:
                return self.status(run)

    def approve(self, run: str) -> Answer:
        """Review, and approve the package that is shown."""
        card = self.ok("review", run)
        assert card["sufficient"], card
        return self.call("approve", run, "--digest", card["digest"])

    def kill_worker(self) -> int:
        """kill -9 of the worker that lives, and wait until it is gone: the next one finds the lock free. Its id."""
        now = holder(self.home)
        assert now is not None
        assert now.pid > 0
        os.kill(now.pid, signal.SIGKILL)
        deadline = time.monotonic() + WAIT_S
        while getattr(holder(self.home), "pid", 0) == now.pid:
            assert time.monotonic() < deadline, f"worker {now.pid} does not die"
            time.sleep(0.02)
        return now.pid

    def events(self, run: str = "") -> list[dict[str, Any]]:
        """Every event (of one run), oldest first."""
        exported = self.ok("audit", "export")["events"]
        return [event for event in exported if not run or event["run"] == run]


def _answer(words: Sequence[str], code: int, out: str, said: str) -> Answer:
    lines = out.splitlines()
    assert "Traceback" not in said, said
    assert len(lines) == 1, (words, code, lines, said)
    return Answer(code, json.loads(lines[0]), said)


@contextmanager
def cockpit(home: Path, config: str = "", **environment: str) -> Iterator[Cockpit]:
    """A cockpit over a new home; its worker is gone afterwards, and an agent that still works ends without one."""
    at = Cockpit(home, environment)
    if config:
        at.configure(dedent(config))
    try:
        yield at
    finally:
        if home.is_dir():
            at.ok("worker", "--stop")


def git(folder: Path, *words: str) -> str:
    """What git says, without the last line end."""
    named = ("-c", "user.name=Test", "-c", "user.email=test@example.invalid", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *named, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.rstrip("\n")


def make_repository(folder: Path, files: Mapping[str, str]) -> Path:
    """A repository with one commit of these files."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(dedent(text))
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "begin")
    return folder


def agent(folder: Path, name: str, source: str) -> str:
    """A command agent that runs this Python program; its full name."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / f"{name}.py"
    program.write_text(dedent(source))
    return f"command:{shlex.join([sys.executable, str(program)])}"


def verifier(folder: Path, name: str = "verifier", *, command: str, word: str = "pass", subject: str = "") -> str:
    """A verifier that gives this verdict, about what it was shown unless told otherwise, and names one command."""
    return agent(
        folder,
        name,
        f"""
        import json, os, pathlib
        verdict = {{
            "verdict": {word!r}, "subject": {subject!r} or os.environ["COCKPIT_SUBJECT"], "findings": [],
            "criteria": [{{"id": "A1", "status": "supported"}}], "commands": [{command!r}],
        }}
        said = {{"summary": "I looked at it.", "cost_usd": 0.01, "verdict": verdict}}
        pathlib.Path(os.environ["COCKPIT_RESULT_FILE"]).write_text(json.dumps(said))
        """,
    )
