"""The factory with real agents: from a goal to done; a run that stops at its cap goes on in the same session."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.agents import tree
from tests.agents.conftest import installed
from tests.agents.installing import path, program
from tests.agents.rig import FILES, KEY, KNOWN
from tests.e2e.crash.house import until
from tests.e2e.product import WAIT_S, Cockpit, cockpit, make_repository
from tests.support.fake_model import FakeModel, Scenario, Turn

pytestmark = [pytest.mark.agents, pytest.mark.timeout(600)]

GOAL = "Fix add() in calc.py"
CHECK = "python3 -m unittest -q test_calc"
ACCEPT = ("--accept", f"A1: add() adds :: {CHECK}")
WORK: list[dict[str, Any]] = [
    {"tools": [{"read": {"path": "calc.py"}}]},
    {"tools": [{"run": "sed -i s/a.-.b/a+b/ calc.py"}]},
    {"text": "add() adds now."},
]
DEAR: list[dict[str, Any]] = [
    {"tools": [{"read": {"path": "calc.py"}}], "usage": {"input": 33_000, "output": 60}},
    {"tools": [{"run": "sed -i s/a.-.b/a+b/ calc.py"}], "usage": {"input": 33_000, "output": 60}},
    {"text": "add() adds now.", "usage": {"input": 33_000, "output": 60}},
]
"""Three calls of 9.99 cents each: 30 in all."""
CALL = 99_900


ALLOWED = {"claude": "Bash(sed *)", "pi": "bash", "opencode": "bash"}
"""What each may run unasked, in its own words."""


@contextmanager
def factory(
    folder: Path, coder: list[dict[str, Any]], maker: str = "claude"
) -> Iterator[tuple[Cockpit, FakeModel, Path]]:
    """A cockpit whose coder is this agent and whose verifier is Codex, their models, and a repository."""
    for name in (maker, "codex"):
        installed(name)
    repo = make_repository(folder / "source", FILES)
    lanes = {"coder": coder, "verifier": [{"text": "not asked yet"}]}
    with FakeModel(Scenario.parse({"lanes": lanes})) as model:
        made, codex = KNOWN[maker], KNOWN["codex"]
        also = f', env_key = "{made.key}", provider = "local"' if made.options else ""
        config = f"""
        [agents.maker]
        use = "{maker}"
        program = "{program(maker)}"
        model = "{made.model}"
        env = ["{made.key}"]
        allow = ["{ALLOWED[maker]}"]
        options = {{ base_url = "{model.url()}/coder{made.url}"{also} }}

        [agents.checker]
        use = "codex"
        program = "{program("codex")}"
        model = "{codex.model}"
        env = ["{codex.key}"]
        options = {{ base_url = "{model.url()}/verifier/v1", env_key = "{codex.key}" }}
        """
        keys = {made.key: KEY, codex.key: KEY, "PATH": path()}
        with cockpit(folder / "home", config, **keys) as at:
            yield at, model, repo


def verdict_of(subject: str) -> Turn:
    """The answer of a verifier that looked at this commit."""
    said = {
        "verdict": "pass",
        "subject": subject,
        "criteria": [{"id": "A1", "status": "supported"}],
        "findings": [],
        "commands": [CHECK],
    }
    return Turn.parse({"text": json.dumps(said)}, "verdict")


@pytest.mark.parametrize("maker", list(ALLOWED))
def test_one_builds_codex_verifies_and_the_run_is_done(maker: str, tmp_path: Path) -> None:
    with factory(tmp_path, WORK, maker) as (at, model, repo):
        run = at.start(GOAL, repo, *ACCEPT, "--coder", "maker", "--verifier", "checker")
        assert at.wait(run) == "artifacts_ready"
        commit = at.status(run)["result"]["commit"]
        looks = Turn.parse({"tools": [{"run": CHECK}]}, "look")
        model.scenario.lanes["verifier"].turns[:] = [looks, verdict_of(commit)]
        at.ok("verify", run)
        assert at.wait(run) == "awaiting_qa"
        status = at.status(run)
        assert at.approve(run).exit_code == 0
        assert at.ok("wait", run, "--for", "done", "--timeout", str(WAIT_S))["reached"] == "done"
        assert (model.failures, model.unused_turns()) == ([], {})
        assert status["verifier"]["spent"] > 0
        assert at.ok("audit", "verify")["ok"]
        assert_nothing_runs(run)


def assert_nothing_runs(run: str) -> None:
    """No process of any agent of this run is left; a shim ends a moment after it has told the end of its agent."""
    until("nothing of the run's agents is left", lambda: not tree.tagged(f"COCKPIT_RUN={run}".encode()))


def test_a_run_of_30_cents_stops_at_25_and_is_finished_at_50_in_the_same_session(tmp_path: Path) -> None:
    with factory(tmp_path, DEAR) as (at, model, repo):
        run = at.start(GOAL, repo, *ACCEPT, "--coder", "maker", "--budget", "0.25", "--verifier", "checker")
        assert at.wait(run) == "paused"
        status = at.status(run)
        assert model.state()["requests"] == 2, "the third one was not made"
        assert (status["cost"]["micros"], status["cost"]["in_flight"], status["cost"]["cap"]) == (2 * CALL, 0, 250_000)
        (blocker,) = status["blockers"]
        assert (blocker["code"], "$0.20 spent of $0.25" in blocker["message"]) == ("cap_exceeded", True)
        assert_nothing_runs(run)
        at.ok("cap", run, "0.50", "--reason", "it is worth it")
        assert at.wait(run) == "artifacts_ready"
        status = at.status(run)
        assert (status["cost"]["micros"], status["cost"]["cap"], status["blockers"]) == (3 * CALL, 500_000, [])
        assert (model.failures, model.state()["requests"]) == ([], 3)
        said = {json.loads(file.read_bytes())["session"] for file in at.home.glob("agents/*/*/result.json")}
        assert len(said) == 1, "one session"
        assert_nothing_runs(run)
