"""Flags that only many attempts or many passes together can show: TO4, TO5, TO6, FP9 and FP11 (domain §9)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from statistics import median
from typing import TypeVar

from factory.model.canary import CanaryResult
from factory.model.view import RunView
from factory.rules.flags import Flag
from factory.rules.intervals import FEWEST
from factory.rules.rounds import Round
from factory.rules.timeouts import Try

LAST = 3
"""TO4 looks at so many attempts of an agent."""
LATE_OF_LAST = 2
TIMES_OTHERS = 3
"""TO5: an agent times out so many times as often as all others."""
TIMES_SMALL = 2
"""TO6: large prompts time out so many times as often as the others."""
FEWEST_LATE = 2
"""Fewer time-outs than this may be chance whatever they are a share of."""
PASSES_IN_A_ROW = 10

T = TypeVar("T")


@dataclass(frozen=True)
class Said:
    """What a verifier said in one round, as far as it is compared with other rounds."""

    verifier: str
    attempt: str
    at: str
    word: str
    """Its own, whatever the factory made of it."""
    subject: str
    text: str
    """Its words with it; empty when there were none."""


def said_of(view: RunView, rounds: Iterable[Round]) -> tuple[Said, ...]:
    """What the verifier of a run said, oldest first."""
    return tuple(
        Said(view.run.verifier.name, one.source, one.at, one.verdict.said, one.verdict.subject, _text(one))
        for one in rounds
        if one.verdict.said
    )


def agent_flags(tries: Iterable[Try], said: Iterable[Said], canaries: Sequence[CanaryResult] = ()) -> tuple[Flag, ...]:
    """Flags about agents; the order of what is given makes no difference."""
    ended = sorted((one for one in tries if one.at), key=lambda one: (one.at, one.attempt))
    by_agent = _grouped(ended, lambda one: one.agent)
    by_verifier = _grouped(sorted(said, key=lambda one: (one.at, one.attempt)), lambda one: one.verifier)
    return (
        *(flag for agent in by_agent for flag in _often_late(agent, by_agent)),
        *_large_prompts(ended),
        *(flag for verifier, ones in by_verifier.items() for flag in _only_passes(verifier, ones, canaries)),
        *(flag for verifier, ones in by_verifier.items() for flag in _same_words(verifier, ones)),
    )


def _often_late(agent: str, by_agent: dict[str, list[Try]]) -> Iterator[Flag]:
    mine = by_agent[agent]
    last = [one for one in mine[-LAST:] if one.clocks]
    if len(last) >= LATE_OF_LAST:
        message = f"{agent} timed out in {len(last)} of its last {len(mine[-LAST:])} attempts."
        yield Flag("TO4", "warn", message, _attempts(last))
    others = [one for name, ones in by_agent.items() if name != agent for one in ones]
    if _is_times(mine, others, TIMES_OTHERS):
        late, of = _late(mine), _late(others)
        message = (
            f"{agent} timed out in {len(late)} of {len(mine)} attempts, the others in {len(of)} of {len(others)}: at "
            f"least {TIMES_OTHERS} times as often."
        )
        yield Flag("TO5", "warn", message, _attempts(late))


def _large_prompts(ended: Sequence[Try]) -> Iterator[Flag]:
    """Prompts longer than the median against the rest."""
    known = [one for one in ended if one.prompt_chars]
    if not known:
        return
    middle = median(one.prompt_chars for one in known)
    large = [one for one in known if one.prompt_chars > middle]
    small = [one for one in known if one.prompt_chars <= middle]
    if _is_times(large, small, TIMES_SMALL):
        message = (
            f"Prompts over {middle:,.0f} characters time out at least {TIMES_SMALL} times as often: "
            f"{len(_late(large))} of {len(large)} against {len(_late(small))} of {len(small)}."
        )
        yield Flag("TO6", "warn", message, _attempts(_late(large)))


def _is_times(some: Sequence[Try], others: Sequence[Try], times: int) -> bool:
    """Whether some time out at least so many times as often as the others; no time-out of others counts as one."""
    if min(len(some), len(others)) < FEWEST or len(_late(some)) < FEWEST_LATE:
        return False
    return len(_late(some)) * len(others) >= times * max(1, len(_late(others))) * len(some)


def _only_passes(verifier: str, said: Sequence[Said], canaries: Sequence[CanaryResult]) -> Iterator[Flag]:
    caught = max((one.at for one in canaries if one.verifier == verifier and one.is_caught), default="")
    since = [one for one in said if one.at > caught]
    row = list(takewhile(lambda one: one.word == "pass", reversed(since)))
    if len(row) >= PASSES_IN_A_ROW:
        message = f"{verifier} passed {len(row)} times in a row and has caught no canary meanwhile."
        yield Flag("FP9", "notice", message, tuple(one.attempt for one in row[:PASSES_IN_A_ROW][::-1]))


def _same_words(verifier: str, said: Sequence[Said]) -> Iterator[Flag]:
    passes = [one for one in said if one.word == "pass" and one.text]
    for ones in _grouped(passes, lambda one: one.text).values():
        if len({one.subject for one in ones}) > 1:
            message = f"{verifier} said the same words about different commits."
            yield Flag("FP11", "notice", message, tuple(one.attempt for one in ones))


def _text(one: Round) -> str:
    summary = one.attempt.summary if one.attempt else ""
    return "\n".join(filter(None, (summary.strip(), *(finding.text.strip() for finding in one.verdict.findings))))


def _grouped(values: Iterable[T], name: Callable[[T], str]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for value in values:
        found.setdefault(name(value), []).append(value)
    return found


def _late(tries: Iterable[Try]) -> list[Try]:
    return [one for one in tries if one.clocks]


def _attempts(tries: Iterable[Try]) -> tuple[str, ...]:
    return tuple(one.attempt for one in tries)
