"""What `doctor` says of the systems of `config.toml`: asked now, with our credentials."""

from pathlib import Path
from typing import Any

import pytest

import cockpit.wiring
from tests.contract.command_line import CommandLine, CountedWorkers
from tests.support.fake_bookstack import TOKEN, FakeBookStack
from tests.support.fake_lightrag import KEY, FakeLightRag
from tests.support.faults import Fault, Faults
from tests.support.loopback import served


@pytest.fixture
def cli(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.setenv("RAG_KEY", KEY)
    monkeypatch.setattr(cockpit.wiring, "local_workers", lambda _: CountedWorkers())
    return CommandLine(home, capsys, monkeypatch)


def asked(cli: CommandLine, url: str, place: str = "env:RAG_KEY") -> tuple[int, dict[str, Any]]:
    """How `doctor` ended with this LightRAG configured, and what it says of it."""
    cli.home.mkdir(exist_ok=True)
    (cli.home / "config.toml").write_text(f'[memory]\nurl = "{url}"\nkey = "{place}"\n')
    answer = cli.json("doctor")
    (system,) = [one for one in answer.json["systems"] if one["name"] == "lightrag"]
    return answer.code, system


def test_a_system_that_works_is_up_with_its_version_and_where_it_is_configured(cli: CommandLine) -> None:
    with served(FakeLightRag().answer) as url:
        code, system = asked(cli, url)
    assert (code, system["state"], system["configured"]) == (0, "up", "config.toml")
    assert system["version"]
    assert "GET /documents/status_counts" in system["asked"]


def test_a_wrong_key_is_down_though_its_health_page_is_green(cli: CommandLine) -> None:
    server = FakeLightRag(key="another-key")
    with served(server.answer) as url:
        code, system = asked(cli, url)
    assert (code, system["state"]) == (3, "down")
    assert "does not let us in" in system["hint"]
    assert KEY not in system["hint"]


def test_a_secret_that_is_not_there_is_said_with_its_place(cli: CommandLine) -> None:
    with served(FakeLightRag().answer) as url:
        code, system = asked(cli, url, "env:NOT_SET")
    assert (code, system["state"]) == (3, "down")
    assert "env:NOT_SET" in system["hint"]


@pytest.mark.parametrize("fault", ["refuse", "cut", "unauthorised", "busy", "broken", "maintenance", "web_page"])
def test_each_kind_of_trouble_is_a_sentence(cli: CommandLine, fault: Fault) -> None:
    faults = Faults()
    faults.set(fault)
    with served(FakeLightRag().answer, faults) as url:
        code, system = asked(cli, url)
    assert (code, system["state"]) == (3, "down")
    assert "LightRAG" in system["hint"]


def test_a_server_that_is_not_there_is_down(cli: CommandLine) -> None:
    code, system = asked(cli, "http://127.0.0.1:9")
    assert (code, system["state"]) == (3, "down")


def test_a_wiki_is_asked_with_its_token_and_a_sink_is_known_by_what_it_was_sent(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIKI_TOKEN", TOKEN)
    cli.home.mkdir()
    with served(FakeBookStack().answer) as url:
        (cli.home / "config.toml").write_text(
            f"[knowledge]\nurl = '{url}'\ntoken = 'env:WIKI_TOKEN'\n[sinks.tool]\ncommand = 'cat'\n"
        )
        answer = cli.json("doctor")
        systems = {one["name"]: one for one in answer.json["systems"]}
        assert (answer.code, systems["bookstack"]["state"], systems["sink:tool"]["state"]) == (0, "up", "unknown")
        assert systems["bookstack"]["configured"] == systems["sink:tool"]["configured"] == "config.toml"
        monkeypatch.setenv("WIKI_TOKEN", f"{TOKEN}-no-more")
        answer = cli.json("doctor")
    (wiki,) = [one for one in answer.json["systems"] if one["name"] == "bookstack"]
    assert (answer.code, wiki["state"]) == (3, "down")
    assert "does not let us in" in wiki["hint"]
    assert "no-more" not in wiki["hint"]
