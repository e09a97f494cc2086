"""Goals, steps and gates as tasks: made once, found again by our marker, changed only after a look at what is there."""

from collections.abc import Mapping
from typing import Any, Protocol

from adapters.mission.client import MissionClient
from adapters.mission.orders import TaskOrder, fitting
from adapters.mission.verdicts import Verdicts
from factory.errors import Missing
from factory.model.mission import MissionTask
from factory.model.outbox import OutboxItem

TITLE, TEXT = 500, 5000
TAGS = ("cockpit",)
OURS = "cockpit"
"""Key of the part of the metadata that is ours alone: `status` is what we wrote last, `id` the thing here."""
MARKER = "client_id"
GONE = "deleted"


class Contradicted(Protocol):
    """Hears of what there is and what we wrote; see `factory.workflow.contradictions`."""

    def differs(self, run: str, subject: str, ours: str, theirs: str, *, proposed: bool = False) -> None:
        """They are not the same. `proposed`: theirs is a proposal, which we are about to write over."""
        ...

    def agrees(self, run: str, subject: str) -> None:
        """They are the same again."""
        ...


class Tasks:
    """Writes tasks.

    Args:
        assignee: Ours; a task without one is taken by the first worker that polls there.
        project: Name of the project of new tasks; empty = the server's own choice.
        told: Hears of contradictions.
    """

    def __init__(
        self, client: MissionClient, verdicts: Verdicts, assignee: str, project: str, told: Contradicted
    ) -> None:
        self._client = client
        self._verdicts = verdicts
        self._assignee = assignee
        self._project = project
        self._project_id = 0
        self._told = told

    def write(self, item: OutboxItem, order: TaskOrder, id: int, parent: int) -> int:
        """Make a task, or bring it up to date; returns its number.

        Args:
            id: Of the task, as far as we know; 0 = it was never written.
            parent: Task of its goal; 0 for a goal.
        """
        task = self._there(item, order, id) or self._make(order, parent)
        self._bring_up_to_date(item, order, task, parent)
        return task.id

    def _there(self, item: OutboxItem, order: TaskOrder, id: int) -> MissionTask | None:
        if id:
            try:
                return self._client.task(id)
            except Missing:
                self._told.differs(item.run, order.id, order.status, GONE)
        return self.find(order.id) if id or item.tries > 1 else None

    def rest(self, id: int, status: str, error: str) -> None:
        """Put a task whose gate was decided where the server leaves it alone, and note that it was us."""
        task = self._client.task(id)
        ours = task.metadata.get(OURS)
        mine = {**(ours if isinstance(ours, dict) else {}), "status": status}
        wanted = {"status": status, "error_message": fitting(error, TEXT), "metadata": {**task.metadata, OURS: mine}}
        changed = {name: value for name, value in wanted.items() if value != _there_now(task, name)}
        if changed:
            self._client.update_task(id, changed)

    def find(self, marker: str) -> MissionTask | None:
        """The task that carries our marker, among the newest of ours: what was made by a call whose answer was lost."""
        for task in self._client.tasks(assigned_to=self._assignee):
            if task.metadata.get(MARKER) == marker:
                return task
        return None

    def _make(self, order: TaskOrder, parent: int) -> MissionTask:
        status = "quality_review" if order.status == "done" else order.status  # the server would let it pass its gate
        fields: dict[str, Any] = {
            "title": fitting(order.title.replace("\n", " "), TITLE) or "(no title)",
            "description": fitting(order.description, TEXT),
            "status": status,
            "priority": order.priority,
            "assigned_to": self._assignee,
            "tags": [*order.tags.split(), *TAGS, *([f"goal:{parent}"] if parent else [])],
            "metadata": _merged({}, order, status, parent),
            **_texts(order),
        }
        if self._project:
            self._project_id = self._project_id or self._client.project(self._project)
            fields["project_id"] = self._project_id
        return self._client.create_task({name: value for name, value in fields.items() if value != ""})

    def _bring_up_to_date(self, item: OutboxItem, order: TaskOrder, task: MissionTask, parent: int) -> None:
        last = _last_status(task)
        said = self._verdicts.said(task, order.id, last)
        agrees = said.kind == "same"
        is_news = agrees or last != order.status  # else theirs stays until we have something to say
        if said.kind == "other" or (said.kind == "proposal" and is_news):  # one that stays is heard by who listens
            self._told.differs(item.run, order.id, last, task.status, proposed=said.kind == "proposal")
        if order.status == "done" and last != "done":
            self._verdicts.give(task.id, "approved", order.notes, order.id)
        changed = _changed(order, task, parent, order.status if is_news else task.status, last)
        if not task.assigned_to:
            changed["assigned_to"] = self._assignee
        if changed:
            self._client.update_task(task.id, changed)
        if agrees:
            self._told.agrees(item.run, order.id)


def _changed(order: TaskOrder, task: MissionTask, parent: int, status: str, last: str) -> dict[str, Any]:
    """The fields in which a task is not as it is to be. Title and description are for people to change there."""
    written = order.status if status == order.status else last
    wanted = {"status": status, "metadata": _merged(task.metadata, order, written, parent), **_texts(order)}
    wanted = {name: value for name, value in wanted.items() if value != _there_now(task, name)}
    if wanted.get("outcome") == "":
        del wanted["outcome"]  # the server cannot clear it
    return wanted


def _merged(theirs: Mapping[str, Any], order: TaskOrder, status: str, parent: int) -> dict[str, Any]:
    """Their metadata with ours in it: the server replaces it as a whole. Links of others stay."""
    ours = dict(order.metadata)
    mine = {**ours.pop(OURS, {}), "id": order.id, "status": status}
    if order.beat:
        mine["beat"] = order.beat
    if "evidence" in ours:
        known = [link.get("url") for link in ours["evidence"]]  # theirs may be anything, and not hashable
        others = theirs.get("evidence")
        others = others if isinstance(others, list) else []
        kept = [link for link in others if not isinstance(link, dict) or link.get("url") not in known]
        ours["evidence"] = [*kept, *ours["evidence"]]
    if parent:
        ours["parent_task_id"] = parent
    if MARKER not in theirs:
        ours[MARKER] = order.id
    return {**theirs, **ours, OURS: mine}


def _texts(order: TaskOrder) -> dict[str, str]:
    return {
        "error_message": fitting(order.error, TEXT),
        "resolution": fitting(order.resolution, TEXT),
        "outcome": order.outcome,
    }


def _there_now(task: MissionTask, name: str) -> Any:
    """A value of a task, a text as it would be sent."""
    value = getattr(task, name)
    return fitting(value, TEXT) if isinstance(value, str) else value


def _last_status(task: MissionTask) -> str:
    """What we wrote last; empty for a task that we never wrote."""
    ours = task.metadata.get(OURS)
    status = ours.get("status") if isinstance(ours, dict) else ""
    return status if isinstance(status, str) else ""
