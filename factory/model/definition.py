"""The workflow in numbers: its steps, how often and how long they may try."""

from dataclasses import dataclass
from typing import Literal

AT_DISPATCH = (
    "cannot be 'dispatch': nothing is sent to a verifier before there is an artefact to verify, "
    "and at dispatch there is none"
)
"""How the sentence ends that refuses such a trigger."""
StepKind = Literal["plan", "build", "verify", "qa", "docs", "writeback"]


@dataclass(frozen=True)
class Clocks:
    """Limits in seconds. First output and idle only mark a step stalled; connect and wall end the process tree."""

    first_output_s: float = 60.0
    idle_s: float = 120.0
    wall_s: float = 900.0
    connect_s: float = 60.0
    """From the start of a driven agent's program to its first word. OpenCode needs a quarter of it in a fresh home."""


@dataclass(frozen=True)
class Definition:
    """The workflow as this run froze it; its digest is `Run.workflow_sha256`."""

    name: str = "goal-to-done"
    version: str = "1"
    steps: tuple[StepKind, ...] = ("plan", "build", "verify", "qa", "docs", "writeback")
    max_rounds: int = 3
    max_attempts: int = 3
    threshold: int = 80
    rubric: str = "1"
    auto_verify: bool = False
    """Send to the verifier as soon as artefacts exist, without a request."""
    clocks: Clocks = Clocks()
    check_timeout_s: float = 600.0
    agent_estimate_micros: int = 50_000
    """What is reserved before an agent starts whose cost is not known."""
