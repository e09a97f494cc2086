"""The command line over a real home: what it makes, what it refuses to read, and what it leaves in the log."""

import re
import shlex
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

import cockpit.wiring
from cockpit.cli.config_text import MICROS
from cockpit.config import load
from cockpit.settings import SECTIONS
from factory.ports.agents import AgentInfo
from tests.contract.command_line import CommandLine, CountedWorkers

OPENING = (
    "status",
    "status last",
    "start goal --accept 'A1: a :: true'",
    "wait last",
    "verify last",
    "review last",
    "approve last --digest 0",
    "reject last --reason because-of-this",
    "land last --yes",
    "retry last",
    "skip last --step docs",
    "cancel last",
    "pause last",
    "resume last",
    "instruct last text",
    "cap last 1 --reason why",
    "evidence list last",
    "evidence show evd_1",
    "evidence add last x",
    "evidence verify last",
    "evidence export last DIR",
    "metrics",
    "outbox list",
    "outbox requeue out_1",
    "audit verify",
    "audit export",
    "blockers",
    "threads",
    "events",
    "agents",
    "lookup x",
    "route goal",
    "worker --stop",
    "replay last --at 1",
)
"""Every command that opens the home."""


@pytest.fixture
def cli(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.setattr(cockpit.wiring, "local_workers", lambda _: CountedWorkers())
    return CommandLine(home, capsys, monkeypatch)


@pytest.mark.parametrize("line", [*OPENING, "doctor", "config show", "worker"])
def test_a_malformed_configuration_is_exit_6_for_every_command(cli: CommandLine, line: str) -> None:
    cli.home.mkdir()
    (cli.home / "config.toml").write_text("[worker]\nidle_exit = 5\n")
    error = cli.json(*shlex.split(line)).failed(6, "malformed")
    assert "worker.idle_exit" in error["message"]
    assert str(cli.home / "config.toml") in error["message"]
    assert "idle_exit_s" in error["hint"]


@pytest.mark.parametrize("line", OPENING)
def test_a_newer_ledger_is_refused_by_every_command(cli: CommandLine, line: str) -> None:
    assert cli.json("status").code == 0
    with sqlite3.connect(cli.home / "ledger.db") as ledger:
        ledger.execute("UPDATE meta SET schema = 9999")
    ledger.close()
    cli.json(*shlex.split(line)).failed(3, "newer_schema")


def test_a_knowledge_folder_that_vanished_is_not_made_again(cli: CommandLine) -> None:
    cli.json("status")
    (cli.home / "knowledge").rmdir()
    cli.json("status")
    assert not (cli.home / "knowledge").exists()


def test_everything_in_a_new_home_is_private(cli: CommandLine) -> None:
    cli.json("status")
    cli.json("init")
    for path in (cli.home, *cli.home.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_a_home_that_was_there_keeps_its_mode(cli: CommandLine) -> None:
    cli.home.mkdir(mode=0o755)
    cli.home.chmod(0o755)
    cli.json("status")
    assert stat.S_IMODE(cli.home.stat().st_mode) == 0o755


def test_a_home_that_cannot_be_made_is_named(cli: CommandLine) -> None:
    cli.home.write_text("a file")
    error = cli.json("status").failed(5, "home")
    assert str(cli.home) in error["message"]
    assert "--home" in error["hint"]


def test_init_writes_a_configuration_that_can_be_read_and_never_replaces_one(cli: CommandLine) -> None:
    written = cli.json("init").json
    assert written["path"] == str(cli.home / "config.toml")
    settings = load(cli.home, {})
    assert settings.origins == {}, "nothing was found, so every line is a comment"
    cli.json("init").failed(3, "exists")
    (cli.home / "config.toml").write_text("[worker]\nagents = 3\n")
    assert cli.json("init", "--force").code == 0
    assert "agents = 3" not in (cli.home / "config.toml").read_text()


def test_a_configuration_that_cannot_be_read_can_still_be_replaced(cli: CommandLine) -> None:
    cli.home.mkdir()
    (cli.home / "config.toml").write_text("[nonsense\n")
    cli.json("init").failed(3, "exists")
    assert cli.json("init", "--force").code == 0
    assert cli.json("config", "show").code == 0


def test_the_written_configuration_shows_the_defaults_as_they_are(cli: CommandLine) -> None:
    cli.json("init")
    defaults = load(cli.home, {})
    text = re.sub(r"# \[(agents|sinks)\..*?\n\n", "\n", (cli.home / "config.toml").read_text(), flags=re.DOTALL)
    shown = [line[2:] if line.startswith("# ") and " = " in line else line for line in text.splitlines()]
    live = [line for line in shown if not line.startswith(("coder", "verifier", "table"))]
    (cli.home / "config.toml").write_text("\n".join(live))
    read = load(cli.home, {})
    for section in SECTIONS:
        assert getattr(read, section) == getattr(defaults, section), section


def test_scripted_is_never_a_default(cli: CommandLine) -> None:
    found = cli.json("init").json
    assert not any("scripted" in name for name in (found["coder"], found["verifier"], *found["found"]))


@pytest.mark.parametrize(
    ("ready", "chosen"), [((), ("", "")), (("claude",), ("claude", "")), (("pi", "claude"), ("pi", "claude"))]
)
def test_the_agents_that_are_ready_become_coder_and_verifier(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, ready: tuple[str, ...], chosen: tuple[str, str]
) -> None:
    monkeypatch.setattr(cockpit.wiring, "local_agents", lambda _: Shelf(*ready))
    written = cli.json("init").json
    assert (written["coder"], written["verifier"]) == chosen
    defaults = load(cli.home, {}).defaults
    assert (defaults.coder, defaults.verifier) == chosen


class Shelf:
    """`Agents` of which only the list is asked for; the kinds that are always there come last."""

    def __init__(self, *ready: str) -> None:
        self._names = (*ready, "command", "scripted", "scripted:x")

    def list(self) -> tuple[AgentInfo, ...]:
        """All ready, even what must never be a default."""
        return tuple(AgentInfo(name, installed=True, ready=True) for name in self._names)


def test_config_show_says_what_applies_and_where_it_comes_from(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.home.mkdir()
    (cli.home / "config.toml").write_text("[defaults]\nbudget_usd = 1.5\n[keys]\nquit = 'Q'\n")
    monkeypatch.setenv("COCKPIT_WORKER_AGENTS", "4")
    value = cli.json("config", "show").json
    assert value["settings"]["defaults"]["budget_usd"] == 1.5
    assert value["settings"]["worker"]["agents"] == 4
    assert value["settings"]["keys"] == {"quit": "Q"}
    assert value["origins"]["worker.agents"] == "COCKPIT_WORKER_AGENTS"
    text = cli("config", "show").out
    assert "config.toml" in text
    assert "COCKPIT_WORKER_AGENTS" in text
    assert set(MICROS) == {"budget_usd", "thread_cap_usd"}


def test_config_show_makes_no_home(cli: CommandLine) -> None:
    assert cli.json("config", "show").json["exists"] is False
    assert not cli.home.exists()


def test_a_malformed_routing_table_is_exit_6(cli: CommandLine) -> None:
    cli.home.mkdir()
    (cli.home / "config.toml").write_text('[routing]\ntable = "routes.toml"\n')
    (cli.home / "routes.toml").write_text("rows = 3\n")
    assert "routes.toml" in cli.json("route", "Fix the api").failed(6, "malformed")["message"]


def test_an_unknown_domain_is_exit_2_and_lists_the_known(cli: CommandLine) -> None:
    error = cli.json("route", "Fix the api", "--domain", "marketing").failed(2, "usage")
    assert "backend" in error["message"] + error["hint"]


def test_a_goal_that_nothing_matches_is_unrouted(cli: CommandLine) -> None:
    cli.json("route", "qwrtzp").failed(3, "unrouted")


def test_a_folder_that_is_no_package_is_exit_6_and_a_path_that_is_not_there_4(cli: CommandLine, tmp_path: Path) -> None:
    cli.json("evidence", "verify", str(tmp_path)).failed(6, "not_a_package")
    cli.json("evidence", "verify", str(tmp_path / "nowhere")).failed(4, "not_found")
    assert not cli.home.exists(), "a path needs no ledger"


def test_the_audit_is_checked_and_exported(cli: CommandLine, tmp_path: Path) -> None:
    assert cli.json("audit", "verify").json == {"ok": True, "count": 0, "head": "0" * 64, "problem": None}
    target = tmp_path / "events.jsonl"
    assert cli.json("audit", "export", str(target)).json == {"path": str(target), "count": 0}
    assert target.read_text() == ""
    cli.json("audit", "export", str(target)).failed(3, "exists")
    assert cli.json("audit", "export").json == {"events": []}


def test_the_log_names_command_and_outcome_but_never_a_goal(cli: CommandLine) -> None:
    cli.json("status")
    cli.json("route", "Fix the secret api of Bilko")
    cli.json("status", "last")
    text = (cli.home / "log" / "cockpit.log").read_text()
    assert "route: exit 0" in text
    assert "status last: not_found" in text
    assert "Bilko" not in text


def test_without_a_terminal_the_cockpit_is_a_usage_error(cli: CommandLine) -> None:
    assert "terminal" in cli().err
    assert cli().code == 2
    assert "command" in cli("--json").failed(2, "usage")["message"]


def test_the_list_of_agents_puts_the_tested_version_beside_the_one_that_is_here(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "codex"
    program.write_text("#!/bin/sh\necho codex-cli 0.170.0\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    (line,) = [line for line in cli("agents").out.splitlines() if line.startswith("codex ")]
    assert line.split("  ")[0] == "codex"
    assert re.search(r"0\.170\.0 \(newer than tested: 0\.169\.0\) .*resume, live cost, schema", line)


@pytest.fixture(autouse=True)
def _no_default_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    yield
    assert not (tmp_path / "state").exists(), "--home is always the one that is used"
