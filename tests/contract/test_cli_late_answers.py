"""An answer to a request whose agent is gone: it is refused, and says why."""

from pathlib import Path

import pytest

from factory.model.permission import Permission
from factory.model.step import Attempt
from tests.contract.command_line import CommandLine, Plant


@pytest.fixture
def plant(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Plant:
    return Plant(CommandLine(home, capsys, monkeypatch), monkeypatch)


@pytest.mark.parametrize("words", [("allow",), ("deny", "--reason", "no")])
def test_a_request_whose_agent_has_ended_cannot_be_answered(plant: Plant, words: tuple[str, ...]) -> None:
    run = plant.delivered()
    ledger = plant.floor.ledger
    attempt = ledger.find(Attempt, run=run)[-1]
    asked = Permission(id="prm_1", run=run, step=attempt.step, attempt=attempt.id, ask="1", kind="run", title="touch X")
    ledger.write("asked", lambda tx: tx.put(asked, "permission.ask", {}))
    verb, *options = words
    error = plant.cli.json(verb, "prm_1", *options).failed(3, "not_ready")
    assert "its agent has ended" in error["message"]
    assert ledger.get(Permission, "prm_1").state == "open"
