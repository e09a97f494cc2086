"""Bad input gets a sentence that names the thing and the fix, its exit code, and leaves nothing behind."""

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.product import PROGRAM, Cockpit, cockpit, make_repository
from tests.e2e.refusals import ACCEPT, AGENTS, GOAL, Refusal, check, refused

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.xdist_group("bad input")]


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    with cockpit(tmp_path_factory.mktemp("bad") / "home") as opened:
        yield opened


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_repository(tmp_path_factory.mktemp("good") / "repo", {"a.txt": "a\n"})


EMPTY = Refusal(2, "usage", "The goal is empty", "Say in a sentence")
LONG = Refusal(2, "usage", "The goal is longer than 65,536 bytes", "Put the detail in a page")
NUL = Refusal(2, "usage", "holds a NUL", "plain text")
BYTES = Refusal(2, "usage", "not valid UTF-8 (byte 4)", "UTF-8 text")
GOALS = {
    "empty": (b"", EMPTY),
    "blank": (b" \n\t\xe2\x80\x8b\n", EMPTY),
    "one byte too long": (b"x" * 65537, LONG),
    "a megabyte": (b"x" * 1_000_000, LONG),
    "with a NUL": (b"Fix the\0api", NUL),
    "not UTF-8": (b"Fix \xff\xfe", BYTES),
}


@pytest.mark.parametrize("name", GOALS)
def test_a_goal_on_stdin_that_is_none(at: Cockpit, repo: Path, name: str) -> None:
    text, wanted = GOALS[name]
    refused(at, wanted, "start", "-", "--repo", str(repo), *ACCEPT, *AGENTS, stdin=text)


VALUES: dict[str, tuple[tuple[str, ...], Refusal]] = {
    "an empty goal": (("start", ""), EMPTY),
    "a goal that is not UTF-8": (("start", "Fix \udcff"), Refusal(2, "usage", "not valid UTF-8", "UTF-8 text")),
    "a domain": (("start", GOAL, "--domain", "sales"), Refusal(2, "usage", "'sales'", "backend, frontend, product")),
    "an agent": (("start", GOAL, "--coder", "robot"), Refusal(4, "not_found", "'robot'", "command:")),
    "a program": (("start", GOAL, "--coder", "command:nope"), Refusal(4, "not_found", "program nope", "its path")),
    "a company": (("start", GOAL, "--coder", "CodeCraft"), Refusal(4, "not_found", "'CodeCraft'", "command:")),
    "no goal that can be routed": (("start", "xyz"), Refusal(3, "unrouted", "No domain fits", "--domain")),
    "a scenario that is not there": (
        ("start", GOAL, "--coder", "scripted:/nowhere.json"),
        Refusal(4, "not_found", "/nowhere.json", "scripted:"),
    ),
    "an acceptance folder": (("start", GOAL, "--accept-dir", "/nowhere"), Refusal(4, "not_found", "/nowhere", "path")),
    "a run": (("status", "run_zzz"), Refusal(4, "not_found", "'run_zzz'", "cockpit status")),
    "the last of no runs": (("approve", "last", "--digest", "0"), Refusal(4, "not_found", "no run", "cockpit")),
    "evidence": (("evidence", "show", "evd_zzz"), Refusal(4, "not_found", "'evd_zzz'", "evidence list")),
    "a package": (("evidence", "verify", "/nowhere/at/all"), Refusal(4, "not_found", "/nowhere/at/all", "")),
    "an outbox item": (("outbox", "requeue", "out_zzz"), Refusal(4, "not_found", "out_zzz", "")),
    "a command": (("lunch",), Refusal(2, "usage", "'lunch'", "--help")),
    "an option": (("start", GOAL, "--quick"), Refusal(2, "usage", "--quick", "start --help")),
    "an acceptance without a command": (
        ("start", GOAL, "--accept", "A1: it holds"),
        Refusal(2, "usage", "'A1: it holds'", "ID: text :: command"),
    ),
    "an acceptance without an ID": (
        ("start", GOAL, "--accept", "it holds :: true"),
        Refusal(2, "usage", "'it holds' is no ID", "ID: text :: command"),
    ),
    "an acceptance with an open quote": (
        ("start", GOAL, "--accept", "A1: it holds :: sh -c 'exit 1"),
        Refusal(2, "usage", "cannot be split", "ID: text :: command"),
    ),
    "two criteria of one name": (
        ("start", GOAL, "--accept", "A1: a :: true", "--accept", "A1: b :: true"),
        Refusal(2, "usage", "Two acceptance criteria are called A1", "its own ID"),
    ),
    "a budget that is no number": (("start", GOAL, "--budget", "NaN"), Refusal(2, "usage", "--budget: 'NaN'", "2.50")),
    "a budget below zero": (("start", GOAL, "--budget", "-1"), Refusal(2, "usage", "'-1'", "2.50")),
    "an endless budget": (("start", GOAL, "--budget", "inf"), Refusal(2, "usage", "'inf'", "2.50")),
    "a budget of nothing": (("start", GOAL, "--budget", "0"), Refusal(2, "usage", "budget is zero", "--budget 2.00")),
    "too much": (("start", GOAL, "--budget", "10000.01"), Refusal(2, "usage", "$10,000.01", "$0 to $10,000")),
}  # fmt: skip


