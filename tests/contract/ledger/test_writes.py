"""What a transaction promises: all of it or nothing, each version once, each key once."""

from dataclasses import replace
from typing import Any

import pytest

from factory.errors import Malformed, Missing, Refused
from factory.model.gate import Approval, Gate
from factory.model.identity import Entity
from factory.model.outbox import OutboxItem, Page
from factory.model.run import Run
from factory.model.step import Attempt, Step
from factory.model.thread import Message
from factory.ports.ledger import Ledger, Transaction
from tests.contract.ledger.books import RUN, STEP, WAKE, put
from tests.fakes.clock import FixedClock
from tests.fakes.full_view import full_view

WORD = "naïve \u202e evil\x1b[31m [red] 'quoted' \"twice\" \\ 🙂\n"


def everything() -> list[Entity]:
    """One or more of every kind of entity, the run first."""
    view = full_view(WORD)
    lists = (value for value in vars(view).values() if isinstance(value, tuple))
    return [view.run, *(item for found in lists for item in found if isinstance(item, Entity))]


def bare(entity: Entity) -> Entity:
    """The entity without what the ledger adds."""
    return replace(entity, version=0, created_at="", updated_at="")


def test_whatever_is_put_is_read_back_whole(ledger: Ledger) -> None:
    for entity in everything():
        stored = put(ledger, bare(entity))
        assert bare(stored) == bare(entity)
        assert ledger.get(type(entity), entity.id) == stored


def test_the_ledger_counts_versions_and_tells_times(ledger: Ledger, clock: FixedClock) -> None:
    clock.advance(60)
    first = put(ledger, RUN)
    second = put(ledger, replace(first, state="ready"))
    assert (first.version, second.version) == (1, 2)
    assert first.created_at == first.updated_at == second.created_at < second.updated_at
    assert ledger.get(Run, RUN.id) == second


def test_a_failure_leaves_nothing_behind(ledger: Ledger) -> None:
    put(ledger, RUN)
    before = ledger.head(), ledger.view(RUN.id).steps, ledger.pending()

    def work(tx: Transaction) -> None:
        tx.put(STEP, "step.add")
        tx.note("step.think", STEP.id)
        tx.leave(WAKE)
        raise LookupError

    with pytest.raises(LookupError):
        ledger.write("worker", work, key="run:step:1")
    assert (ledger.head(), ledger.view(RUN.id).steps, ledger.pending()) == before
    assert ledger.write("worker", lambda tx: tx.put(STEP, "step.add"), key="run:step:1") is not None


def test_inside_a_transaction_its_own_changes_are_seen_and_outside_not_yet(ledger: Ledger) -> None:
    def work(tx: Transaction) -> None:
        stored = tx.put(RUN, "run.start")
        assert tx.get(Run, RUN.id) == stored
        assert tx.find(Run, state="draft") == (stored,)
        assert ledger.find(Run) == ()

    ledger.write("operator:ana", work)
    assert len(ledger.find(Run)) == 1


def test_each_put_writes_exactly_one_event(ledger: Ledger) -> None:
    def work(tx: Transaction) -> None:
        run = tx.put(RUN, "run.start", {"route": ("a", "b")})
        tx.put(replace(run, state="ready"), "run.ready")
        tx.put(STEP, "step.add")
        tx.note("run.look", "somebody", run=RUN.id, detail={"why": WORD})

    ledger.write("operator:ana", work, key="start")
    events = ledger.events()
    assert [(event.seq, event.action, event.object, event.run, event.key) for event in events] == [
        (1, "run.start", RUN.id, RUN.id, "start"),
        (2, "run.ready", RUN.id, RUN.id, ""),
        (3, "step.add", STEP.id, RUN.id, ""),
        (4, "run.look", "somebody", RUN.id, ""),
    ]
    assert {event.actor for event in events} == {"operator:ana"}
    assert events[0].detail == {"route": ["a", "b"]}
    assert events[3].detail == {"why": WORD}


def test_events_name_the_entity_before_and_after_by_its_digest(ledger: Ledger) -> None:
    first = put(ledger, RUN)
    put(ledger, replace(first, state="ready"))
    ledger.write("worker", lambda tx: tx.note("run.look", RUN.id))
    created, changed, noted = ledger.events()
    assert created.before_sha256 == noted.before_sha256 == noted.after_sha256 == ""
    assert len({created.after_sha256, changed.after_sha256}) == 2
    assert changed.before_sha256 == created.after_sha256


def test_a_known_key_does_nothing(ledger: Ledger) -> None:
    put(ledger, RUN, key="run:start:1")
    before = ledger.head()

    def work(tx: Transaction) -> str:
        raise AssertionError("the work of a known key must not run")

    assert ledger.write("worker", work, key="run:start:1") is None
    assert ledger.head() == before


