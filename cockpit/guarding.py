"""The rules of the review card in one value: what it takes before a key can approve anything."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf

ARM_S = 0.4
"""Input that is younger than this after the card was drawn is dropped: the hand was somewhere else."""
HAND_S = 0.15
"""Enter that is younger than this after another key came with pasted text: not every terminal marks a paste."""
CODE_LENGTH = 4
REASON_LENGTH = 10


@dataclass(frozen=True)
class Guard:
    """One gate, one package, one decision. Each method returns the guard as it is afterwards."""

    digest: str
    """Of the package on screen; the decision is about this one and no other."""
    sufficient: bool
    required: frozenset[str]
    """Ids of the required claims."""
    shown_at: float
    """When the card was drawn; monotonic seconds."""
    seen: frozenset[str] = frozenset()
    """Ids of the claims that have been on screen as a whole."""
    typed: str = ""
    last_key_at: float = -inf
    """When the last key of the card was pressed; monotonic seconds."""
    closed_by: str = ""
    """Why nothing can be decided here any more; empty while it can."""
    is_deciding: bool = False
    """A decision is on its way."""

    def accepts(self, pressed_at: float) -> bool:
        """Whether a key that was pressed then was meant for this card."""
        return pressed_at >= self.shown_at + ARM_S

    @property
    def unseen(self) -> frozenset[str]:
        """Required claims that have not been on screen yet."""
        return self.required - self.seen

    @property
    def may_decide(self) -> bool:
        """Whether a decision can still be taken here."""
        return not self.closed_by and not self.is_deciding

    @property
    def code_is_open(self) -> bool:
        """Whether the code can be typed."""
        return self.may_decide and self.sufficient and not self.unseen

    @property
    def approves(self) -> bool:
        """Whether Enter would approve now."""
        return self.code_is_open and self.typed == self.digest[:CODE_LENGTH]

    def is_by_hand(self, pressed_at: float) -> bool:
        """Whether Enter, pressed then, came alone; what comes with other keys is pasted, or slipped."""
        return pressed_at >= self.last_key_at + HAND_S

    def pressed(self, at: float) -> "Guard":
        """A key was pressed."""
        return replace(self, last_key_at=at)

    def saw(self, claims: Iterable[str]) -> "Guard":
        """These claims have been on screen."""
        return replace(self, seen=self.seen | frozenset(claims))

    def type(self, char: str) -> "Guard":
        """One more character of the code; anything but a hex digit changes nothing.

        What is longer than the code is kept, and is no code: who pastes a whole digest has typed nothing.
        """
        char = char.lower()
        fits = len(char) == 1 and char in "0123456789abcdef" and len(self.typed) < len(self.digest)
        return replace(self, typed=self.typed + char) if self.code_is_open and fits else self

    def erase(self, count: int = 1) -> "Guard":
        """Without the last characters of the code."""
        return replace(self, typed=self.typed[: max(0, len(self.typed) - count)])

    def deciding(self) -> "Guard":
        """A decision was sent: a second Enter does nothing."""
        return replace(self, is_deciding=True, typed="")

    def undecided(self) -> "Guard":
        """The decision was refused for a reason that leaves the gate as it was."""
        return replace(self, is_deciding=False)

    def closed(self, why: str) -> "Guard":
        """Nothing can be decided here any more."""
        return replace(self, closed_by=self.closed_by or why, typed="", is_deciding=False)
