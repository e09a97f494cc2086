"""The factory's operations bound to one set of ports, for the screens. The command line calls the same functions."""

from collections.abc import Sequence

from factory.model.cost_card import CostCard
from factory.model.launch import Launch, Preview, Recent
from factory.model.outbox import OutboxItem
from factory.model.request import Request
from factory.model.status import ReviewCard
from factory.operations import (
    cap,
    cost_review,
    decide,
    inspect,
    land,
    permissions,
    ready,
    recall,
    retry,
    start,
    taking_over,
    verbs,
    verify,
)
from factory.operations.reporting import Reporting
from factory.operations.results import Approved, Done, Landed, Started
from factory.ports.agents import WayIn
from factory.ports.bundle import Ports
from factory.rules.summary import Report


class BoundOperations:
    """`cockpit.operations.Operations` over the factory.

    Args:
        ports: As the wiring filled them; the actor is in there.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._measuring = Reporting(ports)

    def preview(self, launch: Launch) -> Preview:
        """What `start` would make of a launch. Writes nothing."""
        return ready.preview(self._ports, launch)

    def recent(self) -> Sequence[Recent]:
        """What was launched before, newest first."""
        return recall.recent(self._ports)

    def requests(self) -> Sequence[Request]:
        """Tasks that people put into mission control and that no run has taken, oldest first."""
        return inspect.requests(self._ports)

    def start(self, launch: Launch) -> Started:
        """Start a run."""
        return start.start(self._ports, launch)

    def verify(self, run: str) -> Done:
        """Send the result to the verifier."""
        return verify.verify(self._ports, run)

    def review(self, run: str) -> ReviewCard:
        """What has to be seen before deciding."""
        return decide.review(self._ports, run)

    def approve(self, run: str, digest: str, viewed: Sequence[str], open_ms: int) -> Approved:
        """Approve exactly the package, or the cap that was asked for, with this digest."""
        return decide.approve(self._ports, run, digest, "cockpit", tuple(viewed), open_ms)

    def cost_review(self, run: str) -> CostCard:
        """What has to be seen before a cap that was asked for is decided."""
        return cost_review.card(self._ports, run)

    def reject(self, run: str, reason: str, digest: str) -> Done:
        """Reject exactly what has this digest."""
        return decide.reject(self._ports, run, reason, "cockpit", digest)

    def allow(self, permission: str, always: bool) -> Done:
        """Let an agent do what it asked for, once or for the rest of the run."""
        return permissions.allow(self._ports, permission, always)

    def deny(self, permission: str, words: str) -> Done:
        """Refuse what an agent asked for; it reads the words."""
        return permissions.deny(self._ports, permission, words)

    def take_over(self, run: str) -> WayIn:
        """The way into the session of the newest coder."""
        return taking_over.take_over(self._ports, run)

    def retry(self, run: str) -> Done:
        """Try the stalled or blocked step again."""
        return retry.retry(self._ports, run)

    def cancel(self, run: str) -> Done:
        """Cancel the run and end every process of it."""
        return verbs.cancel(self._ports, run)

    def pause(self, run: str) -> Done:
        """Interrupt the agents and keep their work."""
        return verbs.pause(self._ports, run)

    def resume(self, run: str) -> Done:
        """Go on where the run was paused."""
        return verbs.resume(self._ports, run)

    def instruct(self, run: str, text: str) -> Done:
        """Leave a text for the coder's next attempt."""
        return verbs.instruct(self._ports, run, text)

    def cap(self, run: str, micros: int, reason: str, scope: str = "run") -> Done:
        """Set a cap, micro-USD; or ask for it at a cost review, which `event` says then."""
        return cap.cap(self._ports, run, micros, scope, reason, True)

    def land(self, run: str) -> Landed:
        """Make one branch with the approved result in the operator's repository."""
        return land.land(self._ports, run)

    def report(self) -> Report:
        """The metrics of all runs; one thread measures at a time."""
        return self._measuring.report()

    def measured(self) -> tuple[int, int]:
        """How many runs are measured, of how many."""
        return self._measuring.progress

    def requeue(self, item: str) -> OutboxItem:
        """Queue a dead write to another system again."""
        return inspect.requeue(self._ports, item)
