"""What differs between two moments of a run: each old value beside the new one, and nothing that is the same."""

from dataclasses import replace

import pytest

from factory.model.blocker import Blocker
from factory.model.gate import Gate
from factory.model.view import RunView
from factory.rules.differences import SECTIONS, Difference, differences
from tests.app import sample
from tests.app.flight_sample import flight

VIEW = sample.VIEW


def at(number: int) -> RunView:
    """The sample's run right after its event of this number."""
    recording = flight()
    recording.seek(recording.moments[number - 1].seq)
    return recording.view(recording.run)


def found(before: RunView, after: RunView) -> dict[tuple[str, str], tuple[str, str]]:
    """Old and new value by section and name."""
    return {(one.section, one.name): (one.before, one.after) for one in differences(before, after)}


@pytest.mark.parametrize("number", range(1, 10))
def test_a_moment_does_not_differ_from_itself(number: int) -> None:
    assert differences(at(number), at(number)) == ()


def test_every_section_of_the_demo_differs_between_its_first_and_its_last_moment() -> None:
    assert {one.section for one in differences(at(1), at(9))} == set(SECTIONS)


def test_states_that_changed_are_said_with_both_values() -> None:
    changes = found(at(1), at(9))
    assert changes["run", "state"] == ("ready", "awaiting_qa")
    assert changes["steps", "build"] == ("pending", "passed, try 2")
    assert changes["attempts", "build 2"] == ("", "succeeded, 9f2c1ab")
    assert changes["thread", "state"] == ("prewired", "passed, round 2")
    assert changes["thread", "verdict of round 1"] == ("", "changes_requested")
    assert changes["gates", "qa"] == ("", "open")
    assert changes["evidence", "verify-2-A2.junit.xml"] == ("", "supports A2")
    assert changes["cost", "spent"] == ("", "$0.31")
    assert changes["blockers", "target_down"] == ("", "Knowledge pages wait: the target does not answer.")


def test_claims_are_compared_as_the_evidence_has_them() -> None:
    assert found(at(1), at(9))["claims", "A2"][0].startswith("unsupported")
    assert found(at(1), at(9))["claims", "A2"][1].startswith("supported")


def test_backwards_every_value_changes_its_side() -> None:
    there, back = differences(at(3), at(9)), differences(at(9), at(3))
    assert {(one.section, one.name, one.after, one.before) for one in back} == {
        (one.section, one.name, one.before, one.after) for one in there
    }


def test_sections_come_in_their_order() -> None:
    sections = [one.section for one in differences(at(1), at(9))]
    assert sections == sorted(sections, key=SECTIONS.index)


def test_two_of_one_name_are_told_apart() -> None:
    first = Blocker(id="blk_1", run=sample.RUN, code="unpriced", severity="warn", message="No price for a.")
    second = replace(first, id="blk_2", message="No price for b.")
    one, two = replace(VIEW, blockers=(first,)), replace(VIEW, blockers=(first, second))
    assert differences(one, two) == (Difference("blockers", "unpriced 2", "", "No price for b."),)


def test_a_blocker_that_was_resolved_says_how() -> None:
    (blocker,) = VIEW.blockers
    resolved = replace(VIEW, blockers=(replace(blocker, resolved_at=sample.NOW, resolution="it answers again"),))
    assert found(VIEW, resolved) == {("blockers", "target_down"): (blocker.message, "resolved: it answers again")}


def test_the_newest_gate_of_a_kind_counts() -> None:
    again = Gate(id="gat_2", run=sample.RUN, kind="qa", state="approved")
    assert found(VIEW, replace(VIEW, gates=(*VIEW.gates, again))) == {("gates", "qa"): ("open", "approved")}


def test_a_cap_that_was_raised_is_seen() -> None:
    raised = replace(VIEW, budgets=(replace(VIEW.budgets[0], limit_micros=6_000_000), *VIEW.budgets[1:]))
    assert found(VIEW, raised) == {("cost", "cap of the run"): ("$5.00", "$6.00")}
