"""What `cockpit doctor` says of a home, and what it keeps of it."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import cockpit.wiring
from tests.contract.command_line import CommandLine, CountedWorkers, Plant


@pytest.fixture
def cli(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.setattr(cockpit.wiring, "local_workers", lambda _: CountedWorkers())
    return CommandLine(home, capsys, monkeypatch)


def test_the_doctor_names_a_newer_ledger_and_goes_on(cli: CommandLine) -> None:
    assert cli.json("doctor").json["ok"]
    with sqlite3.connect(cli.home / "ledger.db") as ledger:
        ledger.execute("UPDATE meta SET schema = 9999")
    ledger.close()
    answer = cli.json("doctor")
    assert (answer.code, answer.json["ok"]) == (3, False)
    (found,) = [system for system in answer.json["systems"] if system["name"] == "ledger"]
    assert found["state"] == "down"
    assert "9999" in found["hint"]


def test_the_doctor_has_a_line_for_every_system(cli: CommandLine) -> None:
    value = cli.json("doctor").json
    names = {"git", "disk", "ledger", "worker", "routing", "agents", "knowledge", "memory", "tmux"}
    assert {system["name"] for system in value["systems"]} == names
    fields = {"name", "state", "latency_ms", "age_s", "version", "hint", "configured", "asked"}
    assert all(fields == set(system) for system in value["systems"])
    assert "git" in cli("doctor").out


def test_what_the_doctor_found_is_kept_as_a_private_file_that_can_be_evidence(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant = Plant(cli, monkeypatch)
    run = plant.launched()
    (cli.home / "log").mkdir(exist_ok=True)
    value = plant.cli.json("doctor").json
    report = Path(value["report"])
    assert report == plant.cli.home / "log" / "doctor.json"
    assert report.stat().st_mode & 0o777 == 0o600
    assert json.loads(report.read_text()) == {name: each for name, each in value.items() if name != "report"}
    assert plant.cli("doctor").out.endswith(f"Kept in {report}\n")
    assert plant.cli.json("evidence", "add", run, str(report), "--kind", "health_check").code == 0


def test_a_doctor_that_can_keep_nothing_still_says_what_it_found(cli: CommandLine) -> None:
    cli.json("status")
    (cli.home / "log" / "doctor.json").mkdir()
    answer = cli.json("doctor")
    assert (answer.code, answer.json["report"]) == (0, None)
    assert "Kept in" not in cli("doctor").out


def test_the_doctor_sees_what_is_gone(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.json("status")
    (cli.home / "knowledge").rmdir()
    (cli.home / "config.toml").write_text('[routing]\ntable = "nowhere.toml"\n')
    monkeypatch.setenv("PATH", "/nowhere")
    answer = cli.json("doctor")
    assert answer.code == 3
    down = {system["name"]: system["hint"] for system in answer.json["systems"] if system["state"] == "down"}
    assert set(down) == {"git", "knowledge", "routing"}
    assert all(down.values()), "each says what to do"


@pytest.fixture(autouse=True)
def _no_default_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    yield
    assert not (tmp_path / "state").exists(), "--home is always the one that is used"


def test_the_doctor_counts_configured_agents_that_are_not_ready(cli: CommandLine) -> None:
    cli.home.mkdir()
    (cli.home / "config.toml").write_text(
        '[agents.mine]\nuse = "command:/nowhere"\n[agents.fine]\nuse = "command:sh"\n'
    )
    (agents,) = [system for system in cli.json("doctor").json["systems"] if system["name"] == "agents"]
    assert agents["state"] == "degraded"
    assert agents["hint"] == "1 agent that is configured is not ready: mine. See: cockpit agents"