@pytest.mark.parametrize("name", VALUES)
def test_a_value_that_cannot_be(at: Cockpit, repo: Path, name: str) -> None:
    words, wanted = VALUES[name]
    if words[0] == "start":
        given = ("--repo", str(repo), *(() if "--accept" in words else ACCEPT))
        words = (*words, *given, *(AGENTS if "--coder" not in words else AGENTS[2:]))
    refused(at, wanted, *words)


FILES = {
    "no TOML": ("config.toml", "[defaults\n", Refusal(6, "malformed", "config.toml is not valid TOML", "line")),
    "an unknown section": ("config.toml", "[defualts]\n", Refusal(6, "malformed", "defualts", "Did you mean")),
    "an unknown key": ("config.toml", "[clocks]\nidle = 3\n", Refusal(6, "malformed", "clocks.idle", "idle_s")),
    "a NUL": ("config.toml", '[defaults]\ncoder = "a\\u0000b"\n', Refusal(6, "malformed", "defaults.coder", "NUL")),
    "a budget of nan": (
        "config.toml", "[defaults]\nbudget_usd = nan\n", Refusal(6, "malformed", "defaults.budget_usd", "nan"),
    ),
    "a clock below zero": (
        "config.toml", "[clocks]\nwall_s = -1\n", Refusal(6, "malformed", "clocks.wall_s", "above 0"),
    ),
    "no routing table": (
        "config.toml", '[routing]\ntable = "routes.toml"\n', Refusal(6, "malformed", "routes.toml", "config.toml"),
    ),
    "a routing table with a wrong weight": (
        "routes.toml", '[[rows]]\ndomain = "a"\nbuilder = "b"\nverifier = "c"\nwords = { api = "3" }\n',
        Refusal(6, "malformed", "rows[0].words.api", "whole number"),
    ),
    "a routing table that is no TOML": (
        "routes.toml", "[[rows\n", Refusal(6, "malformed", "routes.toml is not valid TOML", "built-in table"),
    ),
    "a scenario that is no JSON": ("coder.json", "{", Refusal(6, "malformed", "coder.json", "Mend the file")),
    "a scenario with an unknown action": (
        "coder.json", '{"turns": [{"role": "coder", "actions": [{"dance": 1}]}]}',
        Refusal(6, "malformed", "turns[0].actions[0]", "Mend the file"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_with(name: str, repo: Path, tmp_path: Path) -> None:
    file, text, wanted = FILES[name]
    at = Cockpit(tmp_path / "home")
    at.configure('[routing]\ntable = "routes.toml"\n' if file == "routes.toml" else "")
    (at.home / file).write_text(text)
    coder = f"scripted:{at.home / file}" if file == "coder.json" else "command:true"
    check(at.call("start", GOAL, "--repo", str(repo), *ACCEPT, "--coder", coder, "--verifier", "command:false"), wanted)
    (at.home / "config.toml").unlink()
    assert at.ok("audit", "verify")["count"] == 0
    assert not (at.home / "worker.lock").exists()


def test_any_goal_in_any_script_is_kept_to_the_letter(repo: Path, tmp_path: Path) -> None:
    goals = [
        "אנא תקן את ה-API של המנתח",
        "أصلح واجهة api \u202eقلب\u202c 🧑🏽‍🚀🔥 {% raw %} [red]bold[/] $(reboot) `x` ${HOME}",
        "Fix the api " + "é" * ((65536 - 12) // 2),
        "  two lines of api\r\n\tand a tab  ",
    ]
    with cockpit(tmp_path / "home") as at:
        for goal in goals:
            answer = at.ok(
                "start", "-", "--repo", str(repo), "--prepare", "false", *ACCEPT, *AGENTS, stdin=goal.encode() + b"\n"
            )
            run = answer["run"]
            assert at.status(run)["goal"] == goal
            assert at.wait(run) == "blocked"
            assert [blocker["code"] for blocker in at.status(run)["blockers"]] == ["prepare_failed"]


def test_what_is_no_part_of_a_run_is_not_found_in_it(repo: Path, tmp_path: Path) -> None:
    with cockpit(tmp_path / "home") as at:
        runs = [at.start(GOAL, repo, "--prepare", "false", *ACCEPT, *AGENTS) for _ in range(2)]
        assert {at.wait(run) for run in runs} == {"blocked"}
        before = decided(at)
        refusals = {
            ("skip", runs[0], "--step", "lunch"): Refusal(4, "not_found", "'lunch'", "plan, build, verify"),
            ("retry", runs[0], "--step", "stp_zzz"): Refusal(4, "not_found", "'stp_zzz'", "plan, build, verify"),
            ("status", "run_"): Refusal(4, "not_found", "run_", "more"),
            ("cap", runs[0], "NaN", "--reason", "why not"): Refusal(2, "usage", "'NaN'", "2.50"),
            ("cap", runs[0], "1.01", "--scope", "thread", "--reason", "why"): Refusal(
                3, "review_required", "$1.01", "at most $1.00"
            ),
            ("reject", runs[0], "--reason", "no"): Refusal(2, "usage", "2 characters", "--reason"),
            ("land", runs[0], "--yes"): Refusal(3, "not_ready", "blocked", "cockpit status"),
        }
        for words, wanted in refusals.items():
            check(at.call(*words), wanted)
        assert decided(at) == before


def decided(at: Cockpit) -> list[str]:
    """What people did so far; a live worker delivers its pages in the background all the while."""
    return [event["hash"] for event in at.events() if event["actor"] != "worker"]


def test_a_newer_ledger_is_left_alone(repo: Path, tmp_path: Path) -> None:
    at = Cockpit(tmp_path / "home")
    at.ok("status")
    with closing(sqlite3.connect(at.home / "ledger.db")) as ledger, ledger:
        ledger.execute("UPDATE meta SET schema = 999")
    before = (at.home / "ledger.db").read_bytes()
    wanted = Refusal(3, "newer_schema", "has schema 999", "Install the newer version")
    for words in (("status",), ("start", GOAL, "--repo", str(repo), *ACCEPT, *AGENTS), ("worker",)):
        check(at.call(*words), wanted)
    assert (at.home / "ledger.db").read_bytes() == before


def test_a_second_worker_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    at = Cockpit(tmp_path / "home")
    at.ok("status")
    first = subprocess.Popen([PROGRAM, "--home", at.home, "worker"], stderr=subprocess.PIPE, text=True)
    try:
        while system(at, "worker")["state"] != "up":
            assert first.poll() is None
        check(at.call("worker"), Refusal(3, "locked", f"Worker {first.pid}", "cockpit worker --stop"))
        assert first.poll() is None
        assert at.ok("worker", "--stop")["stopped"]
        assert first.wait(30) == 0
    finally:
        first.kill()
        first.communicate()


def test_without_a_worker_the_run_is_kept_and_the_next_one_takes_it_up(repo: Path, tmp_path: Path) -> None:
    with cockpit(tmp_path / "home") as at:
        at.ok("status")
        (at.home / "engine.db").write_text("no database at all, but long enough to be taken for one")
        answer = at.call("start", GOAL, "--repo", str(repo), "--prepare", "false", *ACCEPT, *AGENTS)
        run = at.ok("status")["runs"][0]
        check(answer, Refusal(5, "worker", "The durable engine cannot work", f"The run {run['run']} is recorded"))
        assert (run["state"], system(at, "worker")["state"]) == ("ready", "off")
        (at.home / "engine.db").unlink()
        at.ok("instruct", run["run"], "Go on.")
        assert at.wait(run["run"]) == "blocked"


def system(at: Cockpit, name: str) -> dict[str, str]:
    """What `doctor` says of a system."""
    found: dict[str, dict[str, str]] = {one["name"]: one for one in at.call("doctor").value["systems"]}
    return found[name]


def test_without_git(repo: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("true", "false", "sh"):
        found = shutil.which(tool)
        assert found
        (tools / tool).symlink_to(found)
    at = Cockpit(tmp_path / "home", {"PATH": str(tools)})
    wanted = Refusal(5, "no_git", "git is not installed", "apt")
    check(at.call("start", GOAL, "--repo", str(repo), *ACCEPT, *AGENTS), wanted)
    assert at.ok("audit", "verify")["count"] == 0
    assert at.call("doctor").exit_code == 3
    assert system(at, "git")["state"] == "down"
    assert "apt install git" in system(at, "git")["hint"]


def test_without_a_terminal_the_cockpit_says_what_to_use_instead(tmp_path: Path) -> None:
    done = subprocess.run(
        [PROGRAM, "--home", tmp_path / "home"], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "cockpit status" in done.stderr
    assert not (tmp_path / "home").exists()
