"""Tasks that people assign to us are requests here, as long as they are."""

from typing import Any

import pytest

from factory.errors import Refused, Unreachable
from factory.model.request import Request
from factory.model.run import Run
from tests.unit.mission.listening_rig import ListeningRig
from tests.unit.mission.rig import RUN


@pytest.fixture
def rig() -> ListeningRig:
    return ListeningRig()


def count_of(rig: ListeningRig, path: str) -> int:
    return sum(url.startswith(path) for _, url in rig.fake.calls)


def test_a_task_for_us_is_a_request_with_all_it_says(rig: ListeningRig) -> None:
    text = "Use @\u200bdataclass.\n- A1: parts add up :: pytest -q tests/test_split.py\n"
    rig.ask(description=text, priority="critical", metadata={"implementation_repo": "/src/report"})
    rig.listen()
    (request,) = rig.requests()
    assert (request.ref, request.goal, request.priority, request.by) == ("mission:1", "Fix the report", "H", "Ana")
    assert request.text == text.replace("\u200b", "")
    assert request.accept == ("A1: parts add up :: pytest -q tests/test_split.py",)
    assert request.repo == "/src/report"


def test_what_the_stream_tells_is_here_at_once(rig: ListeningRig) -> None:
    rig.connect()
    rig.listen()
    before = len(rig.fake.calls)
    rig.ask()
    rig.listener.step()
    assert [request.goal for request in rig.requests()] == ["Fix the report"]
    assert len(rig.fake.calls) == before  # the event told all of it


def test_tasks_of_others_are_none(rig: ListeningRig) -> None:
    rig.connect()
    rig.listen()
    rig.ask(assigned_to="somebody")
    rig.ask(status="awaiting_owner")
    rig.ask(status="backlog")
    rig.listen()
    assert rig.requests() == []


def test_what_we_wrote_ourselves_is_none(rig: ListeningRig) -> None:
    rig.start()
    rig.look(3)
    rig.change(rig.goal["id"], status="assigned")
    rig.connect()
    rig.listen(4)
    assert rig.requests() == []


def test_our_task_is_none_when_somebody_replaced_its_metadata(rig: ListeningRig) -> None:
    rig.start()
    rig.look(3)
    rig.change(rig.goal["id"], metadata={"x": 1}, status="assigned")
    rig.listen()
    assert rig.requests() == []


def test_a_request_goes_and_comes_back(rig: ListeningRig) -> None:
    rig.connect()
    task = rig.ask()
    rig.listen()
    rig.change(task["id"], assigned_to="somebody")
    rig.listen()
    assert [request.goal for request in rig.requests("gone")] == ["Fix the report"]
    rig.change(task["id"], assigned_to="cockpit", title="Fix both reports")
    rig.listen()
    assert [request.goal for request in rig.requests()] == ["Fix both reports"]
    with rig.fake.turn:
        rig.fake.books.delete(task["id"], "ana")
    rig.listen()
    assert rig.requests() == []


def test_a_change_is_one_write_and_no_change_is_none(rig: ListeningRig) -> None:
    rig.connect()
    task = rig.ask()
    rig.listen()
    rig.change(task["id"], priority="high")
    rig.listen()
    told = [event.action for event in rig.ledger.events() if event.action.startswith("request.")]
    assert told == ["request.open", "request.change"]
    rig.listen(200, apart_s=1)
    assert [event.action for event in rig.ledger.events() if event.action.startswith("request.")] == told


def test_a_worker_that_starts_again_finds_what_went_meanwhile(rig: ListeningRig) -> None:
    rig.ask("Stays")
    goes, given = rig.ask("Goes"), rig.ask("Is given away")
    rig.listen()
    with rig.fake.turn:
        rig.fake.books.delete(goes["id"], "ana")
    rig.change(given["id"], assigned_to="somebody")
    rig.listener = rig.new_listener()
    rig.listen()
    assert [request.goal for request in rig.requests()] == ["Stays"]


def test_a_request_that_a_run_has_taken_stays_taken(rig: ListeningRig) -> None:
    task = rig.ask()
    rig.listen()
    rig.move(Request, rig.requests()[0].id, "take", run=RUN)
    rig.connect()
    rig.change(task["id"], title="Another title")
    rig.listen()
    assert [request.goal for request in rig.requests("taken")] == ["Fix the report"]


def test_a_task_that_was_launched_by_hand_before_it_was_seen_is_none() -> None:
    rig = ListeningRig(mc_ref="1")
    rig.ask()
    rig.listen()
    assert rig.requests() == []


