"""A thread's cap over $1.00: asked for, shown, decided once by a person, and only what was asked for is set."""

import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from factory.errors import Refused, SourceError, Usage
from factory.model.cost import Budget
from factory.model.defaults import Defaults
from factory.model.gate import Gate
from factory.operations import cost_review, decide
from factory.operations.cap import cap
from factory.operations.results import ASKED
from factory.operations.verbs import cancel
from factory.ports.agents import AgentResult, AgentTask
from factory.rules.next_action import next_action
from tests.unit.workflow.floor import Floor, says
from tests.unit.workflow.test_money import ends, turn

CENT, DOLLAR = 10_000, 1_000_000


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    found = Floor(tmp_path)
    found.launch()
    return found


def refused(call: object, *arguments: object, **more: object) -> str:
    with pytest.raises(Refused) as caught:
        call(*arguments, **more)  # type: ignore[operator]
    return caught.value.code


def asked(floor: Floor, micros: int = 1_500_000, reason: str = "two bugs were found") -> Gate:
    assert cap(floor.ports, floor.run_id, micros, "thread", reason, may_ask=True).event == ASKED
    found = floor.view.gate("cost_review")
    assert found is not None
    return found


def as_somebody(floor: Floor, actor: str) -> None:
    floor.ports = replace(floor.ports, actor=actor)


def thread_cap(floor: Floor) -> Budget:
    found = floor.view.budget("thread")
    assert found is not None
    return found


def test_over_a_dollar_nothing_is_set_and_who_asks_opens_a_review(floor: Floor) -> None:
    head = floor.ledger.head()
    assert refused(cap, floor.ports, floor.run_id, 1_500_000, "thread", "two bugs") == "review_required"
    assert floor.ledger.head() == head
    gate = asked(floor, 1_500_000, " two bugs ")
    assert (gate.state, thread_cap(floor).limit_micros) == ("open", 250_000)
    assert gate.request is not None
    assert (gate.request.micros, gate.request.reason, gate.request.asked_by) == (1_500_000, "two bugs", "operator:ana")
    assert next_action(floor.view).code == "review_cost"
    assert next_action(floor.view).key == "a"


def test_the_same_wish_again_changes_nothing(floor: Floor) -> None:
    first = asked(floor)
    head = floor.ledger.head()
    assert asked(floor) == first
    assert floor.ledger.head() == head


def test_another_wish_takes_the_place_of_the_first_and_its_digest_decides_nothing(floor: Floor) -> None:
    first, second = asked(floor), asked(floor, 2_000_000)
    assert first.package_digest != second.package_digest
    assert [gate.state for gate in floor.view.gates if gate.kind == "cost_review"] == ["superseded", "open"]
    with pytest.raises(Refused, match=r"now \$2.00 are asked for. Nothing was decided") as caught:
        decide.approve(floor.ports, floor.run_id, first.package_digest)
    assert caught.value.code == "stale_package"
    assert refused(decide.approve, floor.ports, floor.run_id, "0" * 64) == "stale_package"
    assert thread_cap(floor).limit_micros == 250_000
    assert [event.action for event in floor.view.events].count("approval.refused") == 2


def test_an_approval_sets_exactly_what_was_asked_for_and_says_so(floor: Floor) -> None:
    gate = asked(floor)
    made = decide.approve(floor.ports, floor.run_id, gate.package_digest, "cockpit", ("the request",), 900)
    assert made.is_new
    assert (thread_cap(floor).limit_micros, floor.view.thread.cap_micros) == (1_500_000, 1_500_000)
    approval = floor.view.approvals[-1]
    assert (approval.decision, approval.gate, approval.self_approved) == ("approve", gate.id, True)
    actions = [event.action for event in floor.view.events]
    assert [one for one in actions if one in {ASKED, "gate.open", "gate.decide", "budget.cap"}][-4:] == [
        ASKED, "gate.open", "gate.decide", "budget.cap",
    ]  # fmt: skip
    again = decide.approve(floor.ports, floor.run_id, gate.package_digest)
    assert (again.approval, again.is_new) == (made.approval, False)
    assert refused(decide.reject, floor.ports, floor.run_id, "it is too much", digest=gate.package_digest) == (
        "already_decided"
    )


