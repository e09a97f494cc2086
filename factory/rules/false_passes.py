"""Flags about one run's passes that may be false: FP1 to FP8, FP10 and FP12 (domain §9)."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal

from factory.model.evidence import Evidence
from factory.model.step import Attempt
from factory.model.view import RunView
from factory.rules.adjudication import rejected_passes
from factory.rules.backoff import seconds_between
from factory.rules.flags import Flag
from factory.rules.gate import independent
from factory.rules.model_family import family
from factory.rules.rounds import Round, evidence_on
from factory.rules.titles import is_of_base_tests, is_of_verifier

SLOW_S = 5.0
"""A command that takes at least so long cannot have been run by who was done before it would have been."""
Severity = Literal["error", "warn", "notice"]
Found = Iterator[Flag]


def false_pass_flags(view: RunView, rounds: Sequence[Round]) -> Found:
    """Every flag about a pass of this run, in the order of their codes."""
    for find in _FINDERS:
        yield from find(view, rounds)


def _no_commands(view: RunView, rounds: Sequence[Round]) -> Found:
    bare = [one for one in rounds if one.verdict.said == "pass" and one.verdict.commands_run < 1]
    yield from _flag("FP1", "error", "A verifier said pass, and the factory ran no command there.", _sources(bare))


def _nothing_collected(view: RunView, rounds: Sequence[Round]) -> Found:
    found = [item for item in _on_passed(view, rounds) if item.tests is not None and item.tests.collected == 0]
    yield from _flag("FP2", "error", f"On a passed commit nothing was collected: {_titles(found)}.", _ids(found))


def _other_commit(view: RunView, rounds: Sequence[Round]) -> Found:
    """A pass about another commit than the verifier was given, or a last one that is not about the result."""
    said = [one for one in rounds if one.verdict.said == "pass"]
    strange = [one for one in said if one.attempt and one.attempt.subject not in ("", one.verdict.subject)]
    newest = said[-1:] if said and said[-1] is rounds[-1] else []
    strange += [one for one in newest if one not in strange and one.verdict.subject != view.run.result_commit]
    about = ", ".join(dict.fromkeys(one.verdict.subject or "no commit" for one in strange))
    yield from _flag("FP3", "error", f"A pass is about another commit, {about}.", _sources(strange))


def _failing_item(view: RunView, rounds: Sequence[Round]) -> Found:
    bad = [item for item in _on_passed(view, rounds) if item.polarity == "refutes" or item.outcome == "failed"]
    yield from _flag("FP4", "error", f"On a passed commit something fails: {_titles(bad)}.", _ids(bad))


def _touched_tests(view: RunView, rounds: Sequence[Round]) -> Found:
    again = [item for item in _on_passed(view, rounds) if is_of_base_tests(item.title) and item.command]
    message = "The coder changed tests or test configuration; with those of the base the factory ran it again."
    yield from _flag("FP5", "notice", message, _ids(again))


def _only_coders_tests(view: RunView, rounds: Sequence[Round]) -> Found:
    """The coder changed tests, and nothing else that ran tells the result from the base."""
    if view.run.accept_dir:
        return
    items = [item for item in _on_passed(view, rounds) if item.command and item.outcome]
    again = [item for item in items if is_of_base_tests(item.title)]
    baseline = [item for item in view.evidence if item.baseline and item.outcome == "failed"]
    failed_before = {claim for item in baseline for claim in item.claims}
    flips = any(failed_before.intersection(item.claims) for item in again)
    shows = flips or any(is_of_verifier(item.title) for item in items)
    if again and not shows:
        message = "Only tests that the coder changed show anything new: those of the base passed before as well."
        yield from _flag("FP6", "warn", message, _ids(again))


def _same_agent(view: RunView, rounds: Sequence[Round]) -> Found:
    run = view.run
    if not run.verifier_required:
        return
    verifiers, coders = _of_role(view, "verifier"), _of_role(view, "coder")
    both = _ids(coders + verifiers)
    if same := independent(run.coder, run.verifier):
        yield Flag("FP7", "error", same.message, both or (run.id,))
    shared = _families(coders) & _families(verifiers)
    if shared:
        akin = [one for one in (*coders, *verifiers) if family(one.model) in shared]
        names = ", ".join(dict.fromkeys(one.model for one in akin))
        yield Flag("FP7", "notice", f"Coder and verifier are models of one family: {names}.", _ids(akin))


def _too_fast(view: RunView, rounds: Sequence[Round]) -> Found:
    """A pass in less time than one command on that commit takes: its verifier cannot have run it."""
    fast = [one for one in rounds if one.is_pass and one.attempt and _worked_s(one.attempt) < _slowest_s(view, one)]
    message = f"A verifier passed in less time than one command of the check takes ({SLOW_S:g} s or more)."
    yield from _flag("FP8", "warn", message, _sources(fast))


def _rejected(view: RunView, rounds: Sequence[Round]) -> Found:
    pairs = rejected_passes(view, rounds)
    ids = tuple(id for one, decision in pairs for id in (one.source, decision.id))
    yield from _flag("FP10", "warn", "QA rejected what the verifier had passed.", ids)


def _more_skipped(view: RunView, rounds: Sequence[Round]) -> Found:
    before = _newest_by_claim(item for item in view.evidence if item.baseline)
    after = _newest_by_claim(item for item in _on_passed(view, rounds) if not is_of_base_tests(item.title))
    for claim in (claim for claim in after if claim in before):
        was, now = before[claim].tests, after[claim].tests
        if was and now and now.skipped > was.skipped:
            message = f"{claim}: {now.skipped} tests are skipped, {was.skipped} were before."
            yield Flag("FP12", "warn", message, (before[claim].id, after[claim].id))


_FINDERS: tuple[Callable[[RunView, Sequence[Round]], Found], ...] = (
    _no_commands, _nothing_collected, _other_commit, _failing_item, _touched_tests, _only_coders_tests, _same_agent,
    _too_fast, _rejected, _more_skipped,
)  # fmt: skip


def _flag(code: str, severity: Severity, message: str, ids: Sequence[str]) -> Found:
    if ids:
        yield Flag(code, severity, message, tuple(dict.fromkeys(ids)))


def _on_passed(view: RunView, rounds: Sequence[Round]) -> list[Evidence]:
    """What was captured on the commits that were passed."""
    commits = dict.fromkeys(one.verdict.subject for one in rounds if one.is_pass)
    return [item for commit in commits for item in evidence_on(view, commit)]


def _newest_by_claim(items: Iterable[Evidence]) -> dict[str, Evidence]:
    return {claim: item for item in items if item.tests is not None for claim in item.claims}


def _worked_s(attempt: Attempt) -> float:
    """Without end where it is not known."""
    known = attempt.started_at and attempt.ended_at
    return seconds_between(attempt.started_at, attempt.ended_at) if known else math.inf


def _slowest_s(view: RunView, one: Round) -> float:
    """How long the slowest command on the passed commit took; 0 when none is slow enough to say anything."""
    commands = [item.command for item in evidence_on(view, one.verdict.subject) if item.command]
    times = [seconds_between(each.started_at, each.ended_at) for each in commands if each.started_at and each.ended_at]
    slowest = max(times, default=0.0)
    return slowest if slowest >= SLOW_S else 0.0


def _of_role(view: RunView, role: str) -> list[Attempt]:
    return [one for one in view.attempts if one.role == role]


def _families(attempts: Iterable[Attempt]) -> set[str]:
    return {family(one.model) for one in attempts} - {""}


def _sources(rounds: Iterable[Round]) -> tuple[str, ...]:
    return tuple(one.source for one in rounds)


def _ids(found: Iterable[Evidence | Attempt]) -> tuple[str, ...]:
    return tuple(one.id for one in found)


def _titles(items: Iterable[Evidence]) -> str:
    return ", ".join(item.title or item.path for item in items)
