"""The mirror in a Mission Control, as a target of the outbox."""

from collections.abc import Callable
from typing import Literal

from adapters.mission.admission import admitted
from adapters.mission.client import MissionClient
from adapters.mission.orders import (
    TASK_OPS,
    DecisionOrder,
    MessageOrder,
    RunOrder,
    TaskOrder,
    fitting,
    order_of,
    task_id,
    task_ref,
)
from adapters.mission.runs import write_run
from adapters.mission.tasks import TEXT, Contradicted, Tasks
from adapters.mission.verdicts import Verdicts
from factory.errors import Missing, Refused, Unreachable
from factory.model.outbox import OutboxItem
from factory.ports.knowledge import Known, nothing_known
from factory.rules.mission import MISSION
from factory.rules.outbox import NOT_YET, URGENT

_GOAL_S = 2.0

Work = Callable[[OutboxItem, Known], str]


class MissionTarget:
    """`Target`, `Probed` and `Paced` over a Mission Control. Operations: see `factory.model.outbox`.

    Args:
        client: Logs in by itself; whoever opens it closes it.
        assignee: Name that our tasks are assigned to, never empty.
        project: Of new tasks; empty = the server's own choice.
        told: Hears of contradictions.
        verdicts: Of tests with a clock of their own.
    """

    name = MISSION
    asks = "GET /api/status for its version, and GET /api/auth/me with our log-in"

    def __init__(
        self,
        client: MissionClient,
        assignee: str,
        project: str,
        told: Contradicted,
        verdicts: Verdicts | None = None,
    ) -> None:
        self._client = client
        self._verdicts = verdicts or Verdicts(client)
        self._tasks = Tasks(client, self._verdicts, assignee or "cockpit", project, told)
        self._is_admitted = False
        self._works: dict[str, Work] = {
            **dict.fromkeys(TASK_OPS, self._write_task),
            "decide": self._decide,
            "attempt": self._write_run,
            "message": self._say,
        }

    @property
    def client(self) -> MissionClient:
        """For whoever listens: one log-in is enough for both."""
        return self._client

    def ready_in_s(self, item: OutboxItem) -> float:
        """Seconds until the server's limit lets a write go; runs are not limited."""
        return 0.0 if item.op == "attempt" else self._client.pace.ready_in_s(item.op in URGENT)

    def deliver(
        self, item: OutboxItem, known: Known = nothing_known, /
    ) -> tuple[Literal["accepted", "delivered"], str]:
        """Write one item. Raises `Unreachable`, with `not_yet` while its goal is not there, and `Refused`."""
        work = self._works.get(item.op)
        if work is None:
            raise Refused(f"Mission Control cannot {item.op!r}.", code="malformed")
        self._admit()
        return "delivered", work(item, known)

    def confirm(self, item: OutboxItem) -> bool:
        """Whether it is there. Raises `Refused` when it is not."""
        id = task_id(item.remote_ref)
        try:
            if not id:
                raise Missing(f"{item.id} never arrived.")
            self._client.task(id)
        except Missing as error:
            raise Refused(f"Mission Control does not have {item.remote_ref or item.id}.", code="gone") from error
        return True

    def probe(self) -> str:
        """The server's version, when it lets us in and takes what we write. Raises `Unreachable`."""
        if self._client.pace.is_refused:  # a read would succeed, and say that all is well
            raise Unreachable("Mission Control takes no more writes for now.", code="busy")
        return self._let_in()

    def close(self) -> None:
        """Give back the connection."""
        self._client.close()

    def _admit(self) -> None:
        """Make sure, once, that this server is one we know, and that we may write there."""
        if not self._is_admitted:
            self._let_in()
            self._is_admitted = True

    def _let_in(self) -> str:
        return admitted(self._client)[1]

    def _write_task(self, item: OutboxItem, known: Known) -> str:
        order = order_of(TaskOrder, item)
        parent = self._goal(order.parent, "", known) if order.parent else 0
        id = task_id(known(item.order_key)) or task_id(order.task)
        return task_ref(self._tasks.write(item, order, id, parent))

    def _decide(self, item: OutboxItem, known: Known) -> str:
        """The verdict, and then the task at rest: what was rejected would go on there by itself."""
        order = order_of(DecisionOrder, item)
        if order.verdict not in ("approved", "rejected"):
            raise Refused(f"{order.verdict!r} is no verdict.", code="malformed")
        id = self._known_task(known(item.order_key))
        is_yes = order.verdict == "approved"
        self._verdicts.give(id, "approved" if is_yes else "rejected", order.notes, order.gate)
        self._tasks.rest(id, "done" if is_yes else "failed", "" if is_yes else order.notes)
        return task_ref(id)

    def _write_run(self, item: OutboxItem, known: Known) -> str:
        order = order_of(RunOrder, item)
        goal = self._goal(order.parent, order.task, known)
        return write_run(self._client, item, order, goal, is_there=bool(known(item.order_key)))

    def _say(self, item: OutboxItem, known: Known) -> str:
        """A comment; one whose answer was lost is found again by the mark at its end."""
        order = order_of(MessageOrder, item)
        goal = self._goal(order.parent, order.task, known)
        mark = f"\n\n[{order.id}]"
        said = self._client.comments(goal) if item.tries > 1 else ()
        there = next((comment for comment in said if comment.text.endswith(mark)), None)
        comment = there or self._client.comment(goal, fitting(order.text, TEXT - len(mark)) + mark)
        return f"{task_ref(goal)}#comment-{comment.id}"

    def _goal(self, run: str, launched_from: str, known: Known) -> int:
        return self._known_task(known(run) or launched_from)

    def _known_task(self, ref: str) -> int:
        id = task_id(ref)
        if not id:
            raise Unreachable("Its task is not in Mission Control yet.", code=NOT_YET, after_s=_GOAL_S)
        return id
