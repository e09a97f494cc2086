"""Whole runs, by real processes, with a LightRAG that hangs at first; in the end each lesson is there once."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.e2e.product import WAIT_S
from tests.e2e.stage import ACCEPT, GOAL, Stage, stage_in
from tests.support.fake_lightrag import FakeLightRag
from tests.support.faults import Faults
from tests.support.loopback import served

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

KEY = "key-of-the-whole-run"
THEIRS = "The api answers right since the answer was corrected by hand in spring"


@dataclass
class House:
    """A LightRAG that works whenever it is asked something, and knows one text that we did not write."""

    server: FakeLightRag = field(default_factory=lambda: FakeLightRag(key=KEY))
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        self.server.documents.take(THEIRS, "spring.md")
        self.server.documents.settle()

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Work for a moment, then answer."""
        self.server.documents.work()
        return self.server.answer(request)

    def names(self) -> Counter[str]:
        """Which runs the processed documents are about."""
        documents = self.server.documents.stored.values()
        done = [each["file_path"] for each in documents if each["status"] == "processed"]
        return Counter(name.split("--")[1] for name in done if name.startswith("shop--"))


@contextmanager
def staged(home: Path, folder: Path, house: House) -> Iterator[Stage]:
    """A stage whose home is configured for the house."""
    with served(house.answer, house.faults) as url, stage_in(home, folder) as stage:
        stage.at.environment["RAG_KEY"] = KEY
        with (home / "config.toml").open("a") as config:
            config.write(
                f"[memory]\nurl = '{url}'\nkey = 'env:RAG_KEY'\nproject = 'shop'\nrecall_s = 5\n"
                "[outbox]\nfirst_retry_s = 0.5\nlongest_retry_s = 2\n"
            )
        yield stage


def run_to_done(stage: Stage) -> str:
    """A run, from start to done; its id."""
    run = stage.at.start(GOAL, stage.repository, "--accept", ACCEPT)
    stage.at.drive(run)
    assert stage.at.approve(run).exit_code == 0
    assert stage.at.ok("wait", run, "--for", "done", "--timeout", str(WAIT_S))["reached"] == "done"
    return run


def all_arrived(stage: Stage) -> None:
    """Wait until every item of the outbox is delivered."""
    deadline = time.monotonic() + WAIT_S
    waiting: list[object] = [None]
    while waiting:
        assert time.monotonic() < deadline, waiting
        time.sleep(0.2)
        items = stage.at.ok("outbox", "list")["items"]
        waiting = [(item["target"], item["error"]) for item in items if item["state"] != "delivered"]


def prompts(home: Path) -> str:
    """Everything that agents were told."""
    return "\n".join(file.read_text() for file in sorted((home / "agents").rglob("prompt*")) if file.is_file())


def test_runs_are_done_while_a_lightrag_hangs_and_each_lesson_is_there_once(home: Path, tmp_path: Path) -> None:
    house = House()
    with staged(home, tmp_path, house) as stage:
        house.faults.set("hang")
        first = run_to_done(stage)
        assert THEIRS not in prompts(home)
        assert house.names() == {}
        house.faults.clear()
        all_arrived(stage)
        assert house.names() == {first: 1}
        second = run_to_done(stage)
        assert THEIRS in prompts(home), "the coder of the second run was told what the server remembers"
        all_arrived(stage)
        assert house.names() == {first: 1, second: 1}
        found = stage.at.ok("lookup", "corrected by hand")["items"]
        assert ("lightrag", "rag://spring.md") in {(item["source"], item["ref"]) for item in found}
        events = stage.at.events()
    alerts = [event["action"] for event in events if event["object"] == "lightrag" and event["action"] != "port.seen"]
    assert alerts == ["port.outage", "port.recovered"]
    assert [str(file) for file in home.rglob("*") if file.is_file() and KEY.encode() in file.read_bytes()] == []
