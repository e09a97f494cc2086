"""Every command prints exactly one JSON object of the promised shape, over a factory floor in memory."""

from pathlib import Path
from typing import Any

import pytest

from tests.contract.command_line import CommandLine, Plant

STATUS = {
    "run": str, "state": str, "goal": str, "step": dict, "agent": dict, "verifier": dict, "evidence": list,
    "cost": dict, "blockers": list, "next_action": dict, "claims": list, "steps": list, "thread": dict, "gate": dict,
    "outbox": list, "result": dict, "sources": dict, "as_of": str,
}  # fmt: skip
INNER = {
    "step": {"id", "kind", "state", "attempt"},
    "agent": {"company", "name"},
    "verifier": {"company", "name", "required", "thread", "state", "round", "verdict", "sent", "cap", "spent"},
    "cost": {"micros", "in_flight", "cap", "basis"},
    "next_action": {"code", "label", "key", "command"},
    "gate": {"kind", "state", "package", "digest", "score", "sufficient", "reasons"},
    "result": {"branch", "commit", "base", "fetch", "patch"},
}
ITEMS = {
    "evidence": {"id", "kind", "path", "sha256", "polarity", "score", "claims"},
    "blockers": {"id", "code", "severity", "message"},
    "claims": {"id", "text", "required", "status", "score"},
    "steps": {"id", "kind", "state", "attempt", "cost_micros"},
    "outbox": {"target", "state"},
}


