"""What a line of the list says of a goal, and what its whole view says: one rule, so one key."""

from dataclasses import replace

from hypothesis import given

from factory.model.cost import Budget
from factory.model.view import RunView
from factory.rules.next_action import next_action
from factory.rules.status import needs_person
from factory.rules.wish import wish
from tests.fakes.run_row import row_of
from tests.unit.rules.made import building
from tests.unit.rules.test_next_action import blocked, blocker, in_state, views

ONLY_IN_THE_VIEW = {"inspect", "review_cost"}
"""What is looked at first, where the line cannot know of it."""


@given(views)
def test_the_line_of_a_goal_asks_for_the_key_that_its_view_asks_for(view: RunView) -> None:
    found = next_action(view)
    if needs_person(view) and found.code not in ONLY_IN_THE_VIEW:
        assert wish(row_of(view)).key == found.key


def test_a_blocked_goal_is_retried_whatever_blocks_it() -> None:
    for code in ("exit_3", "acceptance_broken"):
        view = blocked(code)
        assert wish(row_of(view)).key == next_action(view).key == "r"


def test_a_goal_that_its_cap_paused_asks_for_a_higher_one() -> None:
    cap = Budget(id="bud_1", run="run_1", scope="run", subject="run_1", limit_micros=5, reserved_micros=5)
    view = replace(in_state(building(), "paused"), budgets=(cap,), attempts=())
    assert wish(row_of(view)).key == next_action(view).key == "+"


def test_a_goal_whose_agent_was_stopped_before_its_cap_asks_for_a_higher_one() -> None:
    cap = Budget(id="bud_1", run="run_1", scope="run", subject="run_1", limit_micros=250_000, spent_micros=200_000)
    stopped = replace(in_state(building(), "paused"), budgets=(cap,), attempts=(), blockers=(blocker("cap_exceeded"),))
    assert wish(row_of(stopped)).key == next_action(stopped).key == "+"