def test_a_rejection_leaves_the_cap(floor: Floor) -> None:
    gate = asked(floor)
    decide.reject(floor.ports, floor.run_id, "a smaller check will do")
    assert thread_cap(floor).limit_micros == 250_000
    assert floor.view.approvals[-1].reason == "a smaller check will do"
    assert refused(decide.approve, floor.ports, floor.run_id, gate.package_digest) == "already_decided"
    assert asked(floor).package_digest != gate.package_digest, "asked again, it is another decision"


def test_what_may_be_set_alone_is_set_and_makes_the_wish_moot(floor: Floor) -> None:
    gate = asked(floor)
    cap(floor.ports, floor.run_id, DOLLAR, "thread", "that will do")
    assert [one.state for one in floor.view.gates if one.kind == "cost_review"] == ["superseded"]
    assert refused(decide.approve, floor.ports, floor.run_id, gate.package_digest) == "not_ready"


def test_a_reviewed_cap_is_lowered_without_a_review(floor: Floor) -> None:
    decide.approve(floor.ports, floor.run_id, asked(floor, 3 * DOLLAR).package_digest)
    cap(floor.ports, floor.run_id, 2 * DOLLAR, "thread", "less will do")
    assert thread_cap(floor).limit_micros == 2 * DOLLAR
    assert refused(cap, floor.ports, floor.run_id, 3 * DOLLAR, "thread", "more again") == "review_required"


def test_no_agent_asks_or_decides(floor: Floor) -> None:
    for actor, inside in (("operator:ana", "run_1"), ("coder-x", ""), ("worker", ""), ("operator:verifier-y", "")):
        as_somebody(floor, actor)
        floor.inside = inside
        assert refused(cap, floor.ports, floor.run_id, 2 * DOLLAR, "thread", "more", True) == "agent_may_not_approve"
        assert floor.view.gate("cost_review") is None
    as_somebody(floor, "operator:ana")
    floor.inside = ""
    gate = asked(floor)
    floor.inside = "run_1"
    assert refused(decide.approve, floor.ports, floor.run_id, gate.package_digest) == "agent_may_not_approve"
    assert refused(decide.reject, floor.ports, floor.run_id, "no, not so much") == "agent_may_not_approve"


def test_in_a_team_who_asked_does_not_decide(tmp_path: Path) -> None:
    floor = Floor(tmp_path, Defaults(profile="team"))
    floor.launch()
    gate = asked(floor)
    assert refused(decide.approve, floor.ports, floor.run_id, gate.package_digest) == "self_approval"
    as_somebody(floor, "operator:eva")
    decide.approve(floor.ports, floor.run_id, gate.package_digest)
    assert not floor.view.approvals[-1].self_approved


def test_a_run_that_ends_leaves_no_wish_open(floor: Floor) -> None:
    gate = asked(floor)
    cancel(floor.ports, floor.run_id)
    assert [one.state for one in floor.view.gates if one.kind == "cost_review"] == ["superseded"]
    assert refused(decide.approve, floor.ports, floor.run_id, gate.package_digest) == "terminal_state"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1_001])
def test_a_wish_has_a_reason_that_fits_on_a_card(floor: Floor, reason: str) -> None:
    with pytest.raises(Usage):
        cap(floor.ports, floor.run_id, 2 * DOLLAR, "thread", reason, may_ask=True)


def test_the_card_says_what_it_buys_and_what_stands_in_its_way(floor: Floor) -> None:
    asked(floor, 8 * DOLLAR)
    card = cost_review.card(floor.ports, floor.run_id)
    assert (card.asked, card.cap, card.self_approved) == (8 * DOLLAR, 250_000, True)
    assert "3 of 3 rounds are left" in card.buys[0]
    assert any("The run cap leaves $5.00" in sentence for sentence in card.buys)
    assert [one.scope for one in card.caps] == ["thread", "run"]


