"""Comparison arms: which way of checking a run was given before its work began."""

from dataclasses import dataclass
from typing import Literal

from factory.model.identity import Entity

Arm = Literal["", "A", "B"]
"""`A`: the coder checks itself once more, with the same extra budget. `B`: a verifier. Empty: not in the trial."""

LABEL = "trial"
"""Of a run that was given an arm; which one, it does not say."""
BLIND = "awaiting_qa"
"""The state of a run in which nobody is to see its arm: somebody decides."""
WITHHELD = "withheld"
"""Stands where the agent, the state and the words of a check would, until then."""
SELF_CHECK = "self_check"
"""Why a build step of arm A goes on with one more attempt."""
REASON = "a trial gives it one"
"""Why a run of arm B has a verifier."""


@dataclass(frozen=True, kw_only=True)
class Assignment(Entity):
    """The arm of one run. No screen, card, package or event shows it before the run is decided."""

    given_to: str
    """Id of its run. The assignment belongs to none: whoever replays or exports a run would see the arm there."""
    arm: Arm = ""
    stratum: str = ""
    """Domain and priority, `frontend/M`: arms are balanced within each."""
    block: str = ""
    """Id of the run that opened its block."""
    place: int = 0
    """In its block; 0 is the first."""
    why: str = ""
    """Why it is not in the trial, as a sentence; empty when it is."""
