"""Sorting the states of a sample by what its acceptance says: only those that fail it are known to be wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from factory.errors import Refused
from factory.model.run import Criterion
from factory.ports.bundle import Ports
from factory.ports.checks import Check, CheckResult
from factory.ports.samples import Samples
from factory.rules.backoff import seconds_between
from factory.rules.known_patches import Variant
from factory.workflow.offload import offload

Sort = Literal["right", "wrong", "unusable"]
SLOWER, AND_S = 10, 10.0
"""A check of a mutant may take so many times as long as on the state that is right, and so many seconds."""


@dataclass(frozen=True)
class Acceptance:
    """What a state of the sample has to pass."""

    criteria: tuple[Criterion, ...]
    overlay: Path | None = None
    prepare: tuple[str, ...] = ()
    timeout_s: float = 600.0


@dataclass(frozen=True)
class Sorted:
    """What is known of the states."""

    wrong: tuple[Variant, ...]
    equivalent: int = 0
    """They pass, so nobody can say that they are wrong."""
    unusable: int = 0
    """The acceptance could not be run on them."""


class Sorter:
    """Runs the acceptance on copies of the sample.

    Args:
        name: Folder of its logs, below the scratch folder.
    """

    def __init__(self, ports: Ports, samples: Samples, acceptance: Acceptance, name: str) -> None:
        self._ports = ports
        self._samples = samples
        self._acceptance = acceptance
        self._out = ports.scratch / name
        self._timeout_s = acceptance.timeout_s

    async def check_right(self, right: Variant) -> None:
        """See that the state which is said to be right passes, and how long that takes.

        Raises:
            Refused: `acceptance_broken`, it does not.
        """
        took_s = 0.0
        folder = await offload(self._samples.copy, "state", right)
        for criterion in self._acceptance.criteria:
            result = await self._check(criterion, folder)
            if result.outcome != "passed":
                raise Refused(
                    f"Nothing is known to be right here: {criterion.id} does not pass, {result.why}.",
                    "Commit a state that passes every criterion, or correct --accept.",
                    code="acceptance_broken",
                )
            took_s = max(took_s, seconds_between(result.started_at, result.ended_at))
        self._timeout_s = min(self._timeout_s, SLOWER * took_s + AND_S)

    async def sort(self, candidates: Iterable[Variant], wanted: int, most: int) -> Sorted:
        """The first `wanted` states that are wrong; at most `most` are looked at."""
        found: dict[Sort, list[Variant]] = {"right": [], "wrong": [], "unusable": []}
        for count, variant in enumerate(candidates):
            if len(found["wrong"]) >= wanted or count >= most:
                break
            found[await self._sort_of(variant)].append(variant)
        return Sorted(tuple(found["wrong"]), len(found["right"]), len(found["unusable"]))

    async def _sort_of(self, variant: Variant) -> Sort:
        folder = await offload(self._samples.copy, "state", variant)
        for criterion in self._acceptance.criteria:
            outcome = (await self._check(criterion, folder)).outcome
            if outcome != "passed":
                return "wrong" if outcome == "failed" else "unusable"
        return "right"

    async def _check(self, criterion: Criterion, folder: Path) -> CheckResult:
        check = Check(
            name=criterion.id,
            argv=criterion.command,
            checkout=folder,
            out=self._out,
            operator_path=self._ports.operator_path,
            overlay=self._acceptance.overlay,
            timeout_s=self._timeout_s,
        )
        if self._acceptance.prepare:
            prepare = Check("prepare", self._acceptance.prepare, folder, self._out, self._ports.operator_path)
            result = await self._ports.checks.run(prepare)
            if result.exit_code != 0:
                return result if result.outcome == "broken" else _broken(result)
        return await self._ports.checks.run(check)


def _broken(result: CheckResult) -> CheckResult:
    return CheckResult(**{**vars(result), "outcome": "broken", "why": f"its preparation failed, {result.why}"})
