"""The operator's verbs: what they answer, and that they start a worker where reading does not."""

from pathlib import Path

import pytest

from tests.contract.command_line import CommandLine, Plant


@pytest.fixture
def plant(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Plant:
    return Plant(CommandLine(home, capsys, monkeypatch), monkeypatch)


@pytest.mark.parametrize("verb", ["cancel", "pause"])
def test_a_verb_answers_with_run_state_and_event(plant: Plant, verb: str) -> None:
    run = plant.delivered()
    value = plant.cli.json(verb, run).json
    assert set(value) == {"run", "state", "event"}
    assert value["run"] == run
    if verb == "pause":
        assert plant.cli.json("resume", run).json["state"] == "running"


def test_the_other_verbs_answer_the_same(plant: Plant) -> None:
    run = plant.delivered()
    for words in (
        ("instruct", run, "Mind the rounding."),
        ("cap", run, "7.50", "--reason", "a longer job"),
        ("cap", run, "1.00", "--scope", "thread", "--reason", "one more round"),
        ("skip", run, "--step", "docs"),
    ):
        answer = plant.cli.json(*words)
        assert answer.code == 0, answer.err
        assert set(answer.json) == {"run", "state", "event", *({"when"} if words[0] == "instruct" else ())}
    status = plant.cli.json("status", run).json
    assert (status["cost"]["cap"], status["verifier"]["cap"]) == (7_500_000, 1_000_000)


def test_a_rejection_reopens_the_build(plant: Plant) -> None:
    run = plant.awaiting_qa()
    assert plant.cli.json("reject", run, "--reason", "Round half up, please.").json["state"] == "running"


def test_a_blocked_run_is_retried(plant: Plant) -> None:
    run = plant.launched()
    plant.floor.checks.broken.add("has")
    plant.work()
    status = plant.cli.json("status", run).json
    assert (status["state"], status["blockers"][0]["code"]) == ("blocked", "acceptance_broken")
    assert plant.cli.json("blockers").json["items"][0]["run"] == run
    plant.floor.checks.broken.clear()
    assert plant.cli.json("retry", run, "--step", "plan").code == 0


def test_reading_starts_no_worker_and_every_verb_does(plant: Plant) -> None:
    run = plant.delivered()
    before = plant.workers.ensured
    reading = [("status",), ("status", run), ("review", run), ("events",), ("evidence", "list", run), ("threads",)]
    reading += [("blockers",), ("outbox", "list"), ("agents",), ("route", "Fix the api"), ("lookup", "x")]
    reading += [("wait", run, "--timeout", "0")]
    for words in reading:
        plant.cli.json(*words)
    assert plant.workers.ensured == before
    for count, words in enumerate((("verify", run), ("instruct", run, "Mind the rounding."), ("cancel", run)), 1):
        assert plant.cli.json(*words).code == 0
        assert plant.workers.ensured == before + count


def test_the_worker_is_ended_on_request(plant: Plant) -> None:
    plant.launched()
    assert plant.cli.json("worker", "--stop").json == {"stopped": True}
    assert plant.cli.json("worker", "--stop").json == {"stopped": False}
