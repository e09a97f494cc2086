"""The worker's targets as `config.toml` names them, over a real ledger, to servers on this machine."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from cockpit.config import load
from cockpit.settings import Settings
from cockpit.system_secrets import Secrets
from cockpit.system_targets import with_systems
from cockpit.wiring import close_ports, open_ports
from factory.errors import Malformed
from factory.model.outbox import OutboxItem, PortHealth
from factory.model.run import Run
from factory.ports.bundle import Ports
from factory.rules.outbox import outbox_item
from factory.workflow.delivery import deliver_due
from factory.workflow.pages import queue
from tests.contract.bookstack_rig import page_text
from tests.support.fake_bookstack import TOKEN, FakeBookStack
from tests.support.loopback import served

HOOK_SECRET = "hook-secret-of-this-test"


class House:
    """A home that is configured for everything, with the servers of it."""

    def __init__(self, home: Path, wiki_url: str, hook_url: str) -> None:
        self.home = home
        home.mkdir(mode=0o700)
        program = f'{shlex.quote(sys.executable)} -c \'import sys; open("got", "a").write(sys.stdin.read() + "\\n")\''
        (home / "config.toml").write_text(
            f"[knowledge]\nurl = '{wiki_url}'\ntoken = 'env:WIKI_TOKEN'\nshelf = 'Factory'\nbook = 'Ledger Service'\n"
            f"[sinks.hive]\nurl = '{hook_url}/hook'\nsecret = 'file:hive.key'\nops = ['page']\n"
            f"[sinks.tool]\ncommand = '''{program}'''\nops = ['page']\n"
        )
        self.ports = with_systems(open_ports(self.settings, "worker"), self.settings)
        run = Run(id="run_1", goal="Fix split()", state="running")
        self.ports.ledger.write("operator", lambda tx: tx.put(run, "run.start"))

    @property
    def settings(self) -> Settings:
        return load(self.home, {})

    def write(self, text: str) -> None:
        """Queue a page, as a run does."""
        payload = {"ref": "run_1/status", "role": "status", "title": "Fix split()", "text": page_text(text)}
        item = outbox_item("run_1", "knowledge", "page", payload, "run_1/status")
        self.ports.ledger.write("worker", lambda tx: queue(tx, self.ports, item))

    def look(self) -> None:
        """One look of each of the worker's threads."""
        for target in self.ports.targets:
            deliver_due(self.ports, self.ports.clock.now(), lambda tries, key: 0.0, target=target)

    def states(self) -> dict[str, str]:
        """State of the newest item of each target."""
        return {item.target: item.state for item in self.ports.ledger.find(OutboxItem)}


@pytest.fixture
def wiki() -> FakeBookStack:
    return FakeBookStack()


@pytest.fixture
def hooked() -> list[httpx.Request]:
    return []


@pytest.fixture
def house(tmp_path: Path, wiki: FakeBookStack, hooked: list[httpx.Request]) -> Iterator[House]:
    def hook(request: httpx.Request) -> httpx.Response:
        hooked.append(request)
        return httpx.Response(202)

    with served(wiki.answer) as wiki_url, served(hook) as hook_url:
        made = House(tmp_path / "home", wiki_url, hook_url)
        yield made
        close_ports(made.ports)


