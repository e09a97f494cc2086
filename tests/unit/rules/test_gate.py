"""What keeps the QA gate shut, and who may decide at it."""

from dataclasses import replace
from typing import Any

import pytest

from factory.model.evidence import Quality
from factory.model.run import Agent
from factory.model.thread import Verdict
from factory.model.view import RunView
from factory.rules.gate import approver_refusal, independent, is_self_approval, qa_reasons
from tests.unit.rules.made import BASE, EARLIER, FINAL, PASS, RUN, THREAD, at_qa, counts, item

GOOD = Quality(100, 80, "sufficient")


def reasons(view: RunView, quality: Quality = GOOD, proven: bool = True) -> str:
    """All reasons in one text."""
    return " ".join(qa_reasons(view, quality, proven, "Nothing is proven."))


def with_verdict(verdict: Verdict | None) -> RunView:
    """A run at QA whose last verdict is this one."""
    return replace(at_qa(), threads=(replace(THREAD, verdicts=(verdict,) if verdict else ()),))


def with_item(**changes: Any) -> RunView:
    """A run at QA with one more piece of evidence."""
    view = at_qa()
    return replace(view, evidence=(*view.evidence, item("more", **changes)))


def test_a_run_with_everything_in_place_opens_the_gate() -> None:
    assert qa_reasons(at_qa(), GOOD, True, "") == ()


def test_without_a_result_there_is_nothing_to_decide() -> None:
    view = replace(at_qa(), run=replace(at_qa().run, result_commit=""))
    assert reasons(view) == "There is no result: no attempt has delivered a commit."


def test_everything_that_the_score_found_shuts_the_gate() -> None:
    assert reasons(at_qa(), Quality(0, 80, "insufficient", reasons=("A1 is refuted.",))) == "A1 is refuted."


def test_a_score_under_the_threshold_shuts_the_gate_even_without_a_reason() -> None:
    assert reasons(at_qa(), Quality(79, 80, "insufficient")) == "The score is 79, under the threshold of 80."


def test_nothing_proven_shuts_the_gate_and_says_why() -> None:
    assert reasons(at_qa(), proven=False) == "Nothing is proven."


def test_a_required_verifier_must_have_spoken() -> None:
    assert "has given no verdict" in reasons(with_verdict(None))


def test_a_run_that_needs_no_verifier_needs_no_verdict() -> None:
    view = with_verdict(None)
    assert reasons(replace(view, run=replace(view.run, verifier_required=False))) == ""


@pytest.mark.parametrize("word", ["changes_requested", "inconclusive"])
def test_only_a_pass_opens_the_gate(word: Any) -> None:
    assert f"last verdict is {word}" in reasons(with_verdict(replace(PASS, word=word)))


def test_fp1_a_pass_without_commands_shuts_the_gate() -> None:
    assert "FP1" in reasons(with_verdict(replace(PASS, commands_run=0)))


def test_fp2_a_report_without_tests_shuts_the_gate() -> None:
    assert "FP2: more.xml (A1) collected no test." in reasons(with_item(tests=counts(0)))


def test_fp3_a_pass_on_another_commit_shuts_the_gate() -> None:
    assert f"FP3: the verdict is about {EARLIER}" in reasons(with_verdict(replace(PASS, subject=EARLIER)))


@pytest.mark.parametrize(
    "changes", [{"polarity": "refutes"}, {"outcome": "failed", "polarity": "neutral", "claims": ()}]
)
def test_fp4_anything_that_fails_on_the_result_shuts_the_gate(changes: dict[str, Any]) -> None:
    assert "FP4: more.xml" in reasons(with_item(**changes))


def test_what_failed_on_the_base_or_an_earlier_commit_does_not_shut_the_gate() -> None:
    for subject, baseline in ((BASE, True), (FINAL, True), (EARLIER, False)):
        assert reasons(with_item(polarity="refutes", outcome="failed", subject=subject, baseline=baseline)) == ""


def test_fp7_the_same_agent_on_both_sides_shuts_the_gate() -> None:
    view = at_qa()
    assert "FP7" in reasons(replace(view, run=replace(view.run, verifier=view.run.coder)))


def test_two_agents_of_two_companies_are_independent() -> None:
    assert independent(RUN.coder, RUN.verifier) is None


@pytest.mark.parametrize(
    ("verifier", "code"),
    [
        (Agent("command:/bin/coder", "Proveo"), "same_agent"),
        (Agent("command:/bin/coder ", "Proveo"), "same_agent"),
        (Agent("command:/bin/other", "CodeCraft"), "same_company"),
        (Agent("command:/bin/other", "codecraft"), "same_company"),
    ],
)
def test_the_same_agent_or_company_may_not_verify(verifier: Agent, code: str) -> None:
    refused = independent(RUN.coder, verifier)
    assert refused is not None
    assert refused.code == code


def refusal(actor: str, inside: str = "", profile: Any = "solo") -> str:
    """Code of the refusal; empty when the actor may decide."""
    refused = approver_refusal(replace(RUN, profile=profile), actor, inside)
    return refused.code if refused else ""


def test_any_person_may_approve() -> None:
    assert refusal("operator:eva") == refusal("operator:eva", profile="team") == ""


def test_the_launcher_may_approve_alone_but_not_in_a_team() -> None:
    assert refusal("operator:ana") == ""
    assert refusal("operator:ana", profile="team") == "self_approval"
    assert is_self_approval(RUN, "operator:ana")
    assert not is_self_approval(RUN, "operator:eva")


def test_nobody_approves_from_inside_an_agent() -> None:
    refused = approver_refusal(RUN, "operator:eva", "run_7")
    assert refused is not None
    assert refused.code == "agent_may_not_approve"
    assert "An agent of run run_7 may not decide" in refused.message


@pytest.mark.parametrize(
    "actor",
    [
        "worker",
        "factory",
        "coder:command:/bin/coder",
        "verifier:x",
        "command:/bin/coder",
        "operator:command:/bin/verifier",
    ],
)
def test_no_machine_approves(actor: str) -> None:
    assert refusal(actor) == "agent_may_not_approve"
