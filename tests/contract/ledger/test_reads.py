"""What readers are promised: order, cursors, and the run that the operator means."""

from dataclasses import replace

import pytest

from factory.errors import Missing, SourceError
from factory.model.audit import ChainHead, Event
from factory.model.run import Run
from factory.model.step import Attempt, Step
from factory.ports.ledger import Ledger, Transaction
from tests.contract.ledger.books import RUN, STEP, WAKE, put


def test_everything_is_found_oldest_first_whatever_its_id(ledger: Ledger) -> None:
    ids = ("run_9", "run_1", "run_5")
    ledger.write("a", lambda tx: [tx.put(replace(RUN, id=id), "run.start") for id in ids])
    first = ledger.get(Run, "run_9")
    put(ledger, replace(first, state="ready"))
    assert [run.id for run in ledger.find(Run)] == list(ids)
    assert ledger.run_ids() == ids
    assert [run.id for run in ledger.find(Run, state="draft")] == ["run_1", "run_5"]
    assert ledger.find(Run, state="draft", id="run_9") == ()


def test_of_a_list_of_values_any_will_do(ledger: Ledger) -> None:
    for n in (3, 1, 2):
        put(ledger, replace(RUN, id=f"run_{n}"))
        put(ledger, replace(STEP, id=f"stp_{n}", run=f"run_{n}", kind="plan" if n == 2 else "build"))
    assert [step.id for step in ledger.find(Step, run=["run_1", "run_3", "run_9"])] == ["stp_3", "stp_1"]
    assert [step.id for step in ledger.find(Step, run=["run_1", "run_2"], kind="build")] == ["stp_1"]
    assert [run.id for run in ledger.find(Run, id=["run_2", "run_3"], idempotency_key="")] == ["run_3", "run_2"]
    assert ledger.find(Step, run=[]) == ()


@pytest.mark.parametrize("id", ["stp_none", "", "\udcff", "' OR 1=1"])
def test_what_is_not_there_is_missing(ledger: Ledger, id: str) -> None:
    put(ledger, RUN)
    with pytest.raises(SourceError):
        ledger.get(Step, id)
    with pytest.raises(SourceError):
        ledger.view(id)


def test_a_cursor_reads_each_event_once(ledger: Ledger) -> None:
    for n in range(5):
        put(ledger, replace(RUN, id=f"run_{n}"))
    seen: list[Event] = []
    while page := ledger.events(since=seen[-1].seq if seen else 0, limit=2):
        seen += page
        assert len(page) <= 2
    assert [event.seq for event in seen] == [1, 2, 3, 4, 5]
    assert [event.seq for event in ledger.events(since=1, run="run_3")] == [4]
    assert ledger.events(since=5) == ()


def test_events_can_be_asked_for_by_what_they_say(ledger: Ledger) -> None:
    put(ledger, RUN)

    def note(tx: Transaction) -> None:
        for action in ("a", "b", "c", "b"):
            tx.note(action, "can_1", RUN.id)

    ledger.write("worker", note)
    assert [event.seq for event in ledger.events(actions=("b", "c"))] == [3, 4, 5]
    assert [event.seq for event in ledger.events(since=3, run=RUN.id, actions=("b",))] == [5]
    assert [event.seq for event in ledger.events(limit=1, actions=("b",))] == [3]
    assert ledger.events(run="run_9", actions=("b",)) == ()


def test_the_head_is_the_newest_event(ledger: Ledger) -> None:
    assert ledger.head() == ChainHead()
    put(ledger, RUN)
    put(ledger, STEP)
    assert ledger.head() == ChainHead(2, ledger.events()[-1].hash)


def test_a_view_holds_what_is_the_run_s_and_nothing_else(ledger: Ledger) -> None:
    for run in ("run_1", "run_2"):
        put(ledger, replace(RUN, id=run))
        put(ledger, replace(STEP, id=f"stp_{run}", run=run))
    view = ledger.view("run_1")
    assert [step.id for step in view.steps] == ["stp_run_1"]
    assert [event.object for event in view.events] == ["run_1", "stp_run_1"]
    assert view.head == ledger.head()
    assert view.as_of > view.run.updated_at