async def paused(floor: Floor) -> None:
    """A verifier that was stopped at its cap, and one turn more for it."""
    floor.agents.driven = True
    floor.agents.coder = [turn(ends("stopped", 1), "right")]

    def passes(task: AgentTask) -> AgentResult:
        return replace(ends("stopped", 5), verdict=says("pass", ["has calc.py right"])(task).verdict)

    floor.agents.verifier = [turn(ends("budget", 20)), passes]
    floor.on_wait.append(floor.press_v)
    assert (await floor.go()).run.state == "paused"


async def test_approved_a_paused_run_goes_on_in_the_same_session(floor: Floor) -> None:
    await paused(floor)
    gate = asked(floor)
    assert floor.view.run.state == "paused"
    decide.approve(floor.ports, floor.run_id, gate.package_digest)
    view = await floor.go()
    assert (view.thread.verdicts[-1].word, thread_cap(floor).spent_micros) == ("pass", 25 * CENT)
    first, second = floor.agents.tasks[-2:]
    assert (first.resume, second.resume, second.left_micros) == ("", "s-1", 1_500_000 - 20 * CENT)


async def test_rejected_it_stays_paused_with_its_question_open(floor: Floor) -> None:
    await paused(floor)
    asked(floor)
    decide.reject(floor.ports, floor.run_id, "a smaller check will do")
    view = await floor.go()
    assert (view.run.state, [one.code for one in view.open_blockers]) == ("paused", ["cap_exceeded"])
    assert "--scope thread" in next_action(view).command
    assert len(floor.agents.tasks) == 2


class CostReviews(RuleBasedStateMachine):
    """Any wishes and decisions in any order, with any digest that was ever shown."""

    @initialize()
    def begin(self) -> None:
        """A run that has just been started."""
        self.folder = tempfile.TemporaryDirectory(prefix="cockpit-")
        self.floor = Floor(Path(self.folder.name))
        self.floor.launch()
        self.shown = ["0" * 64]

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()

    @rule(
        cents=st.integers(0, 400), who=st.sampled_from(["operator:ana", "operator:eva", "coder-x"]),
        why=st.sampled_from(["a", "b", ""]),
    )  # fmt: skip
    def wish(self, cents: int, who: str, why: str) -> None:
        """Set or ask."""
        as_somebody(self.floor, who)
        with suppress(SourceError):
            cap(self.floor.ports, self.floor.run_id, cents * CENT, "thread", why, may_ask=True)
        self.shown += [gate.package_digest for gate in self.floor.view.gates if gate.kind == "cost_review"][-1:]

    @rule(place=st.integers(0, 9), yes=st.booleans(), who=st.sampled_from(["operator:ana", "verifier-y"]))
    def decision(self, place: int, yes: bool, who: str) -> None:
        """Approve or reject what was shown some time ago."""
        as_somebody(self.floor, who)
        digest = self.shown[-1 - place % len(self.shown)]
        with suppress(SourceError):
            if yes:
                decide.approve(self.floor.ports, self.floor.run_id, digest)
            else:
                decide.reject(self.floor.ports, self.floor.run_id, "it is too much", digest=digest)

    @invariant()
    def at_most_one_wish_is_open(self) -> None:
        """One open review a thread."""
        if hasattr(self, "floor"):
            gates = [gate for gate in self.floor.view.gates if gate.kind == "cost_review" and gate.state == "open"]
            assert len(gates) <= 1

    @invariant()
    def no_cap_over_a_dollar_without_the_approval_of_a_person(self) -> None:
        """Whatever the cap is, somebody approved it or one above it, by the digest of the very request."""
        if not hasattr(self, "floor"):
            return
        view = self.floor.view
        gates = {gate.id: gate for gate in view.gates}
        approved = [one for one in view.approvals if one.decision == "approve"]
        for one in view.approvals:
            assert one.package_digest == gates[one.gate].package_digest
            assert one.actor.startswith("operator:")
        highest = max((gates[one.gate].request.micros for one in approved), default=0)  # type: ignore[union-attr]
        assert thread_cap(self.floor).limit_micros <= max(DOLLAR, highest)
        assert thread_cap(self.floor).limit_micros == view.thread.cap_micros


TestCostReviews = CostReviews.TestCase
TestCostReviews.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
