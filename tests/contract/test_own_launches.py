"""`start --workflow` and `start --spec`: what an operator wrote into a file before is what the run gets."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.spec_file import read_spec
from adapters.workflow_files import WorkflowFiles
from factory.model.definition import Definition
from factory.model.launch import Launch
from factory.operations.ready import preview
from factory.operations.recall import recent
from tests.contract.command_line import Answer, CommandLine, Plant

WORDS = ("--coder", "coder-x", "--verifier", "verifier-y", "--priority", "H")
ACCEPT = ("--accept", "A1: calc is right :: has calc.py right")


@pytest.fixture
def plant(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Plant:
    plant = Plant(CommandLine(home, capsys, monkeypatch), monkeypatch)
    folder = home / "workflows"
    folder.mkdir(parents=True)
    plant.floor.ports = replace(plant.floor.ports, workflows=WorkflowFiles(folder))
    (folder / "quick.toml").write_text("max_rounds = 1\nthreshold = 90\n[clocks]\nwall_s = 60\n")
    (folder / "broken.toml").write_text("max_rounds = 'many'\n")
    return plant


def started(plant: Plant, *words: str) -> Answer:
    answer = plant.cli.json("start", "Make calc right", "--repo", str(plant.floor.repo), *WORDS, *ACCEPT, *words)
    if answer.code == 0:
        plant.floor.run_id = answer.json["run"]
    return answer


def test_a_file_with_the_name_of_the_usual_workflow_is_not_passed_over(plant: Plant) -> None:
    assert started(plant, "--workflow", "goal-to-done").code == 0
    file = plant.cli.home / "workflows" / "goal-to-done.toml"
    file.write_text("max_rounds = 1\n")
    refused = started(plant, "--workflow", "goal-to-done")
    assert (refused.code, str(file) in refused.err) == (6, True)
    assert "a name of its own" in refused.err


def test_a_run_keeps_the_workflow_that_it_was_started_with(plant: Plant) -> None:
    assert started(plant, "--workflow", "quick").code == 0
    run = plant.floor.view.run
    assert (run.definition.name, run.definition.max_rounds, run.definition.threshold) == ("quick", 1, 90)
    assert (run.definition.clocks.wall_s, run.definition.clocks.idle_s) == (60.0, 120.0)
    assert plant.floor.view.thread.max_rounds == 1
    digest = run.workflow_sha256
    (plant.cli.home / "workflows" / "quick.toml").write_text("max_rounds = 2\n")
    assert plant.floor.view.run.definition.max_rounds == 1
    assert started(plant, "--workflow", "quick").code == 0
    assert plant.floor.view.run.workflow_sha256 != digest


def test_a_default_workflow_is_taken_unless_another_is_named(plant: Plant) -> None:
    plant.floor.ports = replace(plant.floor.ports, defaults=replace(plant.floor.ports.defaults, workflow="quick"))
    assert started(plant).code == 0
    assert plant.floor.view.run.definition.name == "quick"
    assert started(plant, "--workflow", Definition.name).code == 0
    assert plant.floor.view.run.definition == Definition()


def test_a_launch_can_be_had_again_with_its_workflow(plant: Plant) -> None:
    assert started(plant, "--workflow", "quick").code == 0
    (before,) = recent(plant.floor.ports)
    shown = preview(plant.floor.ports, before.launch)
    assert (before.launch.workflow, shown.workflow, shown.problems) == ("quick", "quick", ())
    usual = preview(plant.floor.ports, replace(before.launch, workflow=""))
    assert usual.workflow == ""
    gone = preview(plant.floor.ports, Launch(goal="x", workflow="gone"))
    assert "workflow" in gone.about


@pytest.mark.parametrize(
    ("name", "code", "word", "says"),
    [
        ("gone", 4, "not_found", "goal-to-done, broken, quick"),
        ("../config", 4, "not_found", "There is no workflow"),
        ("broken", 6, "malformed", "broken.toml: 'max_rounds'"),
    ],
)
def test_a_workflow_that_cannot_be_taken_starts_nothing(
    plant: Plant, name: str, code: int, word: str, says: str
) -> None:
    error = started(plant, "--workflow", name).failed(code, word)
    assert says in error["message"] + error["hint"]
    assert plant.cli.json("status").json["runs"] == []


def test_a_spec_is_launched_and_the_command_line_wins(plant: Plant, tmp_path: Path) -> None:
    spec = tmp_path / "fix.toml"
    spec.write_text(
        'goal = "Make calc right"\naccept = ["A1: calc is right :: has calc.py right"]\npriority = "H"\n'
        f'coder = "coder-x"\nverifier = "verifier-y"\nbudget_usd = 3\nrepo = "{plant.floor.repo}"\nworkflow = "quick"\n'
    )
    plant.floor.run_id = plant.cli.json("start", "--spec", str(spec)).json["run"]
    run, budget = plant.floor.view.run, plant.floor.view.budget("run")
    assert (run.goal, run.priority, run.coder.name, run.definition.name) == ("Make calc right", "H", "coder-x", "quick")
    assert [criterion.id for criterion in run.criteria] == ["A1"]
    assert budget is not None
    assert budget.limit_micros == 3_000_000
    words = ("start", "Make calc really right", "--spec", str(spec), "--budget", "1", "--coder", "coder-z")
    plant.floor.run_id = plant.cli.json(*words).json["run"]
    run, budget = plant.floor.view.run, plant.floor.view.budget("run")
    assert (run.goal, run.coder.name, run.priority) == ("Make calc really right", "coder-z", "H")
    assert budget is not None
    assert budget.limit_micros == 1_000_000
    plant.cli.json("start", "--spec", str(spec), "--budget", "0").failed(2, "usage")


def test_a_spec_that_cannot_be_taken_is_named(plant: Plant, tmp_path: Path) -> None:
    spec = tmp_path / "fix.toml"
    assert "new spec" in plant.cli.json("start", "--spec", str(spec)).failed(4, "not_found")["hint"]
    spec.write_text("goal = ")
    assert str(spec) in plant.cli.json("start", "--spec", str(spec)).failed(6, "malformed")["message"]
    spec.write_text(f"goal = {'[' * 5000}")
    assert str(spec) in plant.cli.json("start", "--spec", str(spec)).failed(6, "malformed")["message"]
    spec.write_text('priority = "H"')
    assert "says no goal" in plant.cli.json("start", "--spec", str(spec)).failed(2, "usage")["message"]
    spec.write_text('goal = ""')
    assert "empty" in plant.cli.json("start", "--spec", str(spec)).failed(2, "usage")["message"]


def test_a_spec_that_is_no_file_of_a_person_is_refused_and_never_waited_for(plant: Plant, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"#" * ((1 << 20) + 1))
    for name, said in (("pipe", "is not a file"), ("large", "is larger than 1 MB")):
        assert said in plant.cli.json("start", "--spec", str(tmp_path / name)).failed(6, "malformed")["message"]


def test_a_spec_without_a_goal_is_named(plant: Plant, tmp_path: Path) -> None:
    (tmp_path / "go.toml").write_text("priority = 'L'\n")
    error = plant.cli.json("start", "--spec", str(tmp_path / "go.toml")).failed(2, "usage")
    assert error["message"] == f"The spec {tmp_path / 'go.toml'} says no goal."


def test_a_spec_may_begin_with_the_mark_of_an_editor(tmp_path: Path) -> None:
    (tmp_path / "go.toml").write_text('\ufeffgoal = "Mend it"\n', "utf-8")
    assert read_spec(tmp_path / "go.toml") == {"goal": "Mend it"}
