"""Findings across the rounds of a thread: each has one name, and says whether it was found before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from factory.model.thread import Finding, Verdict


class Told(NamedTuple):
    """A finding as it was told in one round."""

    name: str
    """`F1`, `F2`, …; the same one in every round that finds it."""
    finding: Finding
    is_repeated: bool
    """A round before found it too."""


def told(verdicts: Sequence[Verdict]) -> tuple[tuple[Told, ...], ...]:
    """The findings of each round under their names, oldest round first."""
    known: dict[tuple[str, ...], str] = {}
    rounds = []
    for verdict in verdicts:
        before = frozenset(known)
        here = []
        for finding in verdict.findings:
            same = _same(finding)
            name = known.setdefault(same, f"F{len(known) + 1}")
            here.append(Told(name, finding, same in before))
        rounds.append(tuple(here))
    return tuple(rounds)


def resolved(rounds: Sequence[Sequence[Told]], number: int) -> tuple[str, ...]:
    """Names of what the round before found and round `number` (from 0) did not find again."""
    if number == 0:
        return ()
    still = {one.name for one in rounds[number]}
    return tuple(one.name for one in rounds[number - 1] if one.name not in still)


def counted(findings: Sequence[Told]) -> str:
    """How many of a round's findings are new, and how many a round before found too: `1 new, 2 again`."""
    again = sum(one.is_repeated for one in findings)
    new = len(findings) - again
    return f"{new} new" + (f", {again} again" if again else "") if findings else "nothing found"


def _same(finding: Finding) -> tuple[str, ...]:
    """What two findings share when they are one: the command that shows it, else the words."""
    return finding.command or tuple(finding.text.casefold().split())
