"""How good the evidence is, from 0 to 100, and what that makes of each claim: rubric 1 (domain §6).

Whether an item speaks for or against a claim (polarity) and how good it is (score) are separate questions.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal

from factory.model.evidence import Claim, ClaimState, Evidence, ItemScore, Quality, ScoreCheck
from factory.model.run import Criterion
from factory.rules.admission import admissible as admissible
from factory.rules.admission import inadmissible_source as inadmissible_source
from factory.rules.backoff import seconds_between

ENOUGH = 60
"""Score of the best supporting item from which a claim is supported."""
HIGHEST_UNPROVEN = 49
"""The most a package gets with a required claim that is unsupported or stale."""
TAMPERED = "The evidence was changed after capture"
"""How a reason begins that is about a digest."""
MAX_AGE_S = 24 * 3600.0
MAX_AGE_HEALTH_S = 600.0

_PRODUCED = {"harness": 25, "imported_command": 10, "file": 5}
_STORED_RESPONSES = ("kb_page", "mc_state", "health_check")


@dataclass(frozen=True)
class _Bench:
    """What every item is measured against."""

    final_commit: str
    last_change_at: str
    now: str


def score(item: Evidence, final_commit: str, last_change_at: str, now: str) -> tuple[int, tuple[ScoreCheck, ...]]:
    """The points of one item, and the line of the rubric behind each; inadmissible is 0 with the reason.

    Args:
        final_commit: The result commit; empty before there is one.
        last_change_at: When the code changed last; empty when it never did.
        now: UTC, ISO-8601.
    """
    fault = admissible(item)
    if fault:
        return 0, (ScoreCheck("admissible", False, 0, fault),)
    bench = _Bench(final_commit, last_change_at, now)
    checks = (
        ScoreCheck("integrity", True, 20, "stored with its digest"),
        _producer(item),
        _outcome(item),
        _subject(item, bench),
        _independence(item),
        _freshness(item, bench),
    )
    return sum(check.points for check in checks), checks


def assess(
    criteria: Sequence[Criterion],
    evidence: Sequence[Evidence],
    final_commit: str,
    last_change_at: str,
    now: str,
    threshold: int,
    digest_failures: Sequence[str] = (),
) -> Quality:
    """The state of every claim and the score of the whole package, one claim per criterion, in their order.

    Args:
        evidence: All items of the run. Baselines count neither for nor against the result.
        digest_failures: What the store found wrong, `path: code` each; one is enough for a score of 0.
    """
    bench = _Bench(final_commit, last_change_at, now)
    broken = {failure.partition(": ")[0] for failure in digest_failures}
    items = {item.id: _scored(item, bench, broken) for item in evidence}
    usable = [item for item in evidence if not item.baseline and items[item.id].score]
    claims = tuple(_claim(criterion, usable, items, final_commit) for criterion in criteria)
    total = 0 if digest_failures else _total(claims)
    reasons = (*(f"{TAMPERED}: {one}." for one in digest_failures), *_reasons(claims))
    if not reasons and total < threshold:
        reasons = (f"The score is {total}, under the threshold of {threshold}.",)
    verdict: Literal["sufficient", "insufficient"] = "insufficient" if reasons else "sufficient"
    return Quality(total, threshold, verdict, claims, reasons, items=tuple(items.values()))


def _scored(item: Evidence, bench: _Bench, broken: Set[str]) -> ItemScore:
    """The score of one item; one that the store found changed or gone has none."""
    if {item.id, item.path} & broken:
        return ItemScore(item.id, 0, (ScoreCheck("integrity", False, 0, "its digest no longer fits"),))
    return ItemScore(item.id, *score(item, bench.final_commit, bench.last_change_at, bench.now))


def _claim(
    criterion: Criterion, usable: Sequence[Evidence], scores: Mapping[str, ItemScore], final_commit: str
) -> Claim:
    items = [item for item in usable if criterion.id in item.claims and item.polarity != "neutral"]
    # An item about an older commit supports nothing on this one, even where newer items exist beside it.
    current = [item for item in items if item.subject in ("", final_commit)]
    counted = current or items
    against = tuple(f"{item.title or item.path} refutes it" for item in current if item.polarity == "refutes")
    best = max((scores[item.id].score for item in counted if item.polarity == "supports"), default=0)
    state: ClaimState = "supported" if best >= ENOUGH else "unsupported"
    if against:
        state, best = "refuted", 0
    elif counted and not current:
        state = "stale"
    ids = tuple(item.id for item in counted)
    return Claim(criterion.id, criterion.text, criterion.required, state, best, ids, against)


def _total(claims: Sequence[Claim]) -> int:
    required = [claim for claim in claims if claim.required]
    if not required or any(claim.status == "refuted" for claim in required):
        return 0
    points = [0 if claim.status == "unsupported" else claim.score for claim in required]
    mean = sum(points) // len(points)  # rounded down: a threshold is reached, not rounded to
    return mean if all(claim.status == "supported" for claim in required) else min(mean, HIGHEST_UNPROVEN)


def _reasons(claims: Sequence[Claim]) -> list[str]:
    required = [claim for claim in claims if claim.required]
    if not required:
        return ["No required claim is made."]
    return [_reason(claim) for claim in required if claim.status != "supported"]


def _reason(claim: Claim) -> str:
    match claim.status:
        case "refuted":
            return f"{claim.id} is refuted: {'; '.join(claim.reasons)}."
        case "stale":
            return f"{claim.id} is stale: its evidence is about an older commit."
    if claim.evidence:
        return f"{claim.id} is unsupported: its best evidence has {claim.score} of the {ENOUGH} points needed."
    return f"{claim.id} is unsupported: there is no evidence for it on the result."


def _producer(item: Evidence) -> ScoreCheck:
    points = _PRODUCED[item.capture]
    return ScoreCheck("producer", points == 25, points, f"produced by: {item.capture.replace('_', ' ')}")


def _outcome(item: Evidence) -> ScoreCheck:
    if item.tests is not None:
        return ScoreCheck("outcome", True, 20, f"{item.tests.passed} of {item.tests.collected} tests passed")
    if item.command is not None:
        return ScoreCheck("outcome", True, 12, f"exit code {item.command.exit_code}")
    if item.kind in _STORED_RESPONSES:
        return ScoreCheck("outcome", True, 12, "a stored response")
    return ScoreCheck("outcome", False, 0, "prose or a picture")


def _subject(item: Evidence, bench: _Bench) -> ScoreCheck:
    if not item.subject:
        return ScoreCheck("subject", True, 10, "not about a commit")
    if item.subject == bench.final_commit:
        return ScoreCheck("subject", True, 15, "about the result commit")
    return ScoreCheck("subject", False, 0, f"about another commit, {item.subject}")


def _independence(item: Evidence) -> ScoreCheck:
    if item.role == "coder":
        return ScoreCheck("independence", False, 0, "captured by the coder")
    return ScoreCheck("independence", True, 15, f"captured by the {item.role}")


def _freshness(item: Evidence, bench: _Bench) -> ScoreCheck:
    limit = MAX_AGE_HEALTH_S if item.kind == "health_check" else MAX_AGE_S
    if not item.captured_at:
        return ScoreCheck("freshness", False, 0, "no time of capture")
    if bench.last_change_at and seconds_between(bench.last_change_at, item.captured_at) < 0:
        return ScoreCheck("freshness", False, 0, "older than the last code change")
    if seconds_between(item.captured_at, bench.now) > limit:
        return ScoreCheck("freshness", False, 0, "too old")
    return ScoreCheck("freshness", True, 5, "newer than the last code change")
