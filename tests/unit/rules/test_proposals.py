"""What a task of ours says about a decision that somebody took there."""

from dataclasses import replace

import pytest

from factory.model.mission import MissionReview, MissionTask
from factory.rules.proposals import clock, said

TASK = MissionTask(7, "Gate", status="quality_review", updated_at=1_767_268_800)
YES = MissionReview(2, 7, "aegis", "approved", "Fine [red]\n\x1b[2J", 1_767_268_800)


@pytest.mark.parametrize(
    ("status", "last", "reviews", "kind", "code"),
    [
        ("quality_review", "quality_review", (), "same", ""),
        ("done", "", (YES,), "same", ""),
        ("done", "quality_review", (YES,), "proposal", "mission_approved"),
        ("done", "quality_review", (replace(YES, notes="By ana [gat_1]"),), "same", ""),
        ("in_progress", "quality_review", (replace(YES, verdict="rejected"),), "proposal", "mission_rejected"),
        ("in_progress", "quality_review", (YES,), "other", ""),
        ("done", "quality_review", (), "other", ""),
        ("failed", "in_progress", (), "proposal", "mission_cancelled"),
        ("backlog", "in_progress", (), "other", ""),
    ],
)
def test_only_what_differs_and_is_not_ours_is_a_proposal(
    status: str, last: str, reviews: tuple[MissionReview, ...], kind: str, code: str
) -> None:
    found = said(replace(TASK, status=status), "gat_1", last, reviews)
    assert (found.kind, found.code) == (kind, code)


def test_their_words_are_one_short_visible_line() -> None:
    found = said(replace(TASK, status="done"), "gat_1", "quality_review", (replace(YES, notes="x\n\x1b[2J" * 999),))
    assert "\x1b" not in found.message
    assert "\n" not in found.message
    assert len(found.message) < 400


@pytest.mark.parametrize("second", [0, -1, 2**62])
def test_a_strange_time_is_no_error(second: int) -> None:
    assert clock(second) == "an unknown time"
