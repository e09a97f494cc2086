"""The review card of the QA gate: what is about to be approved, worst first."""

from functools import partial

from cockpit.screens.deciding import DecisionCard
from cockpit.screens.shown import Shown
from cockpit.store import Snapshot
from widgets.review import body_text, decided_words, head_lines


class Review(DecisionCard):
    """The evidence package of a goal."""

    NAME = "Review"
    CHANGED = "The package changed. Nothing was approved. esc, then a to read the new one."

    def read(self) -> Shown:
        """The package that is frozen now."""
        card = self.cockpit.operations.review(self._run)
        required = frozenset(claim.id for claim in card.claims if claim.required)
        return Shown(card.digest, card.sufficient, required, partial(head_lines, card), partial(body_text, card))

    def closed_because(self, snapshot: Snapshot, digest: str) -> str:
        """Another package was frozen, or somebody decided."""
        row, status = snapshot.row(self._run), snapshot.status
        is_qa = status is not None and status.run == self._run and status.gate.kind == "qa"
        if status and is_qa and status.gate.digest not in ("", digest):
            return self.CHANGED
        if row and row.state != "awaiting_qa":
            return decided_words(row, snapshot.selected, digest)
        return ""
