"""The command line as operators and scripts call it: real processes, a real worker, real git."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

ROOT = Path(__file__).resolve().parents[2]
LONGEST_S = 200
"""For one call; a busy machine is not a defect."""
CODER = """#!/bin/sh
echo right > answer.txt
printf '{"summary": "done", "cost_usd": 0.25}' > "$COCKPIT_RESULT_FILE"
"""
VERIFIER = """#!/bin/sh
cat > "$COCKPIT_RESULT_FILE" <<END
{"cost_usd": 0.01, "verdict": {"verdict": "pass", "subject": "$COCKPIT_SUBJECT",
 "criteria": [{"id": "A1", "status": "supported"}], "findings": [], "commands": ["grep -q right answer.txt"]}}
END
"""


class Cockpit:
    """A home, a repository and two agents; every call is a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.repo = folder / "repo"
        self.repo.mkdir()
        (self.repo / "answer.txt").write_text("wrong\n")
        for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "begin")):
            self.git(*words)
        self.coder, self.verifier = folder / "coder.sh", folder / "verifier.sh"
        for program, text in ((self.coder, CODER), (self.verifier, VERIFIER)):
            program.write_text(text)
            program.chmod(0o700)

    def git(self, *words: str) -> str:
        """What git says in the repository."""
        who = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "init.defaultBranch=main")
        done = subprocess.run(("git", *who, *words), cwd=self.repo, check=True, capture_output=True, text=True)
        return done.stdout

    def start(self, *more: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        """Start a run that needs `right` in `answer.txt`."""
        agents = ("--coder", f"command:{self.coder}", "--verifier", f"command:{self.verifier}")
        accept = ("--accept", "A1: the answer is right :: grep -q right answer.txt")
        words = ("start", "Fix the answer of the api", "--repo", str(self.repo), *agents, *accept, *more)
        return self.call(*words, **environ)

    def call(self, *words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        """One call, to its end."""
        argv = (sys.executable, "-m", "cockpit", "--home", str(self.home), *words)
        env = {**os.environ, **environ}
        return subprocess.run(
            argv, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LONGEST_S
        )

    def json(self, *words: str) -> dict[str, Any]:
        """The object that a call printed, which succeeded."""
        done = self.call(*words, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        value: dict[str, Any] = json.loads(done.stdout)
        return value


@pytest.fixture
def cockpit(tmp_path: Path) -> Iterator[Cockpit]:
    made = Cockpit(tmp_path)
    yield made
    made.call("worker", "--stop")


def test_a_goal_becomes_a_branch_by_the_command_line_alone(cockpit: Cockpit) -> None:
    started = cockpit.start("--wait", "--json")
    assert started.returncode == 0, started.stderr
    made = json.loads(started.stdout)
    assert (made["created"], made["reached"]) == (True, "artifacts_ready")
    run = made["run"]
    assert cockpit.json("verify", run)["event"] == "thread.requested"
    assert cockpit.json("wait", run, "--for", "awaiting_qa", "--timeout", "100")["state"] == "awaiting_qa"
    digest = cockpit.json("review", run)["digest"]
    assert cockpit.json("approve", run, "--digest", digest)["digest"] == digest
    assert cockpit.json("wait", run, "--for", "done", "--timeout", "100")["reached"] == "done"
    landed = cockpit.json("land", run, "--yes")
    assert cockpit.git("show", f"{landed['branch']}:answer.txt") == "right\n"
    assert (cockpit.repo / "answer.txt").read_text() == "wrong\n", "nothing is checked out"
    assert cockpit.json("evidence", "verify", run)["ok"]
    assert cockpit.json("audit", "verify")["ok"]
    for output in made["outputs"]:
        assert Path(output["path"]).is_file(), output["name"]
    watched = cockpit.call("status", run, "--watch", "--json")
    assert json.loads(watched.stdout.splitlines()[-1])["state"] == "done", "it ends by itself"
    status = cockpit.json("status", run)
    assert (status["cost"]["micros"], status["verifier"]["spent"]) == (260_000, 10_000)


@pytest.mark.slow
def test_two_workers_of_one_home_are_refused(cockpit: Cockpit) -> None:
    assert cockpit.start().returncode == 0
    second = cockpit.call("worker", "--json")
    assert (second.returncode, json.loads(second.stdout)["error"]["code"]) == (3, "locked")
    assert "Traceback" not in second.stderr
    assert cockpit.json("worker", "--stop") == {"stopped": True}
    assert cockpit.json("worker", "--stop") == {"stopped": False}


@pytest.mark.slow
def test_a_worker_that_cannot_start_is_exit_5_with_its_last_words_and_the_run_is_kept(cockpit: Cockpit) -> None:
    cockpit.home.mkdir()
    (cockpit.home / "engine.db").write_text("this is no database\n" * 1000)
    done = cockpit.start("--json")
    assert done.returncode == 5, done.stdout
    error = json.loads(done.stdout)["error"]
    assert error["code"] == "worker"
    assert "worker.log" in error["hint"]
    assert len(cockpit.json("status")["runs"]) == 1


def test_without_git_start_is_exit_5_and_the_doctor_says_so(cockpit: Cockpit) -> None:
    done = cockpit.start("--json", PATH="/nowhere")
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (5, "no_git")
    doctor = cockpit.call("doctor", "--json", PATH="/nowhere")
    git = json.loads(doctor.stdout)["systems"][0]
    assert (doctor.returncode, git["state"]) == (3, "down")
    assert "apt install git" in git["hint"]
