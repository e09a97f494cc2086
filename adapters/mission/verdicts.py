"""Verdicts at the server's gate. They are given only after the decision here, and say who took it."""

import time
from collections.abc import Callable
from typing import Literal

from adapters.mission.client import REVIEWER, MissionClient
from factory.errors import Unreachable
from factory.model.mission import MissionReview, MissionTask
from factory.rules.outbox import NOT_YET
from factory.rules.proposals import Said, said

APART_S = 2.0
"""Two verdicts of one second tie there, and the older one wins."""
_AFTER = {"approved": "done", "rejected": "in_progress"}


class Verdicts:
    """Gives verdicts.

    Args:
        now: Seconds since 1970.
    """

    def __init__(self, client: MissionClient, now: Callable[[], float] = time.time) -> None:
        self._client = client
        self._now = now

    def give(self, task: int, verdict: Literal["approved", "rejected"], notes: str, marker: str) -> None:
        """Give a verdict, unless ours counts there. Raises `Unreachable`; with `not_yet`, to keep two apart."""
        reviews = self._of(task)
        if _counts(reviews, verdict, marker):
            return
        newest = max((review.created_at for review in reviews), default=0)
        if 0 <= self._now() - newest < APART_S:
            raise _too_close()
        self._client.review(task, verdict, f"{notes} [{marker}]")
        if reviews and not _counts(self._of(task), verdict, marker):  # the server's clock may be another
            raise _too_close()

    def _of(self, task: int) -> list[MissionReview]:
        return [review for review in self._client.reviews(task) if review.reviewer == REVIEWER]

    def said(self, task: MissionTask, id: str, last: str) -> Said:
        """How a task of ours stands to the status that we wrote last; see `factory.rules.proposals`."""
        is_moved = last not in ("", task.status)
        reviews = self._client.reviews(task.id) if is_moved and task.status in _AFTER.values() else ()
        return said(task, id, last, reviews)


def _too_close() -> Unreachable:
    return Unreachable("Two verdicts must be a second apart.", code=NOT_YET, after_s=APART_S)


def _counts(reviews: list[MissionReview], verdict: str, marker: str) -> bool:
    """Whether a verdict of ours is there that the server takes for the latest."""
    ours = [review for review in reviews if review.verdict == verdict and f"[{marker}]" in review.notes]
    others = [review.created_at for review in reviews if review.verdict != verdict]
    return any(review.created_at > max(others, default=-1) for review in ours)
