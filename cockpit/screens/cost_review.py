"""The card of a cost review: a cap that somebody asked for, why, and what comes of it."""

from functools import partial

from cockpit.screens.deciding import DecisionCard
from cockpit.screens.shown import Shown
from cockpit.store import Snapshot
from widgets.cost_review import REQUEST, body_text, decided_words, head_lines


class CostReview(DecisionCard):
    """The cap of a peer that is asked for."""

    NAME = "Cost review"
    CHANGED = "Another cap is asked for now. Nothing was decided. esc, then a to read it."

    def read(self) -> Shown:
        """What is asked for now."""
        card = self.cockpit.operations.cost_review(self._run)
        return Shown(card.digest, True, frozenset({REQUEST}), partial(head_lines, card), partial(body_text, card))

    def closed_because(self, snapshot: Snapshot, digest: str) -> str:
        """Another cap is asked for, somebody decided, or the goal is over."""
        view = snapshot.selected
        gates = view.gates if view and view.run.id == self._run else ()
        gate = next((one for one in gates if one.package_digest == digest), None)
        if view is None or gate is None or gate.state == "open":
            return ""
        newest = view.gate("cost_review")
        if newest is not None and newest.state == "open":
            return self.CHANGED
        return decided_words(view, gate)
