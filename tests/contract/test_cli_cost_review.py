"""A verifier's cap over $1.00 on the command line: asked for, shown, approved or rejected by its digest."""

from pathlib import Path
from typing import Any

import pytest

from tests.contract.command_line import CommandLine, Plant

ASK = ("--scope", "thread", "--reason", "two bugs were found", "--review")


@pytest.fixture
def plant(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Plant:
    return Plant(CommandLine(home, capsys, monkeypatch), monkeypatch)


def ask(plant: Plant, run: str, usd: str = "1.50") -> dict[str, Any]:
    """Ask, and read the card."""
    assert plant.cli.json("cap", run, usd, *ASK).json == {"run": run, "state": "ready", "event": "cost_review.ask"}
    return plant.cli.json("review", run).json


def test_without_asking_it_is_refused_with_the_way_to_ask(plant: Plant) -> None:
    run = plant.launched()
    error = plant.cli.json("cap", run, "1.50", *ASK[:-1]).failed(3, "review_required")
    assert f"cockpit cap {run} USD --scope thread --reason WHY --review" in error["hint"]
    assert plant.cli.json("status", run).json["next_action"]["code"] != "review_cost"


def test_the_status_says_that_a_cost_review_waits(plant: Plant) -> None:
    run = plant.launched()
    card = ask(plant, run)
    status = plant.cli.json("status", run).json
    assert status["next_action"] == {
        "code": "review_cost", "label": "Review the cost before more is spent: a verifier cap of $1.50.", "key": "a",
        "command": f"cockpit review {run}",
    }  # fmt: skip
    assert (status["gate"]["kind"], status["gate"]["state"]) == ("cost_review", "open")
    assert status["gate"]["digest"] == card["digest"]
    assert status["verifier"]["cap"] == 250_000


def test_the_card_has_what_is_asked_and_every_cap(plant: Plant) -> None:
    card = ask(plant, plant.launched())
    assert (card["gate"], card["asked"], card["cap"], card["reason"]) == (
        "cost_review", 1_500_000, 250_000, "two bugs were found",
    )  # fmt: skip
    assert card["self_approved"] is True
    assert [(cap["scope"], cap["cap"], cap["left"], cap["over"]) for cap in card["caps"]] == [
        ("thread", 250_000, 250_000, 0), ("run", 5_000_000, 5_000_000, 0),
    ]  # fmt: skip


def test_an_approval_by_its_digest_raises_the_cap_once(plant: Plant) -> None:
    run = plant.launched()
    digest = ask(plant, run)["digest"]
    first = plant.cli.json("approve", run, "--digest", digest)
    assert (first.code, set(first.json), first.json["digest"]) == (0, {"approval", "run", "state", "digest"}, digest)
    assert plant.cli.json("approve", run, "--digest", digest).json == first.json
    assert plant.cli.json("status", run).json["verifier"]["cap"] == 1_500_000
    assert plant.cli.json("cap", run, "1.50", *ASK[:-1]).code == 0, "it is the cap that was approved"


def test_the_digest_of_an_older_wish_is_stale(plant: Plant) -> None:
    run = plant.launched()
    old = ask(plant, run)["digest"]
    new = ask(plant, run, "2")["digest"]
    assert "$2.00" in plant.cli.json("approve", run, "--digest", old).failed(3, "stale_package")["message"]
    plant.cli.json("reject", run, "--digest", old, "--reason", "far too much").failed(3, "stale_package")
    assert plant.cli.json("reject", run, "--digest", new, "--reason", "far too much").json["event"] == "gate.reject"
    plant.cli.json("approve", run, "--digest", new).failed(3, "already_decided")
    assert plant.cli.json("status", run).json["verifier"]["cap"] == 250_000


def test_no_agent_asks_for_money(plant: Plant) -> None:
    run = plant.launched()
    plant.floor.inside = run
    plant.cli.json("cap", run, "1.50", *ASK).failed(3, "agent_may_not_approve")


def test_people_read_the_card_with_the_commands_that_decide_it(plant: Plant) -> None:
    run = plant.launched()
    digest = ask(plant, run)["digest"]
    text = plant.cli("review", run).out
    for part in ("a verifier cap of $1.50 instead of $0.25", "two bugs were found", "3 of 3 rounds are left",
                 f"cockpit approve {run} --digest {digest}", f"cockpit reject {run} --digest {digest}"):  # fmt: skip
        assert part in text
    assert text.splitlines()[5].split() == [
        "scope", "cap", "spent", "measured", "≈", "?", "in", "flight", "left", "over",
    ]  # fmt: skip


def test_a_package_and_a_wish_are_decided_each_by_its_own_digest(plant: Plant) -> None:
    run = plant.awaiting_qa()
    package = plant.cli.json("review", run).json["digest"]
    assert plant.cli.json("cap", run, "1.50", *ASK).json["event"] == "cost_review.ask"
    wish = plant.cli.json("review", run).json["digest"]
    assert wish != package
    assert plant.cli.json("reject", run, "--reason", "not so much money").json["state"] == "awaiting_qa"
    assert plant.cli.json("review", run).json["digest"] == package
    plant.cli.json("reject", run, "--digest", "0" * 64, "--reason", "not so good").failed(3, "stale_package")
    assert plant.cli.json("approve", run, "--digest", package).json["state"] == "closing"
