"""What counts as proof: the commands that the factory ran itself, whatever an agent said (design §6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from factory.model.thread import Finding, Verdict, VerdictWord
from factory.ports.checks import Outcome
from factory.rules.findings import NO_COMMAND, is_unbacked
from factory.rules.tampering import touched_tests as touched_tests
from factory.rules.verdict import SaidVerdict as SaidVerdict
from factory.rules.verdict import parse_verdict as parse_verdict
from factory.rules.verdict import verdict_fault as verdict_fault


@dataclass(frozen=True)
class Ran:
    """A command that the factory ran on the subject."""

    name: str
    """`A1`, `finding-1`, …"""
    outcome: Outcome
    why: str = ""
    """`2 of 13 tests failed`, …"""


def judge(
    said: Mapping[str, Any] | None,
    subject: str,
    criteria_results: Mapping[str, Ran],
    finding_results: Mapping[int, Ran],
    commands_run: int,
    command_results: Sequence[Ran] = (),
    refused: str = "",
) -> Verdict:
    """The verdict that counts, from what the verifier said and what the factory's own runs showed.

    Args:
        said: The verdict as the verifier wrote it; None when it left none.
        subject: The commit that was to be checked.
        criteria_results: Every *required* criterion, by its id.
        finding_results: The runs of the commands that findings name, by the finding's index (0 is the first).
        commands_run: How many commands the factory ran on the subject, the acceptance included.
        command_results: The runs of the other commands that the verdict names.
        refused: Why the verdict is not taken, as a sentence; `said` is None then.
    """
    verdict = parse_verdict(said)
    findings = _checked(verdict, finding_results)
    unusable = refused or f"The verifier gave no usable verdict: {verdict_fault(said)}."
    word, reasons = _word(verdict, unusable, subject, criteria_results, findings, commands_run)
    broken = [_said_of(ran) for ran in command_results if ran.outcome == "broken"]
    if word == "pass" and broken:
        word, reasons = "inconclusive", ("A command that the verifier names cannot be run.", *broken)
    return Verdict(
        word=word,
        said=verdict.word if verdict else "",
        subject=verdict.subject if verdict else "",
        reasons=reasons,
        findings=findings,
        commands_run=commands_run,
    )


def judge_alone(subject: str, criteria_results: Mapping[str, Ran], commands_run: int) -> Verdict:
    """The verdict of a round without a verifier: the factory's own runs decide. Arguments as for `judge`."""
    reasons = _unproven(criteria_results)
    word: VerdictWord = "changes_requested" if reasons else "pass"
    if not reasons and commands_run < 1:
        word, reasons = "inconclusive", ("No command was run on this commit.",)
    return Verdict(word=word, subject=subject, reasons=reasons, commands_run=commands_run)


def proven(
    baseline: Mapping[str, str],
    final: Mapping[str, str],
    required_ids: Sequence[str],
    verifier_flips: bool,
    allow_green: bool,
) -> tuple[bool, str]:
    """Whether the run proved anything, and the sentence that says how, or why not (`nothing_proven`).

    Args:
        baseline: Outcome of each criterion on the base commit.
        final: Outcome of each criterion on the result.
        required_ids: The required criteria.
        verifier_flips: A verifier's command fails on the base and passes on the result.
        allow_green: The operator allowed a baseline that is green already.
    """
    flipped = [one for one in required_ids if baseline.get(one) == "failed" and final.get(one) == "passed"]
    if flipped:
        return True, f"{_listed(flipped)} failed before and passed on the result."
    if verifier_flips:
        return True, "A command of the verifier failed before and passes on the result."
    if allow_green:
        return True, "Nothing failed before; the operator allowed a green baseline."
    return False, (
        "Nothing is proven: no required criterion went from failing on the base to passing on the result, and no "
        "command of the verifier did. Give a criterion that fails today, or start with --allow-green-baseline."
    )


def _word(
    verdict: SaidVerdict | None,
    unusable: str,
    subject: str,
    criteria: Mapping[str, Ran],
    findings: Sequence[Finding],
    commands_run: int,
) -> tuple[VerdictWord, tuple[str, ...]]:
    """The order of design §6: our own failing criterion, then whether the verdict is usable, then what it says."""
    if unproven := _unproven(criteria):
        return "changes_requested", unproven
    if verdict is None:
        return "inconclusive", (unusable,)
    if verdict.subject != subject:
        return "inconclusive", (f"The verifier speaks of {verdict.subject}, not of {subject}.",)
    confirmed = [finding for finding in findings if finding.confirmed]
    match verdict.word:
        case "pass":
            return _passing(commands_run, confirmed)
        case "changes_requested":
            return _challenging(findings, confirmed)
    return "inconclusive", ("The verifier says that it could not decide.",)


def _unproven(criteria: Mapping[str, Ran]) -> tuple[str, ...]:
    """A sentence for each required criterion that did not pass; one that could not be run proves nothing either."""
    return tuple(_said_of(ran) for ran in criteria.values() if ran.outcome != "passed")


def _passing(commands_run: int, confirmed: Sequence[Finding]) -> tuple[VerdictWord, tuple[str, ...]]:
    if commands_run < 1:
        return "inconclusive", ("The verifier says pass, but no command was run on this commit.",)
    if confirmed:
        return "inconclusive", tuple(f"The verifier says pass and shows a defect: {item.text}" for item in confirmed)
    return "pass", ()


def _challenging(findings: Sequence[Finding], confirmed: Sequence[Finding]) -> tuple[VerdictWord, tuple[str, ...]]:
    """Changes are wanted: only a finding whose command fails here gets them."""
    unbacked = tuple(f"Not counted, {NO_COMMAND}: {item.text}" for item in findings if is_unbacked(item))
    if confirmed:
        return "changes_requested", (*(f"Confirmed: {item.text}" for item in confirmed), *unbacked)
    return "inconclusive", ("The verifier wants changes, but no command of its findings fails here.", *unbacked)


def _checked(verdict: SaidVerdict | None, results: Mapping[int, Ran]) -> tuple[Finding, ...]:
    """The findings, each confirmed when its command really failed here; one that cannot be run confirms nothing."""
    if verdict is None:
        return ()
    failed = {index for index, ran in results.items() if ran.outcome == "failed"}
    return tuple(replace(finding, confirmed=index in failed) for index, finding in enumerate(verdict.findings))


def _said_of(ran: Ran) -> str:
    return (
        f"{ran.name} {'could not be run' if ran.outcome == 'broken' else ran.outcome}: {ran.why or 'no reason given'}."
    )


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
