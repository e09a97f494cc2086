"""Whoever has something to do for another system is told so, by what was written to the ledger."""

import pytest

from adapters.engine.news import News
from factory.model.outbox import OutboxItem, PortHealth
from factory.model.run import Run
from factory.rules.outbox import outbox_item
from tests.fakes.ledger import MemoryLedger


def put(ledger: MemoryLedger, entity: Run | OutboxItem | PortHealth, action: str, **detail: str) -> None:
    ledger.write("worker", lambda tx: tx.put(entity, action, detail))


@pytest.fixture
def ledger() -> MemoryLedger:
    ledger = MemoryLedger()
    put(ledger, Run(id="run_1", goal="g"), "run.start")
    return ledger


def test_what_was_there_before_is_no_news(ledger: MemoryLedger) -> None:
    assert News(ledger).targets() == frozenset()


@pytest.mark.parametrize("action", ["outbox.queue", "outbox.renew", "outbox.requeue"])
def test_an_item_that_was_queued_concerns_its_target_once(ledger: MemoryLedger, action: str) -> None:
    news = News(ledger)
    put(ledger, outbox_item("run_1", "lightrag", "remember", {"id": "a", "text": "b"}), action, target="lightrag")
    assert news.targets() == {"lightrag"}
    assert news.targets() == frozenset()


def test_news_of_a_run_concerns_the_mirror_of_all_runs(ledger: MemoryLedger) -> None:
    news = News(ledger)
    put(ledger, Run(id="run_2", goal="g"), "run.start")
    assert news.targets() == {"mission"}


def test_what_the_threads_write_themselves_wakes_nobody(ledger: MemoryLedger) -> None:
    news = News(ledger)
    item = outbox_item("run_1", "lightrag", "remember", {"id": "a", "text": "b"})
    put(ledger, item, "outbox.claim", target="lightrag")
    put(ledger, PortHealth(id="lightrag"), "port.seen", port="lightrag")
    assert news.targets() == frozenset()
