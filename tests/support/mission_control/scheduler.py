"""The jobs that the server runs each minute by itself, on by default."""

from collections.abc import Callable
from typing import Any

from tests.support.mission_control.books import Books
from tests.support.mission_control.rows import Row

STALE_S = 600
TRIES = 5


def run_jobs(books: Books, tell: Callable[[str, Any], None]) -> None:
    """One minute's work: dispatch, its own reviews, stale tasks."""
    _dispatch(books, tell)
    _review(books, tell)
    _take_back_stale(books, tell)


def _dispatch(books: Books, tell: Callable[[str, Any], None]) -> None:
    ready = [name for name, status in books.agents.items() if status != "offline"]
    for task in books.tasks.values():
        if task["status"] == "inbox" and not task["assigned_to"] and ready:
            _set(books, tell, task, "assigned", assigned_to=ready[0])
    for task in books.tasks.values():
        if task["status"] == "assigned" and task["assigned_to"] in books.agents:
            _set(books, tell, task, "in_progress")
            task["dispatch_attempts"] += 1
            over = task["dispatch_attempts"] >= TRIES
            _set(books, tell, task, "failed" if over else "assigned", error_message="Dispatch failed: no gateway")
            if over:
                about = {"id": task["id"], "title": task["title"], "dispatch_attempts": task["dispatch_attempts"]}
                tell("task.escalated", {**about, "error_message": task["error_message"], "reason": "dispatch"})


def _review(books: Books, tell: Callable[[str, Any], None]) -> None:
    for task in [task for task in books.tasks.values() if task["status"] == "review"][:3]:
        _set(books, tell, task, "quality_review")
        _set(books, tell, task, "review")  # there is nobody to ask


def _take_back_stale(books: Books, tell: Callable[[str, Any], None]) -> None:
    for task in books.tasks.values():
        old = books.second - task["updated_at"] >= STALE_S
        if task["status"] == "in_progress" and old and books.agents.get(task["assigned_to"] or "") != "idle":
            _set(books, tell, task, "assigned")
            books.comment(task["id"], {"content": "Requeued: no progress for 10 minutes."}, "scheduler")


def _set(books: Books, tell: Callable[[str, Any], None], task: Row, status: str, **more: Any) -> None:
    was = task["status"]
    task.update(status=status, updated_at=books.second, **more)
    tell("task.status_changed", {"id": task["id"], "status": status, "previous_status": was, **more})