def test_a_page_reaches_every_system_and_a_missing_secret_holds_up_only_its_own(
    house: House, wiki: FakeBookStack, hooked: list[httpx.Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.write("first")
    house.look()
    assert house.states() == {
        "knowledge": "delivered",
        "bookstack": "queued",
        "sink:hive": "queued",
        "sink:tool": "delivered",
    }
    errors = {item.target: item.last_error for item in house.ports.ledger.find(OutboxItem)}
    assert errors["bookstack"].startswith("There is no secret at env:WIKI_TOKEN.")
    assert errors["sink:hive"].startswith("There is no secret at file:hive.key.")
    monkeypatch.setenv("WIKI_TOKEN", TOKEN)
    (house.home / "hive.key").write_text(HOOK_SECRET)
    (house.home / "hive.key").chmod(0o600)
    house.ports.ledger.write("worker", lambda tx: [tx.put(port, "port.seen") for port in _long_ago(house.ports)])
    house.look()
    assert set(house.states().values()) == {"delivered"}
    assert [page["name"] for page in wiki.pages.values()] == ["Fix split() · status · run_1"]
    assert hooked[0].headers["x-cockpit-signature"].startswith("sha256=")
    assert (house.home / "got").read_text().count("\n") == 1


def _long_ago(ports: Ports) -> list[PortHealth]:
    """The ports as if they had been looked at long ago."""
    return [replace(port, seen_at="2026-01-01T00:00:00.000Z") for port in ports.ledger.find(PortHealth)]


def test_a_secret_that_was_read_reaches_no_evidence(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIKI_TOKEN", TOKEN)
    house.write("first")
    house.look()
    told = house.ports.evidence.capture_text("run_1", "log", f"Token {TOKEN}; {TOKEN.split(':')[1]}")
    kept = (house.home / "evidence" / "run_1" / told.path).read_text()
    assert TOKEN.split(":")[1] not in kept
    for file in house.home.rglob("*"):
        if file.is_file():
            assert TOKEN.split(":")[1].encode() not in file.read_bytes(), file


def test_a_client_that_brings_evidence_keeps_the_secrets_of_all_systems_out_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIKI_TOKEN", TOKEN)
    secret = tmp_path / "hive.key"
    secret.write_text("the-key-of-the-hive\n")
    secret.chmod(0o600)
    (tmp_path / "config.toml").write_text(
        "[knowledge]\nurl = 'http://wiki.test'\ntoken = 'env:WIKI_TOKEN'\n"
        f"[sinks.hive]\nurl = 'http://hive.test'\nsecret = 'file:{secret}'\n"
    )
    ports = open_ports(load(tmp_path), "operator:ana")
    try:
        told = ports.evidence.capture_text("run_1", "note", f"Token {TOKEN}, key the-key-of-the-hive, both mine")
        kept = (ports.evidence.root("run_1") / told.path).read_text()
    finally:
        close_ports(ports)
    assert kept == "Token [redacted:value], key [redacted:value], both mine"


def test_a_secret_is_known_as_a_whole_and_behind_its_id_when_it_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIKI_TOKEN", TOKEN)
    secrets = Secrets(tmp_path, (b"of an agent",))
    secrets.read_early("env:WIKI_TOKEN", "", "env:NOT_SET", "keyring:nobody/asks")
    assert set(secrets.values) == {b"of an agent", TOKEN.encode(), TOKEN.split(":")[1].encode()}


@pytest.mark.parametrize("token", ["wiki-token:läuft", "two\nlines"])
def test_a_token_that_no_header_can_hold_is_said_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("WIKI_TOKEN", token)
    with pytest.raises(Malformed) as caught:
        Secrets(tmp_path).read_token("env:WIKI_TOKEN")
    assert token not in str(caught.value)


@pytest.mark.parametrize("sink", ["", "url = 'http://h.test'\ncommand = 'x'"])
def test_a_sink_is_an_address_or_a_command(tmp_path: Path, sink: str) -> None:
    (tmp_path / "config.toml").write_text(f"[sinks.hive]\n{sink}\n")
    with pytest.raises(Malformed, match="hive"):
        load(tmp_path, {})


def test_a_client_imports_nothing_that_speaks_to_a_system(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        "[knowledge]\nurl = 'http://wiki.test'\ntoken = 'env:T'\n[sinks.hive]\nurl = 'http://h.test'\n"
    )
    program = (
        "import sys; from pathlib import Path; from cockpit.config import load; from cockpit.wiring import open_ports\n"
        "ports = open_ports(load(Path(sys.argv[1])), 'operator:o')\n"
        "print(sorted(ports.targets), ports.copies['page'], [n for n in ('httpx', 'keyring') if n in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True, env=os.environ
    ).stdout
    assert said.strip() == "['knowledge', 'memory'] ('bookstack', 'sink:hive') []"


def test_a_key_that_no_header_can_hold_is_said_and_not_shown(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text("[memory]\nurl = 'http://127.0.0.1:1'\nkey = 'file:rag.key'\n")
    (home / "rag.key").write_text("first-half\nsecond-half")
    (home / "rag.key").chmod(0o600)
    settings = load(home, {})
    ports = with_systems(open_ports(settings, "worker"), settings)
    with pytest.raises(Malformed) as caught:
        ports.targets["lightrag"].deliver(outbox_item("run_1", "lightrag", "remember", {"id": "a", "text": "b"}))
    assert "file:rag.key is not one line" in str(caught.value)
    assert "half" not in str(caught.value)
    close_ports(ports)
