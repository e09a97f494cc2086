"""What a prompt gets to remember when a LightRAG is configured, whatever state that is in."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from adapters.memory import with_lightrag
from adapters.memory.fts import FtsMemory
from adapters.memory.lightrag_client import LightRagClient
from adapters.memory.lightrag_names import lesson_of
from adapters.memory.with_lightrag import MemoryWithLightRag, hints_of
from factory.errors import Malformed, Unreachable
from factory.model.outbox import OutboxItem
from factory.ports.knowledge import Hint
from factory.rules.outbox import outbox_item
from tests.fakes.knowledge import FakeMemory
from tests.support.fake_lightrag import KEY, FakeLightRag
from tests.support.faults import FAULTS, Fault, Faults, faulty
from tests.support.loopback import served

PATIENT_S = 30.0
THEIRS = "The split of parts was decided in the spring"


def note(run: str, text: str) -> OutboxItem:
    payload = {"id": f"{run}-lesson", "title": "", "text": text, "run": run, "kind": "postflight"}
    return outbox_item(run, "memory", "remember", payload)


class Both:
    """A memory of this home and a LightRAG, with one lesson that both know and one that only the latter has."""

    def __init__(self, recall_s: float = PATIENT_S) -> None:
        self.server, self.faults, self.own = FakeLightRag(), Faults(), FakeMemory()
        item = note("run_1", "Parts of split must add up")
        self.own.deliver(item)
        lesson = lesson_of(item, "shop")
        self.server.documents.take(lesson.text, lesson.source)
        self.server.documents.take(THEIRS, "decisions.md")
        self.server.documents.settle()
        self.client = LightRagClient("http://m.test", lambda: KEY, transport=faulty(self.server.answer, self.faults))
        self.memory = MemoryWithLightRag(self.own, self.client, recall_s)


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> Both:
    monkeypatch.setattr(with_lightrag, "KNOCK_S", PATIENT_S)  # what answers gets all the time that it needs
    return Both()


def refs(hints: tuple[Hint, ...]) -> list[str]:
    return [hint.ref for hint in hints]


def test_both_are_asked_and_a_lesson_stands_there_once(both: Both) -> None:
    found = both.memory.recall("split the parts")
    assert refs(found) == ["memory://run_1-lesson", "rag://decisions.md"]
    assert found[1].text == THEIRS
    assert refs(both.memory.recall("split the parts", limit=1)) == ["memory://run_1-lesson"]
    assert both.memory.recall("split the parts", limit=0) == ()


def test_only_what_needs_no_language_model_is_asked_for(both: Both) -> None:
    both.server.documents.llm_down = True
    assert "rag://decisions.md" in refs(both.memory.recall("split the parts"))
    assert {request.url.path for request in both.server.requests} == {"/query/data"}


@pytest.mark.parametrize("fault", FAULTS)
def test_without_the_server_the_home_remembers_and_the_log_says_so(
    both: Both, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    both.faults.set(fault)
    with caplog.at_level(logging.WARNING):
        assert refs(both.memory.recall("split the parts")) == ["memory://run_1-lesson"]
    assert "Recalled without LightRAG" in caplog.text


def test_down_is_told_apart_from_nothing_found(both: Both) -> None:
    assert hints_of(both.client, "zzz qqq", 5) == ()
    both.server.documents.embedding_down = True
    with pytest.raises(Unreachable):
        hints_of(both.client, "zzz qqq", 5)


def test_the_server_answers_for_a_home_that_cannot(both: Both) -> None:
    both.own.is_down = True
    assert "rag://decisions.md" in refs(both.memory.recall("split the parts"))
    both.faults.set("refuse")
    with pytest.raises(Unreachable):
        both.memory.recall("split the parts")


@pytest.mark.parametrize("source", ["rag://decisions.md", " RAG://x", "memory://run_1-lesson"])
def test_what_it_says_is_never_evidence(both: Both, source: str) -> None:
    assert both.memory.owns(source)
    assert not both.memory.owns("report.xml")


@pytest.fixture
def slow_server() -> Iterator[tuple[str, Faults]]:
    server, faults = FakeLightRag(), Faults()
    server.documents.take(THEIRS, "decisions.md")
    server.documents.settle()
    with served(server.answer, faults) as url:
        yield url, faults


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_a_recall_never_waits_longer_than_it_may(slow_server: tuple[str, Faults], fault: Fault, tmp_path: Path) -> None:
    url, faults = slow_server
    faults.set(fault)
    client = LightRagClient(url, lambda: KEY, read_s=0.3, whole_s=0.3)
    own = FtsMemory(tmp_path / "memory.db")
    own.deliver(note("run_1", "Parts of split must add up"))
    memory = MemoryWithLightRag(own, client, 0.3)
    began = time.monotonic()
    assert refs(memory.recall("split the parts")) == ["memory://run_1-lesson"]
    assert 0.2 < time.monotonic() - began < 10
    memory.close()
    faults.clear()
    patient = MemoryWithLightRag(own, LightRagClient(url, lambda: KEY), PATIENT_S)
    _answered(patient)
    patient.close()


def test_an_outage_costs_one_prompt_its_wait_and_the_others_next_to_nothing(
    slow_server: tuple[str, Faults], tmp_path: Path
) -> None:
    url, faults = slow_server
    client = LightRagClient(url, lambda: KEY, read_s=2.0, whole_s=2.0)
    memory = MemoryWithLightRag(FtsMemory(tmp_path / "memory.db"), client, 2.0)
    _answered(memory)
    faults.set("hang")
    took = [_seconds_of(memory) for _ in range(3)]
    assert took[0] > 1.9, "it answered a moment ago: it is worth its wait"
    assert min(took[1:]) < 1.9  # the other one may be what a busy machine takes
    faults.clear()
    _answered(memory)
    memory.close()


def test_one_that_never_answered_is_not_waited_for(slow_server: tuple[str, Faults], tmp_path: Path) -> None:
    url, faults = slow_server
    faults.set("hang")
    client = LightRagClient(url, lambda: KEY, read_s=2.0, whole_s=2.0)
    memory = MemoryWithLightRag(FtsMemory(tmp_path / "memory.db"), client, 2.0)
    memory.ask_early()
    assert min(_seconds_of(memory) for _ in range(2)) < 1.9
    memory.close()


def _answered(memory: MemoryWithLightRag) -> None:
    """Recall until the server answers: it is not waited for at first, and a busy machine may take longer."""
    end = time.monotonic() + PATIENT_S
    while "rag://decisions.md" not in refs(memory.recall("split the parts")):
        assert time.monotonic() < end


def _seconds_of(memory: MemoryWithLightRag) -> float:
    began = time.monotonic()
    memory.recall("split the parts")
    return time.monotonic() - began


def test_text_that_no_question_can_be_made_of_is_not_sent(both: Both) -> None:
    assert both.memory.recall("ab") == ()
    assert both.server.requests == []


def test_why_a_server_cannot_search_is_shown_short_and_on_one_line() -> None:
    said = {"status": "failure", "data": {}, "metadata": {"failure_reason": "\x1b[2J" + "x" * 5000}}
    client = LightRagClient("http://m.test", transport=httpx.MockTransport(lambda _: httpx.Response(200, json=said)))
    with pytest.raises(Unreachable) as raised:
        client.ask("What is known?", 1)
    assert "\x1b" not in raised.value.message
    assert len(raised.value.message) < 300


@pytest.mark.parametrize("track", ["\x1b[2J", "a/../b", "x" * 5000, "a b"])
def test_a_name_of_an_insert_that_no_address_can_hold_is_no_answer(track: str) -> None:
    said = {"status": "success", "track_id": track}
    client = LightRagClient("http://m.test", transport=httpx.MockTransport(lambda _: httpx.Response(200, json=said)))
    with pytest.raises(Malformed):
        client.insert("a text", "a.md")
