"""The calls of the fake Mission Control: path and method to what happens."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.mission_control.access import Doors, Person
from tests.support.mission_control.books import Books
from tests.support.mission_control.rows import Rejected, Row

VERSION = "2.3.0"


@dataclass(frozen=True)
class Call:
    """One request of somebody who may make it."""

    method: str
    url: str
    body: Any
    person: Person

    @property
    def path(self) -> str:
        """Without the query."""
        return urlsplit(self.url).path

    def asked(self, name: str, default: str = "") -> str:
        """A value of the query."""
        return parse_qs(urlsplit(self.url).query).get(name, [default])[0]

    @property
    def id(self) -> int:
        """The number in the path."""
        number = self.path.split("/")[3]
        if not number.isdigit():
            raise Rejected(400, "Invalid task ID")
        return int(number)


Answer = tuple[int, Row]


class Routes:
    """Every call that we know of."""

    def __init__(self, books: Books, doors: Doors, sins: list[str]) -> None:
        self._books = books
        self._doors = doors
        self._sins = sins
        self._table: tuple[tuple[str, str, bool, Callable[[Call], Answer]], ...] = (
            ("GET", "/api/auth/me", False, lambda call: (200, {"user": call.person.row})),
            ("GET", "/api/tasks/queue", False, self._queue),
            ("GET", "/api/tasks", False, self._list),
            ("POST", "/api/tasks", True, self._create),
            ("GET", r"/api/tasks/\w+", False, lambda call: (200, {"task": self._books.task(call.id)})),
            ("PUT", r"/api/tasks/\w+", True, self._update),
            ("DELETE", r"/api/tasks/\w+", True, self._delete),
            ("GET", r"/api/tasks/\w+/comments", False, self._thread),
            ("POST", r"/api/tasks/\w+/comments", True, self._comment),
            ("GET", "/api/quality-review", False, self._reviews),
            ("POST", "/api/quality-review", True, self._review),
            ("GET", "/api/projects", False, lambda _: (200, {"projects": self._books.projects})),
            ("GET", "/api/activities", False, self._activities),
            ("GET", "/api/v1/runs", False, self._runs),
            ("POST", "/api/v1/runs", False, self._create_run),
            ("PATCH", r"/api/v1/runs/[\w-]+", False, self._update_run),
            ("GET", r"/api/agents/[\w-]+/heartbeat", False, self._heartbeat),
        )

    def answer(self, call: Call) -> Answer:
        """What the server says. Raises `Rejected`."""
        for method, pattern, is_counted, work in self._table:
            if call.method == method and re.fullmatch(pattern, call.path):
                self._doors.need(call.person, "viewer" if method == "GET" else "operator")
                if is_counted:
                    self._doors.count_write()
                return work(call)
        raise Rejected(404, "Not found")

    def _list(self, call: Call) -> Answer:
        limit, offset = int(call.asked("limit", "50")), int(call.asked("offset", "0"))
        if limit < 0 or offset:
            self._sins.append(f"deep page: {call.url}")
        names = [name for name in ("status", "assigned_to", "priority", "project_id") if call.asked(name)]
        limit = min(limit, 200)
        tasks, total = self._books.listed({name: call.asked(name) for name in names}, limit, offset)
        return 200, {"tasks": tasks, "total": total, "page": offset // limit + 1 if limit else None, "limit": limit}

    def _create(self, call: Call) -> Answer:
        return 201, {"task": self._books.create(call.body, call.person.display_name)}

    def _update(self, call: Call) -> Answer:
        return 200, {"task": self._books.update(call.id, call.body, call.person.username)}

    def _delete(self, call: Call) -> Answer:
        self._books.delete(call.id, call.person.username)
        return 200, {"success": True}

    def _thread(self, call: Call) -> Answer:
        comments = self._books.thread(call.id)
        return 200, {"comments": comments, "total": len(comments)}

    def _comment(self, call: Call) -> Answer:
        return 201, {"comment": self._books.comment(call.id, call.body, call.person.display_name)}

    def _reviews(self, call: Call) -> Answer:
        if call.asked("taskIds"):
            latest = {each: self._books.latest_review(int(each)) for each in call.asked("taskIds").split(",")}
            names = ("status", "reviewer", "created_at")
            return 200, {"latest": {id: row and {name: row[name] for name in names} for id, row in latest.items()}}
        mine = [row for row in self._books.reviews if row["task_id"] == int(call.asked("taskId", "0"))]
        mine.sort(key=lambda row: (-row["created_at"], row["id"]))
        return 200, {"reviews": mine[:10]}

    def _review(self, call: Call) -> Answer:
        return 200, {"success": True, "id": self._books.review(call.body)["id"]}

    def _activities(self, call: Call) -> Answer:
        since, types = int(call.asked("since", "0")), call.asked("type")
        found = [row for row in self._books.activities if row["created_at"] > since]
        found = [row for row in found if not types or row["type"] in types.split(",")]
        found.sort(key=lambda row: (-row["created_at"], row["id"]))
        limit = min(int(call.asked("limit", "50")), 500)
        rows = [{**row, "entity": None} for row in found[:limit]]
        return 200, {"activities": rows, "total": len(found), "hasMore": len(found) > limit}

    def _runs(self, call: Call) -> Answer:
        found = [run for run in self._books.runs.values() if call.asked("task_id") in ("", run["task_id"])]
        return 200, {"runs": found[: min(int(call.asked("limit", "50")), 200)], "total": len(found)}

    def _create_run(self, call: Call) -> Answer:
        now = datetime.fromtimestamp(self._books.second, UTC).isoformat()
        run = self._books.create_run(call.body, now)
        return 201, {"id": run["id"], "run_hash": f"hash-of-{run['id']}"}

    def _update_run(self, call: Call) -> Answer:
        return 200, {"run": self._books.update_run(call.path.split("/")[4], call.body)}

    def _queue(self, call: Call) -> Answer:
        """A read that writes: the first worker that polls takes the task."""
        self._sins.append(f"a read that writes: {call.url}")
        agent = call.asked("agent")
        for task in self._books.tasks.values():
            if task["status"] in ("inbox", "assigned") and task["assigned_to"] in (None, "", agent):
                task.update(assigned_to=agent, status="in_progress", updated_at=self._books.second)
                return 200, {"task": task, "reason": "assigned", "agent": agent, "timestamp": self._books.second}
        return 200, {"task": None, "reason": "no_tasks_available", "agent": agent, "timestamp": self._books.second}

    def _heartbeat(self, call: Call) -> Answer:
        self._sins.append(f"a read that writes: {call.url}")
        return 200, {"status": "HEARTBEAT_OK", "agent": call.path.split("/")[3]}
