"""`cockpit start --from-mission REF`: the task says what the command line does not."""

from pathlib import Path

import pytest

from factory.errors import Refused
from factory.model.request import Request
from factory.model.run import Run
from factory.operations.requests import start_request
from tests.contract.command_line import CommandLine, Plant

AGENTS = ("--coder", "coder-x", "--verifier", "verifier-y")


@pytest.fixture
def plant(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Plant:
    return Plant(CommandLine(home, capsys, monkeypatch), monkeypatch)


def asked(plant: Plant, **changes: object) -> Request:
    fields: dict[str, object] = {
        "goal": "Make calc right", "priority": "H", "accept": ("A1: calc is right :: has calc.py right",),
        "repo": str(plant.floor.repo),
    }  # fmt: skip
    request = Request(id="req_1", ref="mission:7", **{**fields, **changes})  # type: ignore[arg-type]
    plant.floor.ports.ledger.write("worker", lambda tx: tx.put(request, "request.open"))
    return plant.floor.ports.ledger.get(Request, "req_1")


@pytest.mark.parametrize("ref", ["mission:7", "7", "#7"])
def test_goal_acceptance_priority_and_repository_come_from_the_task(plant: Plant, ref: str) -> None:
    asked(plant)
    answer = plant.cli.json("start", "--from-mission", ref, *AGENTS)
    assert answer.code == 0, answer.err
    run = plant.floor.ports.ledger.get(Run, answer.json["run"])
    assert (run.goal, run.priority, run.repo, run.mc_ref) == (
        "Make calc right", "H", str(plant.floor.repo), "mission:7",
    )  # fmt: skip
    assert [criterion.id for criterion in run.criteria] == ["A1"]
    taken = plant.floor.ports.ledger.get(Request, "req_1")
    assert (taken.state, taken.run) == ("taken", run.id)


def test_the_command_line_has_the_last_word(plant: Plant) -> None:
    asked(plant, repo="/nowhere", accept=())
    accept = ("--accept", "B1: calc is right :: has calc.py right", "--priority", "L")
    answer = plant.cli.json("start", "--from-mission", "7", "--repo", str(plant.floor.repo), *accept, *AGENTS)
    assert answer.code == 0, answer.err
    run = plant.floor.ports.ledger.get(Run, answer.json["run"])
    assert (run.priority, run.criteria[0].id) == ("L", "B1")


def test_a_task_that_nobody_knows_is_not_found(plant: Plant) -> None:
    error = plant.cli.json("start", "--from-mission", "8", *AGENTS).failed(4, "not_found")
    assert "'8'" in error["message"]


def test_a_task_is_taken_once_and_the_same_key_attaches(plant: Plant) -> None:
    asked(plant)
    words = ("start", "--from-mission", "7", *AGENTS)
    run = plant.cli.json(*words, "--key", "K").json["run"]
    assert plant.cli.json(*words).failed(3, "taken")["hint"] == f"cockpit status {run}"
    again = plant.cli.json(*words, "--key", "K")
    assert (again.json["run"], again.json["created"]) == (run, False)


def test_a_task_that_went_is_refused(plant: Plant) -> None:
    asked(plant, state="gone")
    plant.cli.json("start", "--from-mission", "7", *AGENTS).failed(3, "gone")


def test_without_a_goal_and_without_a_task_there_is_nothing_to_start(plant: Plant) -> None:
    assert "GOAL" in plant.cli.json("start", *AGENTS).failed(2, "usage")["message"]


def test_a_goal_of_its_own_needs_no_task(plant: Plant) -> None:
    words = ("--repo", str(plant.floor.repo), "--accept", "A1: x :: has calc.py right", *AGENTS)
    answer = plant.cli.json("start", "Make calc right", "--from-mission", "elsewhere-9", *words)
    assert plant.floor.ports.ledger.get(Run, answer.json["run"]).mc_ref == "elsewhere-9"


@pytest.mark.parametrize(("repo", "words"), [("", "names no repository"), ("src/report", "no absolute path")])
def test_what_starts_by_itself_must_name_its_repository(plant: Plant, repo: str, words: str) -> None:
    request = asked(plant, repo=repo)
    with pytest.raises(Refused, match=words):
        start_request(plant.floor.ports, request)
    assert plant.floor.ports.ledger.find(Run) == ()
