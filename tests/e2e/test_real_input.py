"""A repository that no fixture describes: a clone of this project with a defect in it, mended by command agents."""

import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.product import WAIT_S, Cockpit, agent, cockpit, git, make_repository, verifier

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
RULE = "factory/rules/words.py"
RIGHT = "word.startswith(wanted[:-1])"
WRONG = "word.startswith(wanted)"
TESTS = "python -m pytest -q tests/unit/rules/test_words.py"


@pytest.fixture
def at(home: Path) -> Iterator[Cockpit]:
    with cockpit(home) as opened:
        yield opened


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A clone of this project's HEAD, with a defect committed on top."""
    clone = tmp_path / "source"
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", "--no-tags", ROOT, clone], check=True)
    rule = clone / RULE
    assert RIGHT in rule.read_text()
    rule.write_text(rule.read_text().replace(RIGHT, WRONG))
    git(clone, "commit", "-q", "-a", "-m", "words: a star stands for itself")
    return clone


def test_a_defect_in_this_very_project_is_mended_proven_approved_and_landed(
    at: Cockpit, source: Path, tmp_path: Path
) -> None:
    before = state_of(source)
    coder = agent(
        tmp_path / "agents",
        "coder",
        f"""
        import json, os, pathlib
        rule = pathlib.Path({RULE!r})
        rule.write_text(rule.read_text().replace({WRONG!r}, {RIGHT!r}))
        pathlib.Path(os.environ["COCKPIT_RESULT_FILE"]).write_text(json.dumps({{"summary": "A star is a prefix."}}))
        """,
    )
    checks = verifier(tmp_path / "agents", command=f"{TESTS} -k star")
    run = at.start(
        "Fix has_word(): a star stands for every ending", source, "--accept", f"A1: a star is a prefix :: {TESTS}",
        "--coder", coder, "--verifier", checks,
    )  # fmt: skip

    assert at.wait(run) == "artifacts_ready"
    assert at.ok("verify", run)["event"] == "thread.requested"
    assert at.wait(run) == "awaiting_qa"
    card = at.ok("review", run)
    assert (card["sufficient"], card["diffstat"]) == (True, {"files": 1, "added": 1, "removed": 1})
    assert at.ok("approve", run, "--digest", card["digest"])["digest"] == card["digest"]
    assert at.ok("wait", run, "--for", "done", "--timeout", str(WAIT_S))["state"] == "done"
    assert state_of(source) == before, "the source repository is only read until land"

    result = at.status(run)["result"]
    beside = tmp_path / "beside"
    subprocess.run(["git", "clone", "-q", "--no-tags", source, beside], check=True)
    subprocess.run(shlex.split(result["fetch"]), cwd=beside, check=True, capture_output=True)
    assert git(beside, "rev-parse", result["branch"]) == result["commit"], "the command can be pasted as it is"
    assert git(beside, "apply", "--check", result["patch"]) == ""

    landed = at.ok("land", run, "--yes", "--branch", "fix/star")
    assert git(source, "rev-parse", "refs/heads/fix/star") == landed["commit"]
    assert RIGHT in git(source, "show", f"fix/star:{RULE}")
    assert state_of(source) == {**before, "branches": sorted([*before["branches"], "fix/star"])}

    status = at.status(run)
    assert (status["claims"][0]["status"], status["cost"]["basis"]) == ("supported", "unpriced")
    assert counted(at, status) == [(7, 1), (8, 0)], "before and after, by the factory's own runs"
    assert at.ok("evidence", "verify", run)["ok"]
    assert at.ok("audit", "verify")["ok"]


def counted(at: Cockpit, status: dict[str, Any]) -> list[tuple[int, int]]:
    """Passed and failed tests of each report that speaks of a claim, oldest first."""
    shown = [at.ok("evidence", "show", line["id"]) for line in status["evidence"] if line["claims"]]
    return [(item["tests"]["passed"], item["tests"]["failed"]) for item in shown if item["tests"]]


def state_of(repository: Path) -> dict[str, Any]:
    """All that a run must leave alone: HEAD, the index, the files, the branches, the settings."""
    return {
        "head": git(repository, "rev-parse", "HEAD"),
        "on": git(repository, "symbolic-ref", "HEAD"),
        "index": (repository / ".git" / "index").read_bytes(),
        "status": git(repository, "status", "--porcelain"),
        "config": (repository / ".git" / "config").read_text(),
        "branches": git(repository, "for-each-ref", "--format=%(refname:short)").splitlines(),
    }


def test_a_repository_without_tests_is_refused_with_what_to_add(at: Cockpit, tmp_path: Path) -> None:
    plain = make_repository(tmp_path / "plain", {"notes.txt": "no tests here\n"})
    answer = at.call("start", "Fix the api of the parser", "--repo", str(plain), "--coder", "command:true")
    assert (answer.exit_code, answer.code) == (3, "no_acceptance")
    assert str(plain) in answer.value["error"]["message"]
    assert "--accept 'A1: what must hold :: command that shows it'" in answer.value["error"]["hint"]
    assert at.ok("status")["runs"] == []
    assert at.ok("audit", "verify")["count"] == 0