def test_a_silent_claim_is_found_by_the_slow_poll(rig: ListeningRig) -> None:
    rig.connect()
    task = rig.ask()
    rig.listen()
    with rig.fake.turn:
        rig.fake.books.tasks[task["id"]].update(status="in_progress", assigned_to="worker-1")
    rig.listen(70, apart_s=1)
    assert rig.requests() == []


def test_one_starts_by_itself_and_a_refusal_is_told_once() -> None:
    tried: list[str] = []

    def launch(request: Request) -> None:
        tried.append(request.goal)
        if request.goal == "Down":
            raise Unreachable("The disk is full.")
        raise Refused("There are no tests.", "Add some.")

    rig = ListeningRig(launch=launch)
    task = rig.ask()
    rig.listen(100, apart_s=1)
    assert tried == ["Fix the report"]
    assert rig.requests()[0].problem == "There are no tests. Add some."
    rig.listener = rig.new_listener()
    rig.listen()
    assert tried == ["Fix the report"]
    rig.connect()
    rig.change(task["id"], title="Down")
    rig.listen(70, apart_s=1)
    assert tried[1:] == ["Down"] * 2  # once a poll
    assert rig.requests()[0].problem == ""


def test_five_thousand_tasks_cost_a_bounded_number_of_small_reads(rig: ListeningRig) -> None:
    for number in range(5000):
        task = {"id": number + 1, "title": f"Task {number}", "assigned_to": "somebody" if number % 10 else "cockpit"}
        with rig.fake.turn:
            rig.fake.books.create(task, "Ana")
    rig.fake.calls.clear()
    rig.connect()
    rig.listen(1)
    assert len(rig.fake.calls) < 20
    assert rig.fake.sins == []
    assert all("limit=200" in url or "limit=50&" in url + "&" for _, url in rig.fake.calls if "/tasks?" in url)
    assert len(rig.requests()) == 200
    rig.fake.calls.clear()
    rig.listen(60, apart_s=1)
    assert len(rig.fake.calls) < 80
    assert {method for method, _ in rig.fake.calls} == {"GET"}


def test_security_events_are_ignored(rig: ListeningRig) -> None:
    rig.connect()
    rig.listen()
    before = len(rig.fake.calls)
    for _ in range(100):
        rig.fake.tell("security.event", {"event_type": "global_api_key_used"})
        rig.fake.tell("audit.security", {"id": 1})
        rig.listener.step()
    assert len(rig.fake.calls) == before


def test_hints_about_one_task_are_followed_together(rig: ListeningRig) -> None:
    rig.connect()
    task = rig.ask()
    rig.listen()
    rig.fake.calls.clear()
    for _ in range(50):
        rig.fake.tell("task.status_changed", {"id": task["id"], "status": "assigned"})
        rig.listen(1, apart_s=0.01)
    rig.listen(3)
    assert 1 <= count_of(rig, f"/api/tasks/{task['id']}") <= 6


def test_a_run_of_this_ledger_is_not_taken_for_a_request_of_another_home(rig: ListeningRig) -> None:
    rig.ask(metadata={"cockpit": {"id": "run_of_another", "status": "backlog"}, "client_id": "run_of_another"})
    rig.listen()
    assert rig.requests() == []
    assert len(rig.ledger.find(Run)) == 1


def test_a_page_of_requests_is_one_transaction_with_an_event_for_each(
    rig: ListeningRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        rig.ask(title=f"Goal {number}")
    written: list[str] = []
    plainly = rig.ledger.write

    def write(actor: str, work: Any, key: str = "") -> Any:
        before = rig.ledger.head().count
        result = plainly(actor, work, key)
        new = {event.action for event in rig.ledger.events(before)}
        written.extend(["requests"] if "request.open" in new else [])
        return result

    monkeypatch.setattr(rig.ledger, "write", write)
    rig.listen()
    assert len(rig.requests()) == 40
    assert written == ["requests"]
    opened = [event for event in rig.ledger.events(limit=1000) if event.action == "request.open"]
    assert len({event.object for event in opened}) == len(opened) == 40


def test_a_page_that_cannot_be_written_is_taken_in_by_a_later_look(
    rig: ListeningRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.ask(title="One")
    rig.ask(title="Two")
    plainly = rig.ledger.write

    def fail(*_: Any) -> Any:
        raise Unreachable("The disk is full.", code="disk_full")

    monkeypatch.setattr(rig.ledger, "write", fail)
    with pytest.raises(Unreachable):
        rig.listener.step()
    monkeypatch.setattr(rig.ledger, "write", plainly)
    rig.listen(3)
    assert [request.goal for request in rig.requests()] == ["One", "Two"]
