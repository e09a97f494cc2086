"""Canaries with the real program: a stamp and a strict verifier are told apart, and a bad one costs little."""

import json
import os
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.crash.house import until
from tests.e2e.product import PROGRAM, Cockpit, agent, cockpit, git, make_repository, verifier

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(1200), pytest.mark.xdist_group("canary")]

STRICT = '''
import json, os, pathlib, shlex, subprocess, sys

CHECK = """
import sys
sys.path.insert(0, 'src')
from split import split
for total in range(-20, 21):
    for ways in range(1, 8):
        parts = split(total, ways)
        assert len(parts) == ways and sum(parts) == total and max(parts) - min(parts) <= 1, (total, ways, parts)
try:
    split(100, 0)
except ValueError as error:
    assert 'at least 1' in str(error)
else:
    raise AssertionError('no ValueError')
"""
argv = [sys.executable, "-B", "-c", CHECK]
holds = subprocess.run(argv).returncode == 0
finding = {"severity": "block", "text": "A split does not hold.", "command": shlex.join(argv)}
verdict = {
    "verdict": "pass" if holds else "changes_requested", "subject": os.environ["COCKPIT_SUBJECT"], "criteria": [],
    "findings": [] if holds else [finding], "commands": [shlex.join(argv)],
}
said = {"summary": "I tried it.", "cost_usd": 0.01, "model": "strict-1", "verdict": verdict}
pathlib.Path(os.environ["COCKPIT_RESULT_FILE"]).write_text(json.dumps(said))
'''
HANGS = """
import os, time
open(os.environ["COCKPIT_HOME"] + "/hangs.pid", "w").write(str(os.getpid()))
time.sleep(600)
"""
PRICE = """
def total(prices):
    found = 0
    for one in prices:
        found += one
    return found
"""


def canary(at: Cockpit, *words: str) -> dict[str, Any]:
    """What a canary says that has to succeed; it takes longer than calls otherwise may."""
    done = subprocess.run(_argv(at, words), env=at.shell, cwd=at.home.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _argv(at: Cockpit, words: tuple[str, ...]) -> list[str]:
    return [str(PROGRAM), "--home", str(at.home), "--json", "canary", *words]


def processes_of(folder: Path) -> list[int]:
    """Everything that runs below a folder, or with it in its environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            said = (place / "environ").read_bytes() + (place / "cmdline").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in said and int(place.name) != os.getpid():
            found.append(int(place.name))
    return found


def test_a_stamp_and_a_strict_verifier_are_told_apart(tmp_path: Path) -> None:
    with cockpit(tmp_path / "home") as at:
        stamp = canary(at, "--verifier", verifier(tmp_path / "stamp", command="python3 -c pass"), "--n", "12")
        strict = canary(at, "--verifier", agent(tmp_path / "strict", "strict", STRICT), "--n", "12")
        assert stamp["false_pass"]["hits"] == stamp["false_pass"]["n"] == 6
        assert (strict["false_pass"]["hits"], strict["false_pass"]["n"]) == (0, 6)
        assert stamp["false_pass"]["low"] > strict["false_pass"]["high"]
        for report in (stamp, strict):
            assert (report["done"], report["stopped"]) == (12, "")
            assert (report["false_fail"]["hits"], report["false_fail"]["n"]) == (0, 6)
            assert (report["factory_passed_bad"], report["factory_passed_good"]) == (0, 6)
            assert (report["cost_micros"], report["cost_per_verdict"]) == (120_000, 10_000)
        names = [[patch["patch"] for patch in report["patches"]] for report in (stamp, strict)]
        assert names[0] == names[1]
        assert {patch["model"] for patch in strict["patches"]} == {"strict-1"}
        stored = results(at)
        assert [event["detail"]["said"] for event in stored].count("changes_requested") == 6
        assert len(stored) == 24
        assert at.ok("status")["runs"] == []
        assert at.ok("audit", "verify")["ok"]
        assert "COCKPIT_HOME" not in stamp["verifier"]


def test_a_repository_of_the_operators_is_only_read(tmp_path: Path) -> None:
    files = {
        ".gitignore": "kept.txt\n",
        "price.py": PRICE,
        "check.py": "from price import total\nassert total([1, 2]) == 3 and total([]) == 0\n",
    }
    repo = make_repository(tmp_path / "shop", files)
    before = contents(repo)
    stamp = verifier(tmp_path / "stamp", command="python3 -c pass")
    own = ("--repo", str(repo), "--accept", "A1: it adds up :: python3 check.py", "--mutate", "price.py:total")
    with cockpit(tmp_path / "home") as at:
        report = canary(at, "--verifier", stamp, "--n", "4", *own)
        assert {patch["kind"] for patch in report["patches"]} == {"good", "bad"}
        assert all("price.py:" in patch["patch"] for patch in report["patches"])
        assert report["false_pass"]["hits"] == report["false_pass"]["n"] == 2
        assert contents(repo) == before
        (repo / "check.py").write_text("assert False\n")
        git(repo, "commit", "-aqm", "broken")
        broken = at.call("canary", "--verifier", stamp, *own)
        assert (broken.exit_code, broken.code) == (3, "acceptance_broken")


def test_by_schedule_the_worker_shows_known_patches_after_so_many_ended_runs(tmp_path: Path) -> None:
    repo = make_repository(tmp_path / "calc", {"calc.py": "x = 1\n"})
    stamp = verifier(tmp_path / "stamp", command="python3 -c pass")
    config = f"[defaults]\nverifier = {json.dumps(stamp)}\n[canary]\nevery_runs = 2\nn = 2\n"
    with cockpit(tmp_path / "home", config) as at:
        for _ in range(2):
            coder = agent(tmp_path, "coder", "pass")
            run = at.start("Fix the api", repo, "--coder", coder, "--accept", "A1: x is 2 :: grep -q 2 calc.py")
            assert not results(at)
            at.ok("cancel", run)
        until("two results", lambda: len(results(at)) >= 2, deadline_s=300)
        assert {run["state"] for run in at.ok("status")["runs"]} == {"cancelled"}


def results(at: Cockpit) -> list[dict[str, Any]]:
    """What canaries have stored."""
    return [event for event in at.events() if event["action"] == "canary.result"]


def contents(folder: Path) -> dict[Path, bytes]:
    """Every file below a folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("source", "config", "why"),
    [
        ("pass", "", "It left no usable verdict."),
        ("raise SystemExit(3)", "", "It left no usable verdict."),
        (HANGS, "[clocks]\nwall_s = 2\n", "It left no usable verdict; it ended by wall_clock."),
    ],
    ids=["silent", "crashing", "hanging"],
)
def test_a_verifier_without_a_verdict_is_asked_three_times(tmp_path: Path, source: str, config: str, why: str) -> None:
    with cockpit(tmp_path / "home", config) as at:
        report = canary(at, "--verifier", agent(tmp_path, "rude", source), "--n", "8")
        assert report["done"] == 3
        assert "3 times in a row" in report["stopped"]
        assert report["inconclusive_bad"] + report["inconclusive_good"] == 3
        assert report["unpriced"] == 3
        assert report["cost_per_verdict"] is None
        assert all((patch["said"], patch["why"]) == ("", why) for patch in report["patches"])
        until("nothing of it is left", lambda: not processes_of(at.home))


