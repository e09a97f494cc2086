"""Sinks and agents that installed packages bring: found by their entry points; a defect of theirs stays theirs."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.agents.kinds import KINDS
from adapters.agents.known_kinds import KnownKinds
from adapters.entry_points import names
from adapters.sinks.brought import open_brought
from factory.errors import Malformed, Missing, Refused, SourceError, Unreachable
from factory.model.outbox import OutboxItem

ITEM = OutboxItem(id="out_1", run="run_1", target="sink:hive", op="page", dedupe_key="1", payload="{}")
BROUGHT = """
from factory.errors import Refused
from factory.ports.agents import AgentInfo

class Sink:
    def __init__(self, name, options, secret):
        self.said, self.secret = options.get("say", ""), secret
        if self.said == "no":
            raise KeyError("url")
    def deliver(self, item, known):
        if self.said == "refuse":
            raise Refused("Never.")
        if self.said == "break":
            return 1 / 0
        return ("lost", "") if self.said == "lose" else ("delivered", self.secret())
    def confirm(self, item):
        return True

class Kind:
    dialect = ""
    def check(self, argument, base, path):
        return argument
    def argv(self, argument):
        return ("echo", argument)
    def info(self, path):
        return AgentInfo("bees", installed=True)

class Half:
    dialect = ""
"""


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package as pip leaves it: a module, and what it says of itself."""
    about = tmp_path / "hive-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: hive\nVersion: 1.0\n")
    points = ("sink.hive = hive_sink:Sink", "sink.gone = hive_gone:Sink", "agent.bees = hive_sink:Kind")
    more = ("agent.half = hive_sink:Half", "agent.claude = hive_sink:Kind")
    (about / "entry_points.txt").write_text("\n".join(("[cockpit.adapters]", *points, *more)))
    (tmp_path / "hive_sink.py").write_text(BROUGHT)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    sys.modules.pop("hive_sink", None)


def test_what_is_installed_is_found_by_name() -> None:
    assert {"hive", "gone"} <= set(names("sink"))
    assert open_brought("sink:hive", "hive", {}, lambda: "key").deliver(ITEM) == ("delivered", "key")


@pytest.mark.parametrize(("say", "error"), [("break", Unreachable), ("lose", Unreachable), ("refuse", Refused)])
def test_a_defect_of_theirs_is_an_outage_of_theirs(say: str, error: type[SourceError]) -> None:
    sink = open_brought("sink:hive", "hive", {"say": say}, lambda: "key")
    with pytest.raises(error) as raised:
        sink.deliver(ITEM)
    assert "sink:hive" in raised.value.message or say == "refuse"


@pytest.mark.parametrize(
    ("adapter", "say", "error", "word"),
    [("nobody", "", Missing, "hive"), ("gone", "", Malformed, "hive_gone"), ("hive", "no", Malformed, "KeyError")],
)
def test_one_that_cannot_be_opened_is_named(adapter: str, say: str, error: type[SourceError], word: str) -> None:
    with pytest.raises(error) as raised:
        open_brought("sink:hive", adapter, {"say": say}, str)
    assert word in raised.value.message
    assert raised.value.hint


def test_a_kind_of_agent_is_found_and_replaces_none_of_ours() -> None:
    kinds = KnownKinds()
    assert kinds["bees"].argv("honey") == ("echo", "honey")
    assert kinds["claude"] is KINDS["claude"]
    assert list(kinds)[: len(KINDS)] == list(KINDS)
    assert "nobody" not in kinds
    with pytest.raises(KeyError):
        kinds["nobody"]
    with pytest.raises(Malformed, match="no check and no argv and no info"):
        kinds["half"]
