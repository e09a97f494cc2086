"""The REST API of a Mission Control: one method for each call that we make, in our words.

Never `GET /api/tasks/queue` nor a heartbeat: those write. Never an offset: deep pages hold up the whole server.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

import httpx
from pydantic import BaseModel

from adapters.http import open_client, read, speaking_to, words
from adapters.mission.login import LOGIN, KeyAuth, Secret, SessionAuth
from adapters.mission.pace import Pace
from adapters.mission.wire import (
    WireActivities,
    WireCommentAnswer,
    WireComments,
    WireId,
    WireNothing,
    WireProjects,
    WireReviews,
    WireRunId,
    WireRuns,
    WireStatus,
    WireTaskAnswer,
    WireTasks,
    WireUserAnswer,
)
from factory.errors import Refused, Unreachable
from factory.model.mission import MissionActivity, MissionComment, MissionReview, MissionTask, MissionUser

W = TypeVar("W", bound=BaseModel)

SYSTEM = "Mission Control"
READ_S = 5.0
WHOLE_S = 8.0
"""For one answer, however it trickles; an outbox item makes a few calls within its lease."""
PAGE = 200
"""The most that the server gives at once."""
REVIEWER = "aegis"
"""The name that the server's gate asks for."""
NO_REVIEW = "no_review"
"""Code of the refusal to move a task to `done`."""


