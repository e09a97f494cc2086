"""What a Mission Control holds, in our words: tasks, comments, reviews, runs, and what it says happened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class MissionUser:
    """Who we are there."""

    name: str
    """As it signs our comments."""
    role: str
    """`viewer`, `operator` or `admin`."""


@dataclass(frozen=True)
class MissionTask:
    """A task as the server has it. Times are whole seconds since 1970; texts are as we gave them, `@` and all."""

    id: int
    title: str
    description: str = ""
    status: str = "inbox"
    """`backlog inbox assigned awaiting_owner in_progress review quality_review done failed`."""
    priority: str = "medium"
    assigned_to: str = ""
    created_by: str = ""
    created_at: int = 0
    updated_at: int = 0
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    project_id: int = 0
    ticket_ref: str = ""
    """`REP-001`; empty where the server leaves it out."""
    outcome: str = ""
    error_message: str = ""
    resolution: str = ""
    retry_count: int = 0
    completed_at: int = 0
    comment_count: int = 0
    """In lists only."""


@dataclass(frozen=True)
class MissionComment:
    """A comment of a task."""

    id: int
    task: int
    author: str
    text: str
    created_at: int
    """Whole seconds since 1970."""
    parent: int = 0
    """The comment that it answers; 0 = none."""


@dataclass(frozen=True)
class MissionReview:
    """A verdict at a task's gate. The newest is the one with the highest id; times of one second tie."""

    id: int
    task: int
    reviewer: str
    verdict: str
    """`approved` or `rejected`."""
    notes: str
    created_at: int


@dataclass(frozen=True)
class MissionActivity:
    """A line of the server's own history."""

    id: int
    type: str
    """`comment_added`, `quality_review`, `task_updated`, …"""
    actor: str
    task: int
    """The task that it is about; 0 = none."""
    created_at: int


@dataclass(frozen=True)
class MissionEvent:
    """A frame of the server's stream."""

    type: str
    """`task.created`, `task.updated`, …"""
    task: int = 0
    """The task that it is about; 0 = none."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """As it came: some are whole tasks, some a few fields."""
    at_ms: int = 0
