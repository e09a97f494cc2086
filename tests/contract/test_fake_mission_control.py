"""The fake Mission Control answers as the recorded server did, quirks and faults included."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.mission.client import open_mission
from factory.errors import Malformed, SourceError, Unreachable
from tests.support.fake_mission_control import KEY, PASSWORD, URL, FakeMissionControl
from tests.support.faults import FAULTS, Fault

RECORDINGS = Path(__file__).parents[2] / "fixtures" / "mission_control"
REPLAYED = (
    "01_unauthenticated", "02_whoami", "06_goal_create", "07_step_create", "08_unknown_field", "09_create_bad_title",
    "10_create_bad_json", "11_create_unknown_mention", "12_tasks_list", "13_task_get", "14_task_not_found",
    "15_stale_write", "16_status_quality_review", "17_done_without_review", "18_review_reject",
    "19_task_after_reject", "20_review_approve", "21_task_after_approve", "22_reviews_for_task", "25_retry_with_null",
    "26_retry", "27_metadata_replaced", "29_comment_create", "39_run_create", "41_activities",
)  # fmt: skip
"""The recorded session, as far as the fake knows its calls; one after the other they tell one story."""


class Time:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 1_795_409_341.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def fake(time: Time) -> FakeMissionControl:
    return FakeMissionControl(time)


@pytest.fixture
def key(fake: FakeMissionControl) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=URL, transport=fake.transport(), headers={"x-api-key": KEY}) as client:
        yield client


def test_the_recorded_session_gets_answers_of_the_same_form(fake: FakeMissionControl, time: Time) -> None:
    fake.books.agents["builder-1"] = "idle"
    fake.books.projects.append({"id": 2, "name": "Reports service", "ticket_prefix": "REP"})
    client = httpx.Client(base_url=URL, transport=fake.transport())
    for _ in range(4):  # the recorded session had other tasks by then
        fake.books.create({"title": "before"}, "API Access")
    for name in REPLAYED:
        recorded = json.loads((RECORDINGS / f"{name}.json").read_text())
        time.now += 2
        said, asked = recorded["response"], recorded["request"]
        content = asked["raw"].encode() if "raw" in asked else json.dumps(asked["json"]).encode()
        body = None if asked["json"] is None and "raw" not in asked else content
        answer = client.request(asked["method"], asked["path"], headers=asked["headers"], content=body)
        assert answer.status_code == said["status"], name
        assert _form(answer.json()) == _form(said["json"]), name


def _form(value: Any) -> Any:
    """The names of an answer, to the depth at which texts of our own begin; of lists the first."""
    if isinstance(value, dict):
        return {
            n: _form(v) if n in ("task", "tasks", "comment", "reviews", "activities") else "" for n, v in value.items()
        }
    if isinstance(value, list):
        return [_form(each) for each in value[:1]]
    return ""


def test_reads_that_write_and_deep_pages_are_noted(fake: FakeMissionControl, key: httpx.Client) -> None:
    fake.books.create({"title": "free"}, "Ana")
    assert key.get("/api/tasks/queue?agent=me").json()["task"]["status"] == "in_progress"
    key.get("/api/tasks?limit=-1")
    key.get("/api/tasks?limit=200&offset=200")
    key.get("/api/tasks?limit=200")
    assert len(fake.sins) == 3


def test_lists_are_newest_second_first_and_by_id_within_it(
    fake: FakeMissionControl, key: httpx.Client, time: Time
) -> None:
    for title in ("a", "b"):
        fake.books.create({"title": title}, "Ana")
    time.now += 1
    fake.books.create({"title": "c"}, "Ana")
    assert [task["title"] for task in key.get("/api/tasks").json()["tasks"]] == ["c", "a", "b"]


def test_of_two_verdicts_in_one_second_the_older_counts(fake: FakeMissionControl, key: httpx.Client) -> None:
    fake.books.create({"title": "tie"}, "Ana")
    for verdict in ("rejected", "approved"):
        key.post("/api/quality-review", json={"taskId": 1, "status": verdict, "notes": "n"})
    assert key.get("/api/quality-review?taskIds=1").json()["latest"]["1"]["status"] == "rejected"
    assert fake.books.tasks[1]["status"] == "done"
    assert key.put("/api/tasks/1", json={"status": "done"}).status_code == 403


def test_sixty_writes_a_minute_from_everybody_together(fake: FakeMissionControl, key: httpx.Client, time: Time) -> None:
    answers = [key.post("/api/tasks", json={"title": str(number)}) for number in range(61)]
    assert [answer.status_code for answer in answers] == [*[201] * 60, 429]
    assert "retry-after" not in answers[-1].headers
    assert key.get("/api/tasks").status_code == 200
    assert key.post("/api/v1/runs", json={"agent_id": "a", "status": "x", "started_at": "y"}).status_code == 201
    time.now += 60
    assert key.post("/api/tasks", json={"title": "next"}).status_code == 201


def test_a_person_logs_in_and_again_when_forgotten(fake: FakeMissionControl) -> None:
    client = open_mission(URL, "operator1", lambda: PASSWORD, fake.transport())
    assert client.whoami().name == "Operator One"
    client.whoami()
    fake.forget_sessions()
    assert client.create_task({"title": "mine"}).created_by == "Operator One"
    assert [path for _, path in fake.calls].count("/api/auth/login") == 2


def test_a_wrong_password_is_not_tried_again_and_again(fake: FakeMissionControl) -> None:
    client = open_mission(URL, "operator1", lambda: "another", fake.transport())
    for _ in range(10):
        with pytest.raises(Unreachable, match="operator1") as raised:
            client.whoami()
        assert raised.value.code == "unauthorised"
    assert [path for _, path in fake.calls] == ["/api/auth/login"]


def test_the_jobs_touch_what_waits_in_the_wrong_state(fake: FakeMissionControl, time: Time) -> None:
    fake.books.agents["builder-1"] = "idle"
    states = {
        "inbox": "assigned", "assigned": "assigned", "review": "review", "in_progress": "assigned",
        "backlog": "backlog", "awaiting_owner": "awaiting_owner", "quality_review": "quality_review",
    }  # fmt: skip
    made = {state: fake.books.create({"title": state, "status": state, **_who(state)}, "Ana") for state in states}
    time.now += 600
    fake.tick()
    assert {state: task["status"] for state, task in made.items()} == states
    touched = {state for state, task in made.items() if task["updated_at"] == int(time.now)}
    assert touched == {"inbox", "assigned", "review", "in_progress"}


def _who(state: str) -> dict[str, str]:
    return {"assigned_to": "builder-1"} if state == "assigned" else {}


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("way", ["mock", "socket"])
def test_each_fault_is_one_of_our_errors_and_passes(
    fake: FakeMissionControl, kind: Fault, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.mission.client.READ_S", 0.2)
    monkeypatch.setattr("adapters.mission.client.WHOLE_S", 0.3)
    with fake.served() if way == "socket" else nullcontext(URL) as url:
        client = open_mission(url, "", lambda: KEY, None if way == "socket" else fake.transport())
        fake.faults.set(kind)
        with pytest.raises(SourceError) as raised:
            client.whoami()
        fake.faults.clear()
        assert client.whoami().role == "admin"
        client.close()
    assert isinstance(raised.value, Malformed if kind == "web_page" else Unreachable)
    assert raised.value.code == CODES.get(kind, "unreachable")


CODES = {
    "hang": "timeout", "drip": "timeout", "unauthorised": "unauthorised", "busy": "busy", "busy_silent": "busy",
    "web_page": "malformed", "no_route": "no_route",
}  # fmt: skip


def test_a_lost_answer_does_not_undo_what_was_done(fake: FakeMissionControl) -> None:
    client = open_mission(URL, "", lambda: KEY, fake.transport())
    fake.faults.set("hang", left=1, has_effect=True, only=lambda request: request.method == "POST")
    with pytest.raises(Unreachable):
        client.create_task({"title": "once"})
    assert [task.title for task in client.tasks()] == ["once"]


def test_the_stream_tells_what_happens_and_nothing_of_before(fake: FakeMissionControl) -> None:
    fake.heartbeat_s = 0.05
    fake.books.create({"title": "before"}, "Ana")
    key = {"x-api-key": KEY}
    with fake.served() as url, httpx.Client(base_url=url, headers=key, trust_env=False, timeout=60) as client:
        with client.stream("GET", "/api/events") as stream:
            lines = stream.iter_lines()
            assert json.loads(next(lines)[6:])["type"] == "connected"  # so we are heard
            client.post("/api/tasks", json={"title": "after"})
            fake.hang_up()
            frames = [json.loads(line[6:]) for line in lines if line.startswith("data: ")]
        assert [frame["type"] for frame in frames] == ["security.event", "activity.created", "task.created"]
        assert frames[-1]["data"]["title"] == "after"
        assert client.get("/api/events", headers={"x-api-key": "another"}).status_code == 401
    assert fake.listeners == 0
