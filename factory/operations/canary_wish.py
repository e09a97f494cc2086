"""What a canary is about, and what the operator asks for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from factory.model.canary import CanaryResult
from factory.ports.bundle import Ports
from factory.rules.known_patches import Variant
from factory.workflow.sorting import Acceptance

RunWhole = Callable[[Ports, str], Awaitable[None]]
"""Takes a run as far as it goes without a person."""
Tell = Callable[[CanaryResult], None]
RIGHT = Variant("right")


@dataclass(frozen=True)
class Sample:
    """What the patches are about."""

    goal: str
    accept: tuple[str, ...]
    acceptance: Acceptance
    """The same criteria, parsed."""
    accept_dir: Path | None = None
    prepare: str = ""
    wrong: tuple[Variant, ...] = ()
    """States that are said to be wrong; mutants come after them."""
    mutated: tuple[tuple[str, str], ...] = ()
    """Python files, and the function in each that is mutated; empty = all of them."""


@dataclass(frozen=True)
class Wish:
    """What the operator asks for."""

    verifier: str
    cwd: Path
    n: int
    seed: int
    budget_micros: int
    """For all verdicts together."""
    sample: Sample
