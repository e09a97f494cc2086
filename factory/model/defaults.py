"""What a launch gets that does not say otherwise."""

from dataclasses import dataclass, field
from typing import Literal

from factory.model.definition import Definition


@dataclass(frozen=True)
class Defaults:
    """What the configuration gives to every launch that does not say otherwise."""

    coder: str = ""
    verifier: str = ""
    budget_micros: int = 5_000_000
    thread_cap_micros: int = 250_000
    day_cap_micros: int = 0
    """Of all runs of the namespace on one UTC day; 0 = none."""
    namespace_cap_micros: int = 0
    """Of all runs of the namespace, ever; 0 = none."""
    prepare: str = ""
    profile: Literal["solo", "team"] = "solo"
    namespace: str = "default"
    trial: bool = False
    """Runs are given comparison arms before they start."""
    workflow: str = ""
    """Name of the workflow; empty = `definition`."""
    definition: Definition = field(default_factory=Definition)
    """The usual workflow, and what one of another name takes where it says nothing."""
