"""Asking who would do a goal, and what is known of something, with programs of the house that answer or do not."""

import json
from pathlib import Path

import pytest

import cockpit.wiring
from tests.contract.command_line import CommandLine, CountedWorkers


@pytest.fixture
def cli(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.setattr(cockpit.wiring, "local_workers", lambda _: CountedWorkers())
    return CommandLine(home, capsys, monkeypatch)


def test_a_routing_command_that_fails_is_told_and_the_table_routes(cli: CommandLine) -> None:
    cli.home.mkdir()
    (cli.home / "config.toml").write_text('[routing]\ncommand = "/nowhere/router"\n')
    answer = cli.json("route", "Fix the API and its database")
    assert (answer.code, answer.json["domain"]) == (0, "backend")
    assert "The routing command /nowhere/router cannot be started" in answer.json["notice"]
    assert answer.json["notice"] in answer.err
    routing = [system for system in cli.json("doctor").json["systems"] if system["name"] == "routing"]
    assert (routing[0]["state"], "/nowhere/router" in routing[0]["hint"]) == ("degraded", True)


def test_a_lookup_finds_pages_and_what_the_house_says_and_names_who_is_silent(cli: CommandLine) -> None:
    cli.json("status")
    (cli.home / "knowledge" / "note.md").write_text("# Rounding\n\nAmounts are rounded by parts\n")
    item = {"title": "Rounding of amounts", "text": "by the house", "ref": "wiki/7"}
    (cli.home / "house.json").write_text(json.dumps([item]))
    command = f"sh -c 'cat {cli.home}/house.json'"
    (cli.home / "config.toml").write_text(f'[lookup]\ncommand = "{command}"\n[memory]\nurl = "http://127.0.0.1:9"\n')
    found = cli.json("lookup", "rounding amounts").json
    assert [(one["source"], one["score"]) for one in found["items"]] == [("page", 1.0), ("command", 1.0)]
    assert found["items"][1] == {"source": "command", **item, "score": 1.0}
    (notice,) = found["notices"]
    assert notice.startswith("LightRAG does not answer")
    assert "wiki/7" in cli("lookup", "rounding").out