def test_a_key_without_an_event_is_still_free(ledger: Ledger) -> None:
    put(ledger, RUN)
    assert ledger.write("worker", lambda tx: "looked", key="run:look:1") == "looked"
    assert ledger.write("worker", lambda tx: "looked", key="run:look:1") == "looked"
    assert ledger.head().count == 1


def test_an_older_version_is_refused(ledger: Ledger) -> None:
    old = put(ledger, RUN)
    put(ledger, replace(old, state="ready"))
    with pytest.raises(Refused, match="at version 2") as refused:
        put(ledger, replace(old, state="cancelled"))
    assert refused.value.code == "conflict"
    assert ledger.get(Run, RUN.id).state == "ready"
    assert ledger.head().count == 2


def test_a_version_of_something_unknown_is_refused(ledger: Ledger) -> None:
    with pytest.raises(Refused) as refused:
        put(ledger, replace(RUN, version=3))
    assert refused.value.code == "conflict"


OUT = OutboxItem(id="out_1", run="run_1", target="memory", op="remember", dedupe_key="d1")
TWICE: list[tuple[Entity, Entity]] = [
    (STEP, replace(STEP, kind="plan")),
    (replace(RUN, id="run_2", idempotency_key="k"), replace(RUN, id="run_3", idempotency_key="k")),
    (OUT, replace(OUT, id="out_2", target="knowledge")),
    (
        Approval(id="apr_1", run="run_1", gate="gat_1", decision="approve", actor="operator:ana"),
        Approval(id="apr_2", run="run_1", gate="gat_1", decision="reject", actor="operator:bo"),
    ),
    (Attempt(id="att_1", run="run_1", step="stp_1", n=1), Attempt(id="att_2", run="run_1", step="stp_1", n=1)),
    (Page(id="pag_1", run="run_1", role="status", ref="a"), Page(id="pag_2", run="run_1", role="status", ref="b")),
    (
        Message(id="msg_1", run="run_1", thread="thr_1", seq=1, sender="a", recipient="b", kind="note", body=""),
        Message(id="msg_2", run="run_1", thread="thr_1", seq=1, sender="a", recipient="b", kind="note", body=""),
    ),
]


@pytest.mark.parametrize(("first", "second"), TWICE, ids=[type(first).__name__ for first, _ in TWICE])
def test_what_may_be_there_once_is_there_once(ledger: Ledger, first: Entity, second: Entity) -> None:
    put(ledger, RUN)
    kept = put(ledger, first)
    before = ledger.head()
    with pytest.raises(Refused) as refused:
        put(ledger, second)
    assert refused.value.code == "duplicate"
    assert ledger.head() == before
    assert ledger.get(type(first), first.id) == kept


def test_a_key_is_taken_only_in_its_namespace_and_an_empty_one_never(ledger: Ledger) -> None:
    for namespace, key in (("a", "k"), ("b", "k"), ("a", ""), ("a", "")):
        put(ledger, replace(RUN, id=f"run_{len(ledger.find(Run))}", namespace=namespace, idempotency_key=key))
    assert [run.idempotency_key for run in ledger.find(Run)] == ["k", "k", "", ""]
    assert len(ledger.find(Run, idempotency_key="")) == 2


def test_nothing_belongs_to_a_run_that_is_not_there(ledger: Ledger) -> None:
    with pytest.raises(Missing, match="run_1"):
        put(ledger, STEP)
    with pytest.raises(Missing, match="run_1"):
        ledger.write("operator:ana", lambda tx: tx.leave(WAKE))
    assert not ledger.find(Step)
    assert not ledger.pending()


@pytest.mark.parametrize("detail", [None, {"file": "\udcff"}])
def test_half_characters_are_refused_and_named(ledger: Ledger, detail: dict[str, Any] | None) -> None:
    run = RUN if detail else replace(RUN, goal="bad \udcff name")
    with pytest.raises(Malformed, match="udcff"):
        ledger.write("operator:ana", lambda tx: tx.put(run, "run.start", detail))
    assert not ledger.find(Run)
    assert not ledger.events()


def test_a_value_that_could_not_be_read_back_is_a_defect(ledger: Ledger) -> None:
    with pytest.raises(TypeError, match=r"state"):
        put(ledger, Gate(id="gat_1", run="run_1", kind="qa", state="ajar"))  # type: ignore[arg-type]


def test_events_are_in_the_namespace_of_what_they_are_about(ledger: Ledger) -> None:
    def work(tx: Transaction) -> None:
        tx.put(replace(RUN, namespace="demo"), "run.start")
        tx.note("run.look", "somebody", run=RUN.id)
        tx.note("worker.start", "worker")

    ledger.write("worker", work)
    assert [event.namespace for event in ledger.events()] == ["demo", "demo", "default"]
