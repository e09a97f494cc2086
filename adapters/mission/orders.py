"""What an outbox item asks for, read from its payload; and how we name what is there."""

import re
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Json, ValidationError

from factory.errors import Refused
from factory.model.outbox import OutboxItem
from factory.rules.mentions import escaped

TASK_OPS = ("goal", "cancel", "step", "gate")
_CUT = "…"


class _Order(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    """Of the goal, step, gate, attempt, message or approval here."""
    parent: str = ""
    """Run whose goal it belongs to; it is the goal's order key too."""
    task: str = ""
    """Reference of a task there that the goal was launched from."""


class TaskOrder(_Order):
    """A task as it is to be; see `factory.rules.mission`."""

    title: str
    description: str = ""
    status: str
    priority: str = "medium"
    tags: str = ""
    """Words with spaces between them."""
    outcome: str = ""
    error: str = ""
    resolution: str = ""
    notes: str = ""
    """Of the review without which nothing is `done`."""
    metadata: Json[dict[str, Any]]
    beat: str = ""
    """A time: nothing else is new."""


class DecisionOrder(_Order):
    """A verdict that was given here."""

    gate: str
    verdict: str
    notes: str


class RunOrder(_Order):
    """An attempt as a run."""

    fields: Json[dict[str, Any]]


class MessageOrder(_Order):
    """A message as a comment."""

    text: str


O = TypeVar("O", bound=_Order)  # noqa: E741 - a type variable


def order_of(kind: type[O], item: OutboxItem) -> O:
    """What an item asks for. Raises `Refused` when its payload has another form."""
    try:
        return kind.model_validate_json(item.payload)
    except ValidationError as error:
        raise Refused(f"{item.id} is no {item.op} that Mission Control could take.", code="malformed") from error


def task_ref(id: int) -> str:
    """Remote reference of a task."""
    return f"tasks/{id}"


def task_id(ref: str) -> int:
    """The number of the task in a reference of ours, or as people write one (`42`, `mission:42`); 0 = there is none."""
    found = re.search(r"(?:^|tasks/|mission:|#)(\d+)", ref)
    return int(found[1]) if found else 0


def fitting(text: str, limit: int) -> str:
    """The text as the server takes it: nobody is mentioned, and it is cut to a limit that counts as JavaScript does."""
    whole = escaped(text)
    if _length(whole) <= limit:
        return whole
    room = whole[: limit - 1]
    while _length(room) > limit - 1:
        room = room[: -max(1, (_length(room) - limit + 1) // 2)]
    return room + _CUT


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
