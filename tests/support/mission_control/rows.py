"""What the fake Mission Control stores, with the fields that the recordings show, and what it lets in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]

STATUSES = (
    "backlog", "inbox", "assigned", "awaiting_owner", "in_progress", "review", "quality_review", "done", "failed",
)  # fmt: skip
PRIORITIES = ("critical", "high", "medium", "low")
OUTCOMES = ("success", "failed", "partial", "abandoned")

_TEXTS = {"title": 500, "description": 5000, "assigned_to": 100}
_LONG = {"error_message": 5000, "resolution": 5000, "feedback_notes": 5000}
_CHOICES = {"status": STATUSES, "priority": PRIORITIES, "outcome": OUTCOMES}
_NUMBERS = ("project_id", "due_date", "completed_at", "retry_count", "feedback_rating")
_HOURS = ("estimated_hours", "actual_hours")
FIELDS = (*_TEXTS, *_LONG, *_CHOICES, *_NUMBERS, *_HOURS, "tags", "metadata")


@dataclass
class Rejected(Exception):
    """The server answers with an error."""

    status: int
    error: str
    more: Mapping[str, Any] | None = None

    @property
    def body(self) -> Row:
        """As JSON."""
        return {"error": self.error, **(self.more or {})}


def checked(body: object) -> Row:
    """The known fields of a task in a body; unknown ones are dropped without a word. Raises `Rejected`."""
    if not isinstance(body, dict):
        raise Rejected(400, "Invalid request body")
    known = {name: value for name, value in body.items() if name in FIELDS}
    wrong = [f"{name}: {why}" for name, value in known.items() if (why := _wrong(name, value))]
    if wrong:
        raise Rejected(400, "Validation failed", {"details": wrong})
    return known


def length(text: str) -> int:
    """As JavaScript counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _wrong(name: str, value: Any) -> str:
    if name == "title" and value == "":
        return "Title is required"
    return "" if _fits(name, value) else "Invalid input"


def _fits(name: str, value: Any) -> bool:
    if name in _TEXTS or name in _LONG:
        return isinstance(value, str) and length(value) <= {**_TEXTS, **_LONG}[name]
    if name in _CHOICES:
        return value in _CHOICES[name]
    if name in _NUMBERS:
        return isinstance(value, int) and value >= 0
    if name in _HOURS:
        return isinstance(value, int | float)
    if name == "tags":
        return isinstance(value, list) and len(value) <= 50 and all(isinstance(t, str) and len(t) <= 100 for t in value)
    return isinstance(value, dict)


def new_task(id: int, now: int, by: str, fields: Row, project: Row, ticket: int) -> Row:
    """A task as the server makes it."""
    task: Row = {
        "id": id, "title": "", "description": None, "status": "inbox", "priority": "medium", "assigned_to": None,
        "created_by": by, "created_at": now, "updated_at": now, "due_date": None, "estimated_hours": None,
        "actual_hours": None, "tags": [], "metadata": {}, "workspace_id": 1, "project_id": project["id"],
        "project_ticket_no": ticket, "outcome": None, "error_message": None, "resolution": None,
        "feedback_rating": None, "feedback_notes": None, "retry_count": 0, "completed_at": None,
        "github_issue_number": None, "github_repo": None, "github_synced_at": None, "github_branch": None,
        "github_pr_number": None, "github_pr_state": None, "dispatch_attempts": 0, "project_name": project["name"],
        "project_prefix": project["ticket_prefix"], "ticket_ref": f"{project['ticket_prefix']}-{ticket:03d}",
    }  # fmt: skip
    task.update({name: value for name, value in fields.items() if name != "project_id"})
    if task["assigned_to"] and task["status"] == "inbox":
        task["status"] = "assigned"
    return task


def new_run(body: Row, now: str) -> Row:
    """A run as the server keeps it. Raises `Rejected`."""
    for name in ("agent_id", "status", "started_at"):
        if not isinstance(body.get(name), str) or not body[name]:
            raise Rejected(400, f"{name} is required")
    names = ("agent_name", "model", "trigger", "parent_run_id", "task_id", "error", "git_branch", "git_commit")
    run = {name: body.get(name) for name in (*names, "outcome", "ended_at", "duration_ms")}
    kept = {"steps": body.get("steps", []), "tags": body.get("tags", []), "metadata": body.get("metadata", {})}
    start = {"agent_id": body["agent_id"], "status": body["status"], "started_at": body["started_at"]}
    return {"id": body["id"], **start, **run, **kept, "cost": body.get("cost", {}), "created_at": now, "eval": None}
