"""Nobody who descends from an agent or a check passes for a person."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.agents.registry import LocalAgents
from adapters.checks import LocalChecks
from adapters.process import inside_agent
from factory.ports.checks import Check
from tests.contract.agent_rig import Listener, program, task

ROOT = Path(__file__).parents[2]
ASK = f"""
import os, pathlib, sys
sys.path.insert(0, {str(ROOT)!r})
from adapters.process import inside_agent
pathlib.Path(sys.argv[1]).write_text(inside_agent() or "a person")
"""
ESCAPES = f"""
import pathlib, subprocess, sys
bare = ["env", "-i", "setsid"]
ask = [{sys.executable!r}, "-c", {ASK!r}]
subprocess.run([*ask, "child"])
subprocess.run([*bare, *ask, "bare"])
subprocess.run([*bare, "--fork", *bare, "--fork", *ask, "orphan"])
while not pathlib.Path("orphan").exists() or not pathlib.Path("orphan").read_text():
    pass
"""


def ask(folder: Path, **environment: str) -> str:
    """What a process outside of every agent is told."""
    answer = folder / "answer"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COCKPIT_")}
    subprocess.run([sys.executable, "-c", ASK, str(answer)], env={**clean, **environment}, check=True)
    return answer.read_text()


@pytest.mark.skipif(bool(inside_agent()), reason="these tests themselves run inside an agent or a check")
def test_a_person_is_inside_of_nothing(tmp_path: Path) -> None:
    assert ask(tmp_path) == "a person"


def test_the_tag_of_a_run_tells(tmp_path: Path) -> None:
    assert ask(tmp_path, COCKPIT_RUN="run_7") == "run_7"


async def test_an_agent_stays_inside_whatever_it_drops(tmp_path: Path) -> None:
    attempt = task(tmp_path, program(tmp_path, ESCAPES))
    result = await LocalAgents(tmp_path / "home").run(attempt, Listener())
    answers = {name: (attempt.worktree / name).read_text() for name in ("child", "bare", "orphan")}
    assert (result.exit_code, answers) == (0, {"child": "run_1", "bare": "run_1", "orphan": "run_1"})


async def test_what_runs_as_a_check_is_inside_too(tmp_path: Path) -> None:
    result = await LocalChecks().run(Check("A1", (sys.executable, "-c", ESCAPES), tmp_path, tmp_path / "out"))
    answers = {(tmp_path / name).read_text() for name in ("child", "bare", "orphan")}
    assert (result.outcome, answers) == ("passed", {"check A1"})
