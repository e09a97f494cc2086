"""Which commands there are, and what holds for every one of them: names of runs, global options, help."""

from pathlib import Path

import pytest

from cockpit.cli.commands import COMMANDS, GROUPS
from tests.contract.command_line import CommandLine, Plant

OF_THE_DESIGN = {
    "start", "wait", "status", "verify", "review", "approve", "reject", "land", "retry", "skip", "cancel", "pause",
    "resume", "instruct", "cap", "evidence list", "evidence show", "evidence add", "evidence verify", "evidence export",
    "metrics", "canary", "outbox list", "outbox requeue", "audit verify", "audit export", "blockers", "threads",
    "events", "worker", "doctor", "init", "agents", "route", "lookup", "config show", "demo", "record", "screenshot",
    "replay",
}  # fmt: skip
SINCE = ("permissions", "allow", "deny", "new")
"""What agents ask for needs commands too, and what others bring a beginning."""
LATER = ("split",)


@pytest.fixture
def plant(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Plant:
    return Plant(CommandLine(home, capsys, monkeypatch), monkeypatch)


def test_the_commands_are_those_of_the_design() -> None:
    grouped = {f"{group} {name}" for group, (_, commands) in GROUPS.items() for name in commands}
    assert set(COMMANDS) | grouped == OF_THE_DESIGN | {*SINCE}


@pytest.mark.parametrize("name", LATER)
def test_what_comes_later_answers_usage(plant: Plant, name: str) -> None:
    assert name in plant.cli.json(name, "x").failed(2, "usage")["message"]


@pytest.mark.parametrize("word", ["last", "prefix", "whole"])
def test_a_run_is_named_in_three_ways(plant: Plant, word: str) -> None:
    run = plant.launched()
    name = {"last": "last", "prefix": run[:-1], "whole": run}[word]
    assert plant.cli.json("status", name).json["run"] == run


@pytest.mark.parametrize("place", ["before", "after", "both"])
def test_global_options_are_taken_before_and_after_the_command(plant: Plant, place: str) -> None:
    words = {"before": ["--json", "status"], "after": ["status", "--json"], "both": ["--json", "status", "--no-color"]}
    assert plant.cli(*words[place]).json["runs"] == []


def test_what_stands_behind_two_dashes_is_no_option(plant: Plant) -> None:
    run = plant.delivered()
    assert plant.cli("--json", "instruct", run, "--", "--json").code == 0
    assert plant.floor.view.messages[-1].body == "--json"


def test_help_and_version_are_one_object_too(plant: Plant) -> None:
    assert "GOAL" in plant.cli.json("start", "--help").json["help"]
    assert set(plant.cli.json("--version").json) == {"version"}


def test_external_text_cannot_steer_the_terminal(plant: Plant) -> None:
    words = ("--repo", str(plant.floor.repo), "--coder", "coder-x", "--verifier", "verifier-y")
    goal = "Fix \x1b[31mapi\x1b[0m \u202eevil"
    answer = plant.cli("start", goal, *words, "--accept", "A1: right :: has calc.py right")
    assert answer.code == 0
    assert not set("\x1b\u202e") & set(answer.out)
    assert plant.cli.json("status", "last").json["goal"] == goal


def test_every_command_has_its_help(plant: Plant) -> None:
    for name in sorted(OF_THE_DESIGN):
        answer = plant.cli(*name.split(), "--help")
        assert (answer.code, answer.err) == (0, "")
        assert "--home" in answer.out


def test_a_value_that_looks_like_help_is_a_value(plant: Plant) -> None:
    run = plant.delivered()
    assert plant.cli.json("cap", run, "2", "--reason", "--help").json["event"] == "budget.cap"
