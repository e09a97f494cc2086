"""Everything the cockpit can ask the factory to do, bound to the ports: the same operations as on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from factory.model.cost_card import CostCard
    from factory.model.launch import Launch, Preview, Recent
    from factory.model.request import Request
    from factory.model.status import ReviewCard
    from factory.ports.agents import WayIn
    from factory.rules.summary import Report


class Operations(Protocol):
    """The commands of the cockpit. All wait for disk or processes: call them from a thread. All raise `SourceError`."""

    def preview(self, launch: Launch) -> Preview:
        """What `start` would make of a launch. Writes nothing."""
        ...

    def recent(self) -> Sequence[Recent]:
        """What was launched before, newest first."""
        ...

    def requests(self) -> Sequence[Request]:
        """Tasks of mission control that no run has taken; empty when there is no mission control."""
        ...

    def start(self, launch: Launch) -> Any:
        """Start a run; the answer names it (`run`, `state`, `created`)."""
        ...

    def verify(self, run: str) -> Any:
        """Send the result to the verifier."""
        ...

    def review(self, run: str) -> ReviewCard:
        """What has to be seen before deciding."""
        ...

    def cost_review(self, run: str) -> CostCard:
        """What has to be seen before a cap that was asked for is decided."""
        ...

    def approve(self, run: str, digest: str, viewed: Sequence[str], open_ms: int) -> Any:
        """Approve exactly the package, or the cap that was asked for, with this digest."""
        ...

    def reject(self, run: str, reason: str, digest: str) -> Any:
        """Reject exactly what has this digest: a package is built again, a cap stays as it is."""
        ...

    def allow(self, permission: str, always: bool) -> Any:
        """Let an agent do what it asked for, once or for the rest of the run."""
        ...

    def deny(self, permission: str, words: str) -> Any:
        """Refuse what an agent asked for; it reads the words."""
        ...

    def take_over(self, run: str) -> WayIn:
        """The way into the session of the newest coder; refused (`not_ready`) while it is at work."""
        ...

    def retry(self, run: str) -> Any:
        """Try the stalled or blocked step again."""
        ...

    def cancel(self, run: str) -> Any:
        """Cancel the run and end every process of it."""
        ...

    def pause(self, run: str) -> Any:
        """Interrupt the agents and keep their work."""
        ...

    def resume(self, run: str) -> Any:
        """Go on where the run was paused."""
        ...

    def instruct(self, run: str, text: str) -> Any:
        """Leave a text for the coder's next attempt."""
        ...

    def cap(self, run: str, micros: int, reason: str, scope: str = "run") -> Any:
        """Set the cap of the run or of its `thread`, micro-USD; or ask for it at a cost review (`event`)."""
        ...

    def land(self, run: str) -> Any:
        """Make one branch with the approved result in the operator's repository (`branch`, `commit`)."""
        ...

    def report(self) -> Report:
        """The metrics of all runs; the same object as long as nothing has changed."""
        ...

    def measured(self) -> tuple[int, int]:
        """How many runs `report` has measured so far, of how many; it never waits."""
        ...

    def requeue(self, item: str) -> Any:
        """Queue a dead write to another system again."""
        ...