@pytest.fixture
def plant(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Plant:
    return Plant(CommandLine(home, capsys, monkeypatch), monkeypatch)


def check_status(status: dict[str, Any]) -> None:
    for key, kind in STATUS.items():
        assert isinstance(status[key], kind), key
    for key, inner in INNER.items():
        assert inner <= set(status[key]), key
    for key, inner in ITEMS.items():
        assert all(inner <= set(item) for item in status[key]), key
    for source in status["sources"].values():
        assert {"state", "age_s"} <= set(source)


def test_start_says_what_it_made_and_where_its_seven_outputs_are(plant: Plant) -> None:
    run = plant.launched()
    again = plant.cli.json("status", run).json
    assert (again["state"], again["thread"]["state"], again["thread"]["sent"]) == ("ready", "prewired", 0)
    words = ("--repo", str(plant.floor.repo), "--coder", "coder-x", "--verifier", "verifier-y", "--key", "k1")
    first = plant.cli.json("start", "Make calc right", *words, "--accept", "A1: right :: has calc.py right").json
    second = plant.cli.json("start", "Make calc right", *words, "--accept", "A1: right :: has calc.py right").json
    assert (first["created"], second["created"], first["run"]) == (True, False, second["run"])
    names = [one["name"] for one in first["outputs"]]
    assert len(names) == 7
    assert all(Path(one["path"]).is_absolute() for one in first["outputs"])


def test_start_tells_people_the_same(plant: Plant) -> None:
    words = ("--repo", str(plant.floor.repo), "--coder", "coder-x", "--verifier", "verifier-y")
    answer = plant.cli("start", "Napravi [red]nešto[/red]", *words, "--accept", "A1: right :: has calc.py right")
    assert answer.code == 0
    assert "Napravi [red]nešto[/red]" in answer.out
    assert "CodeCraft builds, Proveo verifies" in answer.out
    for name in ("parent task and subtasks", "spec page", "routed companies", "thread", "QA gate", "writeback"):
        assert f"  {name}" in answer.out


def test_a_status_has_every_field_in_every_state(plant: Plant) -> None:
    run = plant.launched()
    check_status(plant.cli.json("status", run).json)
    plant.floor.agents.coder = []
    check_status(plant.cli.json("status", "last").json)


def test_a_whole_run_in_the_words_of_the_contract(plant: Plant) -> None:
    run = plant.awaiting_qa()
    status = plant.cli.json("status", run).json
    check_status(status)
    assert (status["state"], status["next_action"]["code"], status["gate"]["state"]) == (
        "awaiting_qa",
        "review",
        "open",
    )
    assert all(Path(item["path"]).is_absolute() for item in status["evidence"])
    card = plant.cli.json("review", run).json
    keys = {"run", "digest", "score", "sufficient", "claims", "evidence", "diffstat", "cost", "risk", "self_approved"}
    assert keys <= set(card)
    assert len(card["digest"]) == 64
    old = plant.cli.json("approve", run, "--digest", "0" * 64)
    assert run in old.failed(3, "stale_package")["hint"]
    approved = plant.cli.json("approve", run, "--digest", card["digest"]).json
    assert (set(approved), approved["digest"]) == ({"approval", "run", "state", "digest"}, card["digest"])
    assert plant.cli.json("approve", run, "--digest", card["digest"]).json["approval"] == approved["approval"]
    plant.work()
    done = plant.cli.json("status", run).json
    check_status(done)
    assert (done["state"], done["next_action"]["code"]) == ("done", "land")
    landed = plant.cli.json("land", run, "--branch", "cockpit/x", "--yes").json
    assert {"run", "branch", "commit", "ref"} <= set(landed)
    assert plant.floor.workspace.branches == {landed["ref"]: landed["commit"]}


def test_people_read_the_same_run_as_text(plant: Plant) -> None:
    run = plant.awaiting_qa()
    text = plant.cli("status", run).out
    for label in ("goal", "step", "agent", "verifier", "evidence", "cost", "blockers", "next"):
        assert any(line.startswith(f"{label:<11}") for line in text.splitlines()), label
    card = plant.cli("review", run).out
    assert card.index("claims") < card.index("digest")
    assert f"cockpit approve {run} --digest " in card
    assert run in plant.cli("status").out


def test_status_without_a_run_lists_all_newest_first(plant: Plant) -> None:
    older, newer = plant.launched(), plant.launched()
    value = plant.cli.json("status").json
    assert [one["run"] for one in value["runs"]] == [newer, older]
    assert value["as_of"]
    assert [one["run"] for one in plant.cli.json("status", "--limit", "1").json["runs"]] == [newer]
    assert plant.cli.json("status", "--state", "done").json["runs"] == []


def test_the_page_of_a_run_is_markdown(plant: Plant) -> None:
    run = plant.launched()
    assert run in plant.cli("status", run, "--md").out
    plant.cli.json("status", run, "--md").failed(2, "usage")
    assert plant.cli("status", "run_zzz", "--md").code == 4


def test_threads_outbox_route_and_lookup_have_their_shapes(plant: Plant) -> None:
    run = plant.done()
    thread = plant.cli.json("threads").json["items"][0]
    assert (thread["run"], thread["state"]) == (run, plant.cli.json("status", run).json["thread"]["state"])
    items = plant.cli.json("outbox", "list").json["items"]
    assert all({"id", "target", "op", "state", "tries", "next_at", "error", "ref"} <= set(item) for item in items)
    route = plant.cli.json("route", "Fix the api").json
    assert {"domain", "builder", "verifier", "matched", "score", "runner_up", "margin", "table"} <= set(route)
    found = plant.cli.json("lookup", "calc").json
    assert [item["ref"] for item in found["items"] if item["source"] == "run"] == [run]
    assert all(set(item) == {"source", "title", "text", "ref", "score"} for item in found["items"])
    assert plant.cli.json("lookup", "rounding").json["items"] == []


def test_agents_have_their_shape(plant: Plant) -> None:
    for item in plant.cli.json("agents").json["items"]:
        assert {"name", "installed", "version", "ready", "hint", "tested", "login", "can", "tier"} <= set(item)


def test_metrics_are_of_one_run_or_of_all(plant: Plant) -> None:
    assert plant.cli.json("metrics").code == 0
    run = plant.done()
    one = plant.cli.json("metrics", run).json
    assert {"run", "thread", "end_state", "rounds", "attempts", "cost_by_role", "score", "flags"} <= set(one)
    assert plant.cli("metrics").code == 0
    assert run in plant.cli("metrics", run).out
