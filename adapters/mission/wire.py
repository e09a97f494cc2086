"""What the server sends, as far as we read it. Measured on builderz-labs Mission Control 2.3.

It leaves fields out or sends null where we have an empty text: `_Wire` reads both as the field's own default.
"""

import json
import logging
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from factory.model.mission import (
    MissionActivity,
    MissionComment,
    MissionEvent,
    MissionReview,
    MissionTask,
    MissionUser,
)
from factory.rules.mentions import unescaped

_LOG = logging.getLogger(__name__)


class _Wire(BaseModel):
    """Unknown fields are the server's business."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: Any) -> Any:
        return {name: each for name, each in value.items() if each is not None} if isinstance(value, dict) else value


class WireUser(_Wire):
    """Of a log-in and of `auth/me`."""

    username: str
    display_name: str = ""
    role: str

    def to_domain(self) -> MissionUser:
        """The user in our words."""
        return MissionUser(self.display_name or self.username, self.role)


class WireUserAnswer(_Wire):
    """`GET /api/auth/me`, `POST /api/auth/login`."""

    user: WireUser


class WireStatus(_Wire):
    """`GET /api/status?action=health`, which needs no credentials."""

    status: str = ""
    version: str


class WireTask(_Wire):
    """A task. One that lacks its title is a part of one, from the stream: never read those as this."""

    id: int
    title: str
    description: str = ""
    status: str
    priority: str = "medium"
    assigned_to: str = ""
    created_by: str = ""
    created_at: int = 0
    updated_at: int = 0
    tags: tuple[str, ...] = ()
    metadata: dict[str, Any] = Field(default_factory=dict)
    project_id: int = 0
    ticket_ref: str = ""
    outcome: str = ""
    error_message: str = ""
    resolution: str = ""
    retry_count: int = 0
    completed_at: int = 0
    comment_count: int = 0

    @field_validator("metadata")
    @classmethod
    def _without_infinity(cls, value: dict[str, Any]) -> dict[str, Any]:
        """`1e999` is read as infinity, which no JSON can say again when the metadata goes back."""
        said: dict[str, Any] = json.loads(json.dumps(value), parse_constant=lambda _: None)
        return said

    def to_domain(self) -> MissionTask:
        """The task in our words."""
        values = self.model_dump()
        for name in ("title", "description", "error_message", "resolution"):
            values[name] = unescaped(values[name])
        return MissionTask(**values)


def _task(value: object) -> WireTask | None:
    try:
        return WireTask.model_validate(value)
    except ValidationError:
        return None


class WireTaskAnswer(_Wire):
    """Of a create, a read and an update."""

    task: WireTask


class WireTasks(_Wire):
    """`GET /api/tasks`: newest created first."""

    tasks: tuple[WireTask, ...]
    total: int = 0

    @field_validator("tasks", mode="before")
    @classmethod
    def _readable(cls, value: Any) -> Any:
        """Without tasks of a form that is not known, unless all are: one that somebody spoilt hides no other."""
        if not isinstance(value, list):
            return value
        good = [task for each in value if (task := _task(each)) is not None]
        if lost := len(value) - len(good):
            _LOG.warning("%d of %d tasks of Mission Control have a form that is not known.", lost, len(value))
        return good or value


class WireComment(_Wire):
    """A comment with its replies."""

    id: int
    task_id: int
    author: str = ""
    content: str
    created_at: int = 0
    parent_id: int = 0
    replies: tuple["WireComment", ...] = ()

    def to_domain(self) -> MissionComment:
        """The comment in our words, without its replies."""
        text = unescaped(self.content)
        return MissionComment(self.id, self.task_id, self.author, text, self.created_at, self.parent_id)

    def flat(self) -> Iterator["WireComment"]:
        """The comment and all below it."""
        yield self
        for reply in self.replies:
            yield from reply.flat()


class WireCommentAnswer(_Wire):
    """`POST /api/tasks/{id}/comments`."""

    comment: WireComment


class WireComments(_Wire):
    """`GET /api/tasks/{id}/comments`: all of them, oldest first, replies inside."""

    comments: tuple[WireComment, ...]


class WireReview(_Wire):
    """A verdict."""

    id: int
    task_id: int
    reviewer: str
    status: str
    notes: str = ""
    created_at: int = 0

    def to_domain(self) -> MissionReview:
        """The verdict in our words."""
        notes = unescaped(self.notes)
        return MissionReview(self.id, self.task_id, self.reviewer, self.status, notes, self.created_at)


class WireReviews(_Wire):
    """`GET /api/quality-review?taskId=`: the newest ten."""

    reviews: tuple[WireReview, ...]


class WireId(_Wire):
    """`POST /api/quality-review`: the number of the new row."""

    id: int


class WireProject(_Wire):
    """A project, of which we need the number behind a name."""

    id: int
    name: str


class WireProjects(_Wire):
    """`GET /api/projects`: those that are not archived."""

    projects: tuple[WireProject, ...]


class WireRun(_Wire):
    """A run; of its whole content we only ask whether it is there."""

    id: str
    task_id: str = ""
    status: str = ""


class WireRuns(_Wire):
    """`GET /api/v1/runs`."""

    runs: tuple[WireRun, ...]


class WireRunId(_Wire):
    """`POST /api/v1/runs`."""

    id: str


class WireNothing(_Wire):
    """An answer of which only the status counts."""


class WireActivity(_Wire):
    """A line of the server's history."""

    id: int
    type: str
    entity_type: str = ""
    entity_id: int = 0
    actor: str = ""
    data: dict[str, Any] = Field(default_factory=dict)
    created_at: int = 0

    def to_domain(self) -> MissionActivity:
        """The line in our words. A comment's own number is its entity; its task is in its data."""
        task = self.entity_id if self.entity_type == "task" else self.data.get("task_id", 0)
        return MissionActivity(self.id, self.type, self.actor, task if isinstance(task, int) else 0, self.created_at)


class WireActivities(_Wire):
    """`GET /api/activities`: newest second first, ids ascending within it."""

    activities: tuple[WireActivity, ...]


class WireEvent(_Wire):
    """A frame of `GET /api/events`."""

    type: str
    data: dict[str, Any] = Field(default_factory=dict)
    timestamp: int = 0
    """Milliseconds."""

    def to_domain(self) -> MissionEvent:
        """The event in our words."""
        return MissionEvent(self.type, self._task(), self.data, self.timestamp)

    def _task(self) -> int:
        if self.type.startswith("task."):
            found = self.data.get("id", 0)
        elif self.type == "activity.created":
            return WireActivity.model_validate(self.data).to_domain().task
        else:
            found = 0
        return found if isinstance(found, int) else 0