class MissionClient:
    """Every method raises `Unreachable`, `Refused`, `Missing` or `Malformed`. Safe to use from several threads.

    Args:
        http: With its url and credentials; whoever opens it closes it. See `open_mission`.
        pace: Counts our writes.
    """

    def __init__(self, http: httpx.Client, pace: Pace) -> None:
        self.http = http
        """For the stream, which is no call."""
        self.pace = pace

    def version(self) -> str:
        """The server's version, which it tells everybody."""
        return self._read(WireStatus, "/api/status", {"action": "health"}).version

    def whoami(self) -> MissionUser:
        """Who we are there: the test of the credentials."""
        return self._read(WireUserAnswer, "/api/auth/me").user.to_domain()

    def project(self, name: str) -> int:
        """The number of a project. Raises `Unreachable` when there is none of this name: somebody has to make it."""
        found = self._read(WireProjects, "/api/projects").projects
        for project in found:
            if project.name == name:
                return project.id
        hint = "Make it there, or correct project in [mission] of config.toml."
        raise Unreachable(f"{SYSTEM} has no project {name!r}.", hint)

    def task(self, id: int) -> MissionTask:
        """One task. Raises `Missing`."""
        return self._read(WireTaskAnswer, f"/api/tasks/{id}").task.to_domain()

    def tasks(self, status: str = "", assigned_to: str = "", limit: int = PAGE) -> tuple[MissionTask, ...]:
        """The newest tasks with these values, newest created first; there is no second page."""
        wanted = {"status": status, "assigned_to": assigned_to, "limit": str(min(max(1, limit), PAGE))}
        params = {name: value for name, value in wanted.items() if value}
        return tuple(task.to_domain() for task in self._read(WireTasks, "/api/tasks", params).tasks)

    def create_task(self, fields: Mapping[str, Any]) -> MissionTask:
        """Make a task. Not safe to repeat: look for it first."""
        return self._write(WireTaskAnswer, "POST", "/api/tasks", fields).task.to_domain()

    def update_task(self, id: int, fields: Mapping[str, Any]) -> MissionTask:
        """Change these fields; `metadata` is replaced as a whole. Raises `Missing`, and `Refused` with `no_review`."""
        return self._write(WireTaskAnswer, "PUT", f"/api/tasks/{id}", fields).task.to_domain()

    def comments(self, task: int) -> tuple[MissionComment, ...]:
        """All comments of a task and their replies, oldest first."""
        found = self._read(WireComments, f"/api/tasks/{task}/comments").comments
        flat = [comment.to_domain() for top in found for comment in top.flat()]
        return tuple(sorted(flat, key=lambda comment: comment.id))

    def comment(self, task: int, text: str) -> MissionComment:
        """Say something at a task; who says it comes from the credentials. Not safe to repeat."""
        path = f"/api/tasks/{task}/comments"
        return self._write(WireCommentAnswer, "POST", path, {"content": text}).comment.to_domain()

    def reviews(self, task: int) -> tuple[MissionReview, ...]:
        """The newest ten verdicts about a task, newest first: by id, for times of one second tie."""
        found = self._read(WireReviews, "/api/quality-review", {"taskId": str(task)}).reviews
        return tuple(sorted((each.to_domain() for each in found), key=lambda review: -review.id))

    def review(self, task: int, verdict: Literal["approved", "rejected"], notes: str) -> int:
        """Give a verdict, which moves the task to `done` or `in_progress`; returns its number. Not safe to repeat."""
        said = {"taskId": task, "reviewer": REVIEWER, "status": verdict, "notes": notes}
        return self._write(WireId, "POST", "/api/quality-review", said).id

    def run_ids(self, task: int) -> tuple[str, ...]:
        """Ids of the runs of a task, of the newest 200."""
        params = {"task_id": str(task), "limit": str(PAGE)}
        return tuple(run.id for run in self._read(WireRuns, "/api/v1/runs", params).runs)

    def create_run(self, fields: Mapping[str, Any]) -> str:
        """Make a run under an id of ours; the same id twice is a server fault there. Runs are not counted as writes."""
        return self._call(WireRunId, "POST", "/api/v1/runs", json=fields).id

    def update_run(self, id: str, fields: Mapping[str, Any]) -> None:
        """Change these fields of a run, each as a whole. Raises `Missing`."""
        self._call(WireNothing, "PATCH", f"/api/v1/runs/{id}", json=fields)

    def activities(self, since: int) -> tuple[MissionActivity, ...]:
        """What happened after this second (since 1970), oldest first, at most 200 lines."""
        params = {"since": str(since), "limit": str(PAGE)}
        found = self._read(WireActivities, "/api/activities", params).activities
        return tuple(sorted((each.to_domain() for each in found), key=lambda activity: activity.id))

    def close(self) -> None:
        """Give back the connection."""
        self.http.close()

    def _read(self, wire: type[W], path: str, params: Mapping[str, str] | None = None) -> W:
        return self._call(wire, "GET", path, params=params)

    def _write(self, wire: type[W], method: str, path: str, json: Mapping[str, Any]) -> W:
        self.pace.spend()
        try:
            answer = self._call(wire, method, path, json=json)
        except Unreachable as error:
            if error.code == "busy":
                error.after_s = max(error.after_s, self.pace.refused())
            raise
        self.pace.accepted()
        return answer

    def _call(
        self,
        wire: type[W],
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Mapping[str, Any] | None = None,
    ) -> W:
        with speaking_to(SYSTEM):
            request = self.http.build_request(method, path, params=params, json=json)
            response = self.http.send(request)
            if response.status_code == 403 and "approval" in words(response):
                raise Refused(f"{SYSTEM} wants a review first: {words(response)}", code=NO_REVIEW)
            return read(wire, response)


def open_mission(
    url: str,
    user: str,
    secret: Secret,
    transport: httpx.BaseTransport | None = None,
    now: Callable[[], float] = time.monotonic,
) -> MissionClient:
    """A client of the server at `url`; whoever opens it closes it. Asks the server nothing yet.

    Args:
        user: Who logs in with `secret` as the password; empty = `secret` is an API key.
        secret: Reads it where it is kept, each time that it is needed.
        transport: For tests; the network unless given.
        now: Seconds that only grow.
    """
    http = open_client(url, read_s=READ_S, whole_s=WHOLE_S, transport=transport)
    http.auth = SessionAuth(httpx.URL(url.rstrip("/") + LOGIN), user, secret, now) if user else KeyAuth(secret)
    return MissionClient(http, Pace(now))
