"""The tasks that concern us, as they were seen last: only what changed goes on to the ledger."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from adapters.mission.client import MissionClient
from adapters.mission.mirror_hints import Hints
from factory.errors import Missing, SourceError
from factory.model.mission import MissionReview, MissionTask
from factory.rules.requests import OURS
from factory.workflow.incoming import Incoming
from factory.workflow.proposing import Subject

T = TypeVar("T")

AT_ONCE = 20
"""Tasks that are fetched one by one before anything else is listened to."""


MOST_NAMES = 1000
"""Of those who changed tasks; nearly all of them are not ours."""


class Trouble(Exception):
    """The server failed; what the ledger raises is another matter.

    Attributes:
        error: What it was.
    """

    def __init__(self, error: SourceError) -> None:
        super().__init__(error.message)
        self.error = error


def ask(call: Callable[[], T]) -> T:
    """The answer of the server. Raises `Trouble`."""
    try:
        return call()
    except SourceError as error:
        raise Trouble(error) from error


def found(call: Callable[[], T]) -> T | None:
    """The same, of something that may be there no more."""
    try:
        return ask(call)
    except Trouble as trouble:
        if isinstance(trouble.error, Missing):
            return None
        raise


class MissionTasks:
    """For one thread. Methods raise `Trouble`, and what the ledger raises.

    Args:
        assignee: Tasks of this name concern us, and those that we marked.
        now: Seconds that only grow.
    """

    def __init__(self, client: MissionClient, incoming: Incoming, assignee: str, now: Callable[[], float]) -> None:
        self._client = client
        self._incoming = incoming
        self._assignee = assignee
        self._now = now
        self._known: dict[int, MissionTask] = {}
        self._runs: dict[int, str] = {}
        """Tasks of ours -> the run that each belongs to."""
        self._counts: dict[int, int] = {}
        """Tasks of ours -> how many comments they had when those were read, or were too old to be."""
        self._by: dict[int, str] = {}
        self._hints, self._talks = Hints(), Hints()
        self.me = ""
        """Our name there."""

    def take(self, task: MissionTask, is_asked: bool = False) -> None:
        """A task as it is now; how many comments it has is not told.

        Args:
            is_asked: It concerned us, whatever it says now.
        """
        self._hints.drop(task.id)
        if is_asked or self._concerns(task):
            self._take_in([replace(task, comment_count=0)], {})

    def take_list(self, tasks: Sequence[MissionTask]) -> None:
        """Tasks as a list tells of them, which counts their comments."""
        for task in tasks:
            self._hints.drop(task.id)
        ours = [task for task in tasks if self._concerns(task)]
        counts = {task.id: task.comment_count for task in ours}
        self._take_in([replace(task, comment_count=0) for task in ours], counts)
        for id, count in counts.items():
            if count != self._counts.get(id, count):
                self._counts[id] = count
                self.talk(id)

    def _concerns(self, task: MissionTask) -> bool:
        return OURS in task.metadata or task.assigned_to == self._assignee or task.id in self._known

    def _take_in(self, tasks: Sequence[MissionTask], counts: Mapping[int, int]) -> None:
        """Hand on those that are not as they were; a task counts as seen once the ledger has it."""
        changed = [task for task in tasks if self._known.get(task.id) != task]
        subjects = self._incoming.take(changed, self.me, lambda id: self._by.get(id, ""), self._reviews)
        for task, subject in zip(changed, subjects, strict=True):
            self._by.pop(task.id, None)
            self._known[task.id] = task
            if subject is not None:
                self._belongs(task.id, subject, counts.get(task.id))

    def _belongs(self, id: int, subject: Subject, comments: int | None) -> None:
        """A task is ours. What was said at it before we knew counts too, unless its run is over."""
        if id in self._runs:
            return
        self._runs[id] = subject.run
        self._counts[id] = comments or 0
        if subject.is_open and comments != 0:
            self.talk(id)

    def gone(self, id: int) -> None:
        """A task was deleted."""
        self._incoming.gone(id, self._known.pop(id, None))
        self._runs.pop(id, None)
        self._hints.drop(id)
        self._talks.drop(id)

    def hint(self, id: int) -> None:
        """A task may have changed. One that does not concern us is not looked at."""
        if id in self._known:
            self._hints.add(id, self._now())

    def talk(self, id: int) -> None:
        """Somebody may have said something at a task."""
        if id in self._runs:
            self._talks.add(id, self._now())

    def changed_by(self, id: int, who: str) -> None:
        """Who did something to a task; the change itself comes next."""
        self._by[id] = who
        if len(self._by) > MOST_NAMES:
            del self._by[next(iter(self._by))]

    def knows(self, id: int) -> bool:
        """Whether a task was seen before."""
        return id in self._known

    def follow(self) -> None:
        """Fetch what hints are due for."""
        for id in self._hints.take(self._now(), AT_ONCE):
            self._retried(self._hints, id, self._fetch)
        for id in self._talks.take(self._now(), AT_ONCE):
            self._retried(self._talks, id, self._read_comments)

    def absent(self, listed: set[int], most: int) -> None:
        """Look at those of which no list tells any more: finished, begun by somebody else, given away or deleted."""
        missing = [*self._incoming.requests.open_tasks(), *self._known]
        for id in list(dict.fromkeys(id for id in missing if id not in listed))[:most]:
            self._fetch(id)
            self._forget_or_rest(id)
        self._hints.forget_old(self._now())
        self._talks.forget_old(self._now())

    def next_in_s(self) -> float:
        """Seconds until a hint is due."""
        return min(self._hints.next_in_s(self._now()), self._talks.next_in_s(self._now()))

    def _retried(self, hints: Hints, id: int, work: Callable[[int], None]) -> None:
        try:
            work(id)
        except Trouble:
            hints.add(id, self._now())
            raise

    def _fetch(self, id: int) -> None:
        task = found(lambda: self._client.task(id))
        if task is None:
            self.gone(id)
        else:
            self.take(task, is_asked=True)

    def _forget_or_rest(self, id: int) -> None:
        """Forget a task that is done or not ours; any other one that no list tells of has its next turn last."""
        task = self._known.pop(id, None)
        if task is not None and id in self._runs and task.status != "done":
            self._known[id] = task

    def _read_comments(self, id: int) -> None:
        run = self._runs.get(id, "")
        if not run:
            return
        comments = found(lambda: self._client.comments(id))
        if comments is None:
            self.gone(id)
        else:
            self._incoming.remarks.take(run, comments)

    def _reviews(self, id: int) -> Sequence[MissionReview]:
        return found(lambda: self._client.reviews(id)) or ()