def test_a_view_carries_the_last_fifty_events(ledger: Ledger) -> None:
    put(ledger, RUN)

    def look(tx: Transaction) -> None:
        for n in range(70):
            tx.note("look", str(n), run=RUN.id)

    ledger.write("a", look)
    assert [event.object for event in ledger.view(RUN.id).events] == [str(n) for n in range(20, 70)]


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("run_01abc", "run_01abc"),
        ("01abc", "run_01abc"),
        ("run_01b", "run_01bcd"),
        ("01B", "run_01bcd"),
        (" 01b ", "run_01bcd"),
        ("last", "run_02"),
        ("01a", "run_01a"),
        ("1bcd", "run_01bcd"),
        ("1BCD", "run_01bcd"),
    ],
)
def test_a_run_is_known_by_its_id_a_unique_prefix_its_short_name_or_as_the_last(
    ledger: Ledger, text: str, run: str
) -> None:
    for id in ("run_01abc", "run_01bcd", "run_01a", "run_02"):
        put(ledger, replace(RUN, id=id))
    assert ledger.resolve(text) == run


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("09", "There is no run '09'"),
        ("", "names no run"),
        ("  ", "names no run"),
        ("%", "There is no run '%'"),
        ("0_", "There is no run '0_'"),
        ("\udcff", "There is no run"),
        ("run_01", "Several runs fit 'run_01': run_013, run_012, run_011, …"),
    ],
)
def test_a_text_that_fits_none_or_several_is_missing(ledger: Ledger, text: str, sentence: str) -> None:
    for n in range(4):
        put(ledger, replace(RUN, id=f"run_01{n}"))
    with pytest.raises(Missing) as missing:
        ledger.resolve(text)
    assert sentence in missing.value.message


def test_there_is_no_last_run_before_the_first(ledger: Ledger) -> None:
    with pytest.raises(Missing, match="no run yet"):
        ledger.resolve("last")


def test_commands_wait_in_order_until_they_are_applied(ledger: Ledger) -> None:
    put(ledger, RUN)
    before = ledger.head()

    def work(tx: Transaction) -> None:
        tx.leave(replace(WAKE, id="cmd_2"))
        tx.leave(replace(WAKE, id="cmd_1"))

    ledger.write("a", work)
    ledger.write("a", lambda tx: tx.leave(replace(WAKE, id="cmd_0", reason="paused")))
    assert [command.id for command in ledger.pending()] == ["cmd_2", "cmd_1", "cmd_0"]
    assert ledger.pending()[2].reason == "paused"
    ledger.applied("cmd_1")
    ledger.applied("cmd_2", error="The run is over.")
    assert [command.id for command in ledger.pending()] == ["cmd_0"]
    done = ledger.get(type(WAKE), "cmd_2")
    assert (done.error, done.version, done.applied_at) == ("The run is over.", 2, done.updated_at)
    assert done.applied_at > done.created_at
    assert ledger.head() == before
    with pytest.raises(Missing):
        ledger.applied("cmd_9")


def test_a_heartbeat_is_no_state_change(ledger: Ledger) -> None:
    put(ledger, RUN)
    attempt = put(ledger, Attempt(id="att_1", run="run_1", step="stp_1", n=1))
    before = ledger.head()
    ledger.beat("att_1", "2026-01-01T00:00:02.000Z", "2026-01-01T00:00:01.000Z")
    seen = ledger.get(Attempt, "att_1")
    assert (seen.last_heartbeat, seen.last_progress) == ("2026-01-01T00:00:02.000Z", "2026-01-01T00:00:01.000Z")
    assert (seen.version, ledger.head()) == (attempt.version, before)
    put(ledger, replace(seen, state="leased"))
    with pytest.raises(Missing):
        ledger.beat("att_9", "", "")
