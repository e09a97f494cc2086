"""What the fake Mission Control holds, and what its calls do to it, one quirk after the other."""

import json
import re
from collections.abc import Callable
from typing import Any

from tests.support.mission_control.rows import Rejected, Row, checked, new_run, new_task

MENTION = re.compile(r"(?:^|[^A-Za-z0-9._-])@([A-Za-z0-9][A-Za-z0-9._:-]{0,63})")
PATCHED = ("status", "outcome", "ended_at", "duration_ms", "error", "steps", "cost", "tags", "metadata")
GENERAL: Row = {"id": 1, "name": "General", "slug": "general", "ticket_prefix": "GEN", "status": "active"}


class Books:
    """The tables. Callers hold the lock.

    Args:
        now: Seconds since 1970; rows get whole seconds.
        tell: Puts an event on the stream: type, data.
    """

    def __init__(self, now: Callable[[], float], tell: Callable[[str, Any], None]) -> None:
        self._now = now
        self._tell = tell
        self.tasks: dict[int, Row] = {}
        self.comments: list[Row] = []
        self.reviews: list[Row] = []
        self.runs: dict[str, Row] = {}
        self.activities: list[Row] = []
        self.projects: list[Row] = [dict(GENERAL)]
        self.agents: dict[str, str] = {}
        """Registered agents: name -> status."""
        self.people: set[str] = set()
        """User names, which may be mentioned."""
        self._tickets = 0
        self._last_task = 0

    @property
    def second(self) -> int:
        """Now, as rows carry it."""
        return int(self._now())

    def create(self, body: object, by: str) -> Row:
        """A new task. Creating one as `done` passes the gate, which is the server's mistake."""
        fields = checked(body)
        if "title" not in fields:
            raise Rejected(400, "Validation failed", {"details": ["title: Invalid input"]})
        self._check_mentions(fields.get("description", ""))
        project = next((each for each in self.projects if each["id"] == fields.get("project_id")), self.projects[0])
        self._tickets += 1
        self._last_task += 1
        task = new_task(self._last_task, self.second, by, fields, project, self._tickets)
        self.tasks[task["id"]] = task
        self.act("task_created", "task", task["id"], by, f"Created task: {task['title']}")
        self._tell("task.created", dict(task))
        return task

    def task(self, id: int) -> Row:
        """One task."""
        if id not in self.tasks:
            raise Rejected(404, "Task not found")
        return self.tasks[id]

    def listed(self, wanted: dict[str, str], limit: int, offset: int) -> tuple[list[Row], int]:
        """Tasks with these values: newest second first, ids ascending within it; and how many there are."""
        found = [task for task in self.tasks.values() if all(str(task[n]) == v for n, v in wanted.items())]
        found.sort(key=lambda task: (-task["created_at"], task["id"]))
        page = found[offset:] if limit < 0 else found[offset : offset + limit]
        return [{**task, "comment_count": self._count_comments(task["id"])} for task in page], len(found)

    def update(self, id: int, body: object, by: str) -> Row:
        """Change the given fields: metadata as a whole, `done` only after an approval."""
        fields, task = checked(body), self.task(id)
        self._check_mentions(fields.get("description", ""))
        if not fields:
            return task
        if fields.get("status") == "done" and not self.is_approved(id):
            raise Rejected(403, "Aegis approval is required to move task to done.")
        if fields.get("status") == "done" and not task["completed_at"]:
            fields.setdefault("completed_at", self.second)
        was = task["status"]
        task.update(fields, updated_at=self.second)
        if was != task["status"]:
            self.act("task_updated", "task", id, by, f"Task updated: status: {was} → {task['status']}")
        self._tell("task.updated", dict(task))
        return task

    def delete(self, id: int, by: str) -> None:
        """Delete a task; its comments and reviews go with it."""
        task = self.tasks.pop(self.task(id)["id"])
        self.comments = [each for each in self.comments if each["task_id"] != id]
        self.reviews = [each for each in self.reviews if each["task_id"] != id]
        self.act("task_deleted", "task", id, by, f"Deleted task: {task['title']}")
        self._tell("task.deleted", {"id": id, "title": task["title"]})

    def comment(self, task_id: int, body: object, by: str) -> Row:
        """A comment; a mentioned agent gets an unassigned task. Its task's `updated_at` stays."""
        task = self.task(task_id)
        content = body.get("content") if isinstance(body, dict) else None
        if not isinstance(content, str) or not content:
            raise Rejected(400, "Validation failed", {"details": ["content: Comment content is required"]})
        names = self._check_mentions(content)
        row: Row = {
            "id": max((each["id"] for each in self.comments), default=0) + 1, "task_id": task_id, "author": by,
            "content": content, "created_at": self.second, "mentions": names, "workspace_id": 1,
            "parent_id": body.get("parent_id") if isinstance(body, dict) else None,
        }  # fmt: skip
        self.comments.append(row)
        agents = [name for name in names if name in self.agents]
        if agents and not task["assigned_to"]:
            task["assigned_to"] = agents[0]  # and no event says so
        data = {"task_id": task_id, "task_title": task["title"], "content_preview": content[:100]}
        self.act("comment_added", "comment", row["id"], by, f"Added comment to task: {task['title']}", data)
        return {**row, "replies": []}

    def thread(self, task_id: int) -> list[Row]:
        """Comments of a task, oldest first, replies inside."""
        self.task(task_id)
        mine = [{**row, "replies": []} for row in self.comments if row["task_id"] == task_id]
        by_id = {row["id"]: row for row in mine}
        for row in mine:
            if row["parent_id"] in by_id:
                by_id[row["parent_id"]]["replies"].append(row)
        return [row for row in mine if row["parent_id"] not in by_id]

    def review(self, body: object) -> Row:
        """A verdict: approved moves the task to `done` from anywhere, rejected to `in_progress`. Twice makes two."""
        said = body if isinstance(body, dict) else {}
        if said.get("status") not in ("approved", "rejected") or not said.get("notes"):
            raise Rejected(400, "Validation failed", {"details": ["notes: Notes are required for quality reviews"]})
        task, reviewer = self.task(said.get("taskId", 0)), said.get("reviewer") or "aegis"
        row = {
            "id": max((each["id"] for each in self.reviews), default=0) + 1, "task_id": task["id"],
            "reviewer": reviewer, "status": said["status"], "notes": said["notes"], "created_at": self.second,
            "workspace_id": 1,
        }  # fmt: skip
        self.reviews.append(row)
        task.update(status="done" if row["status"] == "approved" else "in_progress", updated_at=self.second)
        if row["status"] == "rejected":
            task["error_message"] = f"Quality review rejected by {reviewer}: {row['notes']}"
        about = {"status": row["status"], "notes": row["notes"]}
        self._tell(
            "task.status_changed", {"id": task["id"], "status": task["status"], "previous_status": "review"}
        )  # whatever it was
        line = f"Quality review {row['status']} for task: {task['title']}"
        self.act("quality_review", "task", task["id"], reviewer, line, about)
        return row

    def latest_review(self, task_id: int, reviewer: str = "") -> Row | None:
        """The newest by whole seconds; of one second the oldest."""
        found = [r for r in self.reviews if r["task_id"] == task_id and reviewer in ("", r["reviewer"])]
        return max(found, key=lambda row: (row["created_at"], -row["id"]), default=None)

    def is_approved(self, task_id: int) -> bool:
        """Whether the gate lets a task through."""
        latest = self.latest_review(task_id, "aegis")
        return latest is not None and latest["status"] == "approved"

    def create_run(self, body: object, now: str) -> Row:
        """A run; the same id twice is a server fault."""
        if not isinstance(body, dict):
            raise Rejected(400, "Invalid JSON body")
        run = new_run({"id": f"run-{len(self.runs) + 1}", **body}, now)
        if run["id"] in self.runs:
            raise Rejected(500, "Failed to create run")
        self.runs[run["id"]] = run
        self._tell("run.created", dict(run))
        return run

    def update_run(self, id: str, body: object) -> Row:
        """Replace fields of a run; the counts of cached tokens are lost."""
        if id not in self.runs:
            raise Rejected(404, "Run not found")
        given = body if isinstance(body, dict) else {}
        run = self.runs[id]
        run.update({n: v for n, v in given.items() if n in PATCHED or n.startswith("git_")})
        run["cost"] = {n: v for n, v in (run["cost"] or {}).items() if not n.startswith("cache_")}
        done = run["status"] in ("completed", "failed")
        self._tell("run.completed" if done else "run.updated", json.loads(json.dumps(run)))
        return run

    def act(self, type: str, kind: str, id: int, actor: str, text: str, data: Row | None = None) -> None:
        """A line of the server's history, on the stream too."""
        row = {
            "id": len(self.activities) + 1, "type": type, "entity_type": kind, "entity_id": id, "actor": actor,
            "description": text, "data": data, "created_at": self.second, "workspace_id": 1,
        }  # fmt: skip
        self.activities.append(row)
        self._tell("activity.created", dict(row))

    def _count_comments(self, task_id: int) -> int:
        return sum(each["task_id"] == task_id for each in self.comments)

    def _check_mentions(self, text: str) -> list[str]:
        known = {name.lower() for name in (*self.agents, *self.people, "all", "human")}
        names = list(dict.fromkeys(MENTION.findall(text)))
        missing = [name for name in names if name.lower() not in known]
        if missing:
            listed = ", ".join(f"@{name}" for name in missing)
            raise Rejected(400, f"Unknown mentions: {listed}", {"missing_mentions": missing})
        return names