def test_it_stops_before_its_budget_is_passed(tmp_path: Path) -> None:
    with cockpit(tmp_path / "home") as at:
        stamp = verifier(tmp_path / "stamp", command="python3 -c pass")
        report = canary(at, "--verifier", stamp, "--n", "8", "--budget", "0.025")
        assert report["done"] == 2
        assert report["cost_micros"] == 20_000
        assert "less than a verdict has cost" in report["stopped"]


def held(at: Cockpit) -> int:
    """Micro-USD that are reserved under the cap of the day."""
    with closing(sqlite3.connect(at.home / "ledger.db")) as ledger:
        (micros,) = ledger.execute("SELECT sum(reserved_micros) FROM budgets WHERE scope = 'day'").fetchone()
    return int(micros)


def test_killed_in_the_middle_it_leaves_nothing_that_runs_and_keeps_what_it_has(tmp_path: Path) -> None:
    with cockpit(tmp_path / "home", "[budget]\nday_usd = 5\n") as at:
        slow = agent(tmp_path, "slow", HANGS)
        process = subprocess.Popen(_argv(at, ("--verifier", slow)), env=at.shell, stdout=subprocess.PIPE)
        until("a verifier at work", (at.home / "other" / "hangs.pid").exists)
        second = at.call("canary", "--verifier", slow)
        assert (second.exit_code, second.code) == (3, "locked")
        process.send_signal(signal.SIGKILL)
        process.communicate()
        until("nothing of it is left", lambda: not processes_of(at.home))
        assert held(at) > 0
        report = canary(at, "--verifier", verifier(tmp_path / "stamp", command="python3 -c pass"), "--n", "1")
        assert report["done"] == 1
        assert held(at) == 0
        left = at.home / "other"
        states = {run["state"] for run in Cockpit(left).ok("status")["runs"]}
        assert states == {"cancelled"}
