"""`cockpit metrics`: of all runs, of one, of the task behind one; as text, JSON and Markdown."""

from dataclasses import replace
from pathlib import Path

import pytest

from factory.model.run import Run
from factory.rules.figures import NO_RUNS
from tests.contract.command_line import CommandLine, Plant


@pytest.fixture
def plant(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Plant:
    return Plant(CommandLine(home, capsys, monkeypatch), monkeypatch)


def mirrored(plant: Plant, run: str, ref: str) -> None:
    """The run has this task of mission control behind it."""
    ledger = plant.floor.ports.ledger
    ledger.write("worker", lambda tx: tx.put(replace(tx.get(Run, run), mc_ref=ref), "run.test"))


def test_an_empty_ledger_is_a_sentence(plant: Plant) -> None:
    said = plant.cli("metrics")
    assert (said.code, said.out.strip()) == (0, NO_RUNS)
    assert plant.cli("metrics", "--md").out.strip() == NO_RUNS
    empty = plant.cli.json("metrics")
    assert (empty.code, empty.json["runs"], empty.json["items"]) == (0, 0, [])
    assert empty.json["first_pass_yield"] == {"hits": 0, "n": 0, "value": None, "low": None, "high": None}


def test_all_runs_have_counts_words_and_a_row_each(plant: Plant) -> None:
    run = plant.done()
    said = plant.cli("metrics").out
    assert "1 run, 1 reached QA" in said
    assert "First-pass yield      1 of 1 (too few to say)" in said
    assert said.splitlines()[-1].startswith(run)
    found = plant.cli.json("metrics").json
    assert (found["first_pass_yield"]["hits"], found["first_pass_yield"]["n"]) == (1, 1)
    assert found["first_pass_yield"]["value"] is None
    assert found["words"]["1 run, 1 reached QA"]["Passes adjudicated"] == "1 of 1 (too few to say)"
    assert [one["run"] for one in found["items"]] == [run]


def test_one_run_says_what_it_took(plant: Plant) -> None:
    run = plant.done()
    said = plant.cli("metrics", run)
    assert said.code == 0
    assert said.out.startswith(f"{run}  done")
    assert all(word in said.out for word in ("Rounds", "Cap used", "Lead time", "Evidence score"))
    found = plant.cli.json("metrics", run).json
    assert found["counts"]["first_pass"] is True
    assert all({"code", "severity", "message", "ids"} == set(flag) for flag in found["flags"])


@pytest.mark.parametrize("meant", ["mission:42", "#42", "42", "tasks/42"])
def test_the_task_behind_a_run_names_it(plant: Plant, meant: str) -> None:
    run = plant.done()
    mirrored(plant, run, "mission:42")
    assert plant.cli.json("metrics", meant).json["run"] == run


def test_a_task_launched_by_hand_under_another_name_is_found_as_it_was_written(plant: Plant) -> None:
    run = plant.done()
    mirrored(plant, run, "JIRA-7")
    assert plant.cli.json("metrics", "JIRA-7").json["run"] == run


def test_of_several_runs_with_the_task_it_is_the_newest_and_the_others_are_named(plant: Plant) -> None:
    first, second = plant.done(), plant.done()
    for run in (first, second):
        mirrored(plant, run, "mission:42")
    found = plant.cli.json("metrics", "#42").json
    assert (found["run"], found["other_runs"]) == (second, [first])
    for words in ((), ("--md",)):
        said = plant.cli("metrics", "#42", *words)
        assert f"#42 has 2 runs behind it, and this is the newest, {second}." in said.err
        assert f"cockpit metrics {first}" in said.err
    alone = plant.cli("metrics", first)
    assert "behind it" not in alone.err
    assert plant.cli.json("metrics", first).json["other_runs"] == []


@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_name_is_not_all_runs(plant: Plant, name: str) -> None:
    assert "For all runs: cockpit metrics" in plant.cli.json("metrics", name).failed(2, "usage")["hint"]


@pytest.mark.parametrize("meant", ["run_zzz", "#43", "mission:43"])
def test_what_is_not_there_is_not_found(plant: Plant, meant: str) -> None:
    mirrored(plant, plant.done(), "mission:42")
    refused = plant.cli.json("metrics", meant)
    assert (refused.code, refused.json["error"]["code"]) == (4, "not_found")


def test_markdown_is_a_page_and_excludes_json(plant: Plant) -> None:
    run = plant.done()
    assert plant.cli("metrics", "--md").out.count(run) == 1
    assert run in plant.cli("metrics", run, "--md").out
    plant.cli.json("metrics", "--md").failed(2, "usage")
