"""What people decided in a mission control about something of ours. Here it is a proposal, never a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from factory.model.mission import MissionReview, MissionTask
from factory.rules.visible import one_line

APPROVED, REJECTED, CANCELLED = "mission_approved", "mission_rejected", "mission_cancelled"
PROPOSALS = (APPROVED, REJECTED, CANCELLED)
"""Codes of the warnings."""
SYSTEM = "Mission Control"
_AFTER = {"approved": "done", "rejected": "in_progress"}
_CODES = {"approved": APPROVED, "rejected": REJECTED}
_WORDS = 200


@dataclass(frozen=True)
class Said:
    """How a task stands to what we wrote last."""

    kind: Literal["same", "proposal", "other"]
    """`other`: a value that we did not write, and that proposes nothing we know."""
    code: str = ""
    """Of a proposal."""
    message: str = ""
    """What a proposal says: who, when, their words, and what answers it here."""


SAME = Said("same")


def said(task: MissionTask, id: str, last: str, reviews: Sequence[MissionReview], by: str = "") -> Said:
    """What a task of ours says.

    Args:
        id: Of the run, step or gate here; our own verdicts carry it.
        last: The status that we wrote last; empty = none yet.
        reviews: Verdicts about it, newest first.
        by: Who changed it, as far as that was heard.
    """
    if not last or task.status == last:
        return SAME
    newest = reviews[0] if reviews else None
    if newest and _AFTER.get(newest.verdict) == task.status:
        return SAME if f"[{id}]" in newest.notes else _verdict(newest, id, by)
    if task.status == "failed":
        return Said("proposal", CANCELLED, _cancelled(task, by))
    return Said("other")


def _verdict(review: MissionReview, id: str, by: str) -> Said:
    who, when = one_line(by or review.reviewer)[:60] or "Somebody", clock(review.created_at)
    about = "this gate" if id.startswith("gat_") else "this"
    answer = "Nothing is approved here: a opens the review."
    if review.verdict == "rejected":
        answer = "Nothing is rejected here: a opens the review, and n rejects there."
    text = f"{who} {review.verdict} {about} in {SYSTEM} at {when}{_quoted(review.notes)}. {answer}"
    return Said("proposal", _CODES[review.verdict], text)


def _cancelled(task: MissionTask, by: str) -> str:
    who, when = one_line(by)[:60] or "Somebody", clock(task.updated_at)
    did = "abandoned" if task.outcome == "abandoned" else "failed"
    words = _quoted(task.error_message or task.resolution)
    return f"{who} set this to {did} in {SYSTEM} at {when}{words}. Nothing is stopped here: X cancels the run."


def _quoted(words: str) -> str:
    shown = one_line(words.strip())[:_WORDS]
    return f": “{shown}”" if shown else ""


def clock(second: int) -> str:
    """A moment as people read it, UTC."""
    if not 0 < second < 100_000_000_000:
        return "an unknown time"
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
