"""Every fault as it looks on a real socket: an outage that ends, and never a second document."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from adapters.memory.lightrag import LightRagTarget
from adapters.memory.lightrag_client import LightRagClient
from factory.errors import Refused, SourceError
from factory.model.outbox import OutboxItem
from factory.rules.outbox import outbox_item
from tests.support.fake_lightrag import KEY, FakeLightRag
from tests.support.faults import FAULTS, Fault, Faults
from tests.support.loopback import served

PATIENCE_S = 0.3


@pytest.fixture
def server() -> FakeLightRag:
    return FakeLightRag()


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def target(server: FakeLightRag, faults: Faults) -> Iterator[LightRagTarget]:
    with served(server.answer, faults) as url:
        made = LightRagTarget(LightRagClient(url, lambda: KEY, read_s=PATIENCE_S, whole_s=PATIENCE_S), "shop")
        yield made
        made.close()


def lesson() -> OutboxItem:
    note = {"id": "run_1-lesson", "title": "", "text": "Parts add up", "run": "run_1", "kind": "postflight"}
    return outbox_item("run_1", "lightrag", "remember", note)


@pytest.mark.parametrize("has_effect", [False, True])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_while_it_is_sent_is_an_outage_and_it_arrives_once(
    server: FakeLightRag, faults: Faults, target: LightRagTarget, fault: Fault, has_effect: bool
) -> None:
    faults.set(fault, has_effect=has_effect)
    item = lesson()
    with pytest.raises(SourceError) as caught:
        target.deliver(item)
    assert not isinstance(caught.value, Refused)
    assert "LightRAG" in caught.value.message
    faults.clear()
    outcome, ref = target.deliver(item)
    assert outcome == "accepted"
    server.documents.settle()
    assert target.confirm(replace(item, remote_ref=ref))
    assert [document["status"] for document in server.documents.stored.values()] == ["processed"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_while_it_is_asked_about_is_an_outage_and_changes_nothing(
    server: FakeLightRag, faults: Faults, target: LightRagTarget, fault: Fault
) -> None:
    item = lesson()
    sent = replace(item, remote_ref=target.deliver(item)[1])
    server.documents.settle()
    faults.set(fault)
    with pytest.raises(SourceError) as caught:
        target.confirm(sent)
    assert not isinstance(caught.value, Refused)
    faults.clear()
    assert target.confirm(sent)
    assert server.count("/documents/text") == 1
