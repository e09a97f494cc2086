"""Every fault as it looks on a real socket: an outage that ends, and never a second document."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from adapters.memory.lightrag import LightRagTarget
from adapters.memory.lightrag_client import LightRagClient
from factory.errors import Refused, SourceError
from factory.model.outbox import OutboxItem
from factory.rules.outbox import outbox_item
from tests.support.fake_lightrag import KEY, FakeLightRag
from tests.support.faults import FAULTS, Fault, Faults
from tests.support.loopback import served

HASTE_S = 0.3
"""For what hangs. What answers gets all the time that a busy machine needs."""


@pytest.fixture
def server() -> FakeLightRag:
    return FakeLightRag()


@pytest.fixture
def faults() -> Faults:
    return Faults()


@dataclass
class Targets:
    """Two workers in turn: one that soon gives up, one that does not."""

    hasty: LightRagTarget
    patient: LightRagTarget


@pytest.fixture
def targets(server: FakeLightRag, faults: Faults) -> Iterator[Targets]:
    with served(server.answer, faults) as url:
        hasty = LightRagTarget(LightRagClient(url, lambda: KEY, read_s=HASTE_S, whole_s=HASTE_S), "shop")
        patient = LightRagTarget(LightRagClient(url, lambda: KEY), "shop")
        yield Targets(hasty, patient)
        hasty.close()
        patient.close()


def lesson() -> OutboxItem:
    note = {"id": "run_1-lesson", "title": "", "text": "Parts add up", "run": "run_1", "kind": "postflight"}
    return outbox_item("run_1", "lightrag", "remember", note)


@pytest.mark.parametrize("has_effect", [False, True])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_while_it_is_sent_is_an_outage_and_it_arrives_once(
    server: FakeLightRag, faults: Faults, targets: Targets, fault: Fault, has_effect: bool
) -> None:
    faults.set(fault, has_effect=has_effect)
    item = lesson()
    with pytest.raises(SourceError) as caught:
        targets.hasty.deliver(item)
    assert not isinstance(caught.value, Refused)
    assert "LightRAG" in caught.value.message
    faults.clear()
    outcome, ref = targets.patient.deliver(item)
    assert outcome == "accepted"
    server.documents.settle()
    assert targets.patient.confirm(replace(item, remote_ref=ref))
    assert [document["status"] for document in server.documents.stored.values()] == ["processed"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_while_it_is_asked_about_is_an_outage_and_changes_nothing(
    server: FakeLightRag, faults: Faults, targets: Targets, fault: Fault
) -> None:
    item = lesson()
    sent = replace(item, remote_ref=targets.patient.deliver(item)[1])
    server.documents.settle()
    faults.set(fault)
    with pytest.raises(SourceError) as caught:
        targets.hasty.confirm(sent)
    assert not isinstance(caught.value, Refused)
    faults.clear()
    assert targets.patient.confirm(sent)
    assert server.count("/documents/text") == 1
