"""Every recorded answer of a Mission Control gives the right value, or the right error."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.mission.client import NO_REVIEW, MissionClient, open_mission
from adapters.mission.wire import WireEvent
from factory.errors import Missing, Refused, SourceError, Unreachable

RECORDINGS = Path(__file__).parents[2] / "fixtures" / "mission_control"
CSV = "Add CSV export to the monthly report page"

Call = Callable[[MissionClient], Any]

VALUES: dict[str, tuple[Call, object]] = {
    "02_whoami": (lambda c: (c.whoami().name, c.whoami().role), ("API Access", "admin")),
    "06_goal_create": (lambda c: (c.create_task({"title": CSV}).id, c.create_task({}).metadata["kind"]), (1, "goal")),
    "07_step_create": (lambda c: (c.create_task({}).status, c.create_task({}).assigned_to), ("assigned", "builder-1")),
    "08_unknown_field": (lambda c: "parent_task_id" in c.create_task({}).metadata, False),
    "12_tasks_list": (lambda c: [(t.id, t.ticket_ref) for t in c.tasks()], [(1, "REP-001"), (2, "REP-002")]),
    "13_task_get": (lambda c: (c.task(1).title, c.task(1).assigned_to), (CSV, "")),
    "15_stale_write": (lambda c: c.update_task(3, {}).priority, "critical"),
    "16_status_quality_review": (lambda c: c.update_task(3, {}).status, "quality_review"),
    "18_review_reject": (lambda c: c.review(3, "rejected", "no"), 1),
    "19_task_after_reject": (lambda c: c.task(3).error_message[:32], "Quality review rejected by aegis"),
    "20_review_approve": (lambda c: c.review(3, "approved", "yes"), 2),
    "21_task_after_approve": (lambda c: (c.task(3).status, c.task(3).completed_at), ("done", 0)),
    "22_reviews_for_task": (lambda c: [(r.id, r.verdict) for r in c.reviews(3)], [(2, "approved"), (1, "rejected")]),
    "26_retry": (lambda c: (c.update_task(2, {}).retry_count, c.update_task(2, {}).error_message), (1, "")),
    "27_metadata_replaced": (lambda c: list(c.update_task(2, {}).metadata), ["evidence"]),
    "29_comment_create": (lambda c: c.comment(3, "?").author, "API Access"),
    "30_comments_list": (lambda c: [(m.id, m.parent) for m in c.comments(3)], [(1, 0), (2, 1)]),
    "39_run_create": (lambda c: c.create_run({}), "run-goal-1"),
    "40_runs_list": (lambda c: c.run_ids(1), ("run-goal-1",)),
    "41_activities": (lambda c: next((a.id, a.type, a.task) for a in c.activities(0)), (16, "quality_review", 6)),
    "47_session_comment": (lambda c: c.comment(3, "?").author, "Operator One"),
}

ERRORS: dict[str, tuple[Call, type[SourceError], str]] = {
    "01_unauthenticated": (lambda c: c.tasks(), Unreachable, "unauthorised"),
    "09_create_bad_title": (lambda c: c.create_task({}), Refused, "refused"),
    "10_create_bad_json": (lambda c: c.create_task({}), Refused, "refused"),
    "11_create_unknown_mention": (lambda c: c.create_task({}), Refused, "refused"),
    "14_task_not_found": (lambda c: c.task(999999), Missing, "not_found"),
    "17_done_without_review": (lambda c: c.update_task(3, {"status": "done"}), Refused, NO_REVIEW),
    "25_retry_with_null": (lambda c: c.update_task(2, {}), Refused, "refused"),
    "45_viewer_forbidden": (lambda c: c.create_task({}), Unreachable, "unauthorised"),
    "48_agent_key_other_task": (lambda c: c.update_task(4, {}), Unreachable, "unauthorised"),
    "50_rate_limited": (lambda c: c.update_task(2, {}), Unreachable, "busy"),
}

ELSEWHERE = {"46_login", "51_sse_events"}
"""Replayed by tests of their own below."""
NEVER_CALLED = {
    "03_project_create", "04_project_conflict", "05_agent_register", "23_reviews_latest", "24_reviews_same_second",
    "28_bulk_status", "31_queue_claim", "32_heartbeat", "33_agents_list", "34_tokens_post", "35_tokens_bad",
    "36_tokens_stats", "37_tokens_task_costs", "38_tokens_by_agent", "42_notifications", "43_exec_approve",
    "44_webhook_private", "49_queue_rate_limited",
}  # fmt: skip
"""Calls that the cockpit has no need of, or must not make."""


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RECORDINGS / f"{name}.json").read_text())
    return found


def replaying(name: str) -> MissionClient:
    """A client whose server says one thing."""
    said = recorded(name)["response"]
    answer = httpx.Response(said["status"], headers=said["headers"], json=said["json"])
    transport = httpx.MockTransport(
        lambda _: httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
    )
    return open_mission("http://mission.test", "", lambda: "test-key", transport)


def test_every_recording_is_accounted_for() -> None:
    names = {path.stem for path in RECORDINGS.glob("*.json")}
    assert names == {*VALUES, *ERRORS, *ELSEWHERE, *NEVER_CALLED}


@pytest.mark.parametrize("name", VALUES)
def test_a_recorded_answer_has_its_value(name: str) -> None:
    call, value = VALUES[name]
    assert call(replaying(name)) == value


@pytest.mark.parametrize("name", ERRORS)
def test_a_recorded_refusal_is_one_of_our_errors(name: str) -> None:
    call, error, code = ERRORS[name]
    with pytest.raises(error) as raised:
        call(replaying(name))
    assert raised.value.code == code
    assert "Mission Control" in raised.value.message


def test_the_log_in_is_the_recorded_one() -> None:
    said = recorded("46_login")
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.url.path == said["request"]["path"]:
            cookie = {"set-cookie": "mc-session=abc; Path=/; HttpOnly; SameSite=strict"}
            return httpx.Response(200, headers=cookie, json=said["response"]["json"])
        return httpx.Response(200, json=recorded("02_whoami")["response"]["json"])

    open_mission("http://mission.test", "operator1", lambda: "a password", httpx.MockTransport(answer)).whoami()
    assert [request.url.path for request in asked] == ["/api/auth/login", "/api/auth/me"]
    assert set(json.loads(asked[0].content)) == set(said["request"]["json"])
    assert asked[1].headers["cookie"] == "mc-session=abc"
    assert "origin" not in asked[1].headers


def test_a_server_below_a_path_is_logged_in_to_there() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        cookie = {"set-cookie": "__Host-mc-session=abc; Path=/; Secure"}
        return httpx.Response(200, headers=cookie, json=recorded("02_whoami")["response"]["json"])

    open_mission("https://team.test/mc/", "operator1", lambda: "a password", httpx.MockTransport(answer)).whoami()
    assert asked == ["/mc/api/auth/login", "/mc/api/auth/me"]


def test_every_recorded_frame_is_an_event() -> None:
    frames = recorded("51_sse_events")["response"]["events"]
    events = [WireEvent.model_validate(frame["event"]).to_domain() for frame in frames if frame["event"]]
    assert events[0].type == "connected"
    about = {event.type: event.task for event in events}
    assert about["task.created"]
    assert about["task.status_changed"]
    assert about["security.event"] == about["run.created"] == 0
    commented = [e for e in events if e.type == "activity.created" and e.data["type"] == "comment_added"]
    assert commented[0].task == commented[0].data["data"]["task_id"]


@pytest.mark.parametrize("ask", [MissionClient.tasks, lambda c: c.run_ids(1), lambda c: c.activities(0)])
def test_nothing_asks_for_more_than_a_page_of_200(ask: Call) -> None:
    asked: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(int(request.url.params["limit"]))
        return httpx.Response(200, json={"tasks": [], "runs": [], "activities": []})

    ask(open_mission("http://mission.test", "", lambda: "key", httpx.MockTransport(answer)))
    assert asked == [200]


def test_one_spoilt_task_hides_no_other() -> None:
    good = {"id": 1, "title": "cut \\ud83d off", "status": "inbox"}
    spoilt = [{"id": 2, "title": "x", "status": "inbox", "tags": [1]}, "nothing", {"id": 3}]
    whole = json.dumps({"tasks": [good, *spoilt]}).replace("\\\\ud", "\\ud")
    transport = httpx.MockTransport(
        lambda _: httpx.Response(200, headers={"content-type": "application/json"}, content=whole.encode())
    )
    client = open_mission("http://mission.test", "", lambda: "test-key", transport)
    assert [(task.id, task.title) for task in client.tasks()] == [(1, "cut ? off")]


def test_a_list_in_which_nothing_can_be_read_is_an_error() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"tasks": [{"id": 3}]}))
    with pytest.raises(SourceError, match="form that is not known"):
        open_mission("http://mission.test", "", lambda: "test-key", transport).tasks()


def test_what_is_read_of_a_task_can_be_sent_back() -> None:
    said = b'{"task":{"id":1,"title":"a","status":"inbox","metadata":{"weight":1e999,"deep":[{"none":NaN}],"n":1.5}}}'
    headers = {"content-type": "application/json"}
    answer = httpx.MockTransport(lambda _: httpx.Response(200, content=said, headers=headers))
    client = open_mission("http://mission.test", "", lambda: "key", answer)
    metadata = client.task(1).metadata
    assert metadata == {"weight": None, "deep": [{"none": None}], "n": 1.5}
    assert client.update_task(1, {"metadata": metadata}).id == 1
