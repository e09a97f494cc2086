"""The incoming side of the mirror: what changes in a Mission Control changes here.

The stream is connected first; then come the lists of what is live there, then the stream alone. A slow poll finds what
no event tells of. Nothing is ever written there, and no list goes deeper than its first page.
"""

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

from pydantic import ValidationError

from adapters.mission.admission import admitted
from adapters.mission.client import PAGE, MissionClient
from adapters.mission.mirror_history import History
from adapters.mission.mirror_stream import SILENT_S, Heard, Lost, Opened
from adapters.mission.mirror_tasks import MissionTasks, Trouble, ask
from adapters.mission.wire import WireTask
from factory.errors import SourceError, Unreachable
from factory.model.mission import MissionEvent, MissionTask
from factory.workflow.incoming import Incoming

LISTS = ("assigned", "inbox", "quality_review", "awaiting_owner", "in_progress", "failed", "review", "backlog")
"""What is not done; requests come first."""
DONE = 50
"""Of what is done, only the newest."""
POLL_S = 60.0
FALLBACK_S = 15.0
"""Between two polls while there is no stream."""
FIRST_S, LONGEST_S = 2.0, 60.0
"""Pause after a failure: doubles from the first to the longest."""
ABSENT = 50
"""Tasks of which no list tells any more, and that one poll asks about."""
CATCH_UP_S = 0.5
"""Between two looks at what follows from the ledger, when it was written to."""
RARELY_S = 5.0
"""The same, when nobody said so."""


class MissionMirror:
    """Takes one step after the other; `hear` may be called from any thread, all else from one.

    Args:
        client: Logs in by itself.
        incoming: Where everything goes.
        assignee: Tasks of this name concern us.
        now: Seconds that only grow.
        wall: Seconds since 1970.
        jitter: Factor for each pause between two polls.
    """

    def __init__(
        self,
        client: MissionClient,
        incoming: Incoming,
        assignee: str,
        now: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        jitter: Callable[[], float] = lambda: random.uniform(0.9, 1.1),
    ) -> None:
        self._client = client
        self._incoming = incoming
        self._assignee = assignee
        self._now = now
        self._wall = wall
        self._jitter = jitter
        self._tasks = MissionTasks(client, incoming, assignee, now)
        self._heard: deque[Heard] = deque()
        self._is_news = threading.Event()
        self._version = ""
        self._has_stream = False
        self._lost_at = now()
        self._silent_since = ""
        self._poll_at = now()
        self._caught_up_at = now() - CATCH_UP_S
        self._has_stirred = True
        self._failures = 0
        self._history = History(client, wall)

    def hear(self, heard: Heard) -> None:
        """Something came over the stream."""
        self._heard.append(heard)
        self._is_news.set()

    def wait(self, seconds: float) -> None:
        """Wait until something comes over the stream, or for so long."""
        self._is_news.wait(seconds)

    def step(self) -> float:
        """Do what is due; returns the seconds until there is more to do.

        Raises:
            SourceError: the ledger failed. What was heard and is not in it is looked for again by the next step.
        """
        try:
            self._take_in()
        except Trouble as trouble:
            self._failed(trouble.error)
        except SourceError:
            self._poll_at = self._now()
            raise
        if self._catch_up_in_s() <= 0:
            self._has_stirred = False
            self._incoming.catch_up()
            self._caught_up_at = self._now()
        until_poll = max(0.0, self._poll_at - self._now())
        until_hint = self._tasks.next_in_s() if self._version else until_poll
        return min(until_poll, until_hint, self._catch_up_in_s())

    def _catch_up_in_s(self) -> float:
        return max(0.0, self._caught_up_at + (CATCH_UP_S if self._has_stirred else RARELY_S) - self._now())

    def stir(self) -> None:
        """The ledger was written to; from any thread."""
        if not self._has_stirred:
            self._has_stirred = True
            self._is_news.set()

    def wake(self) -> None:
        """Let whoever waits go on."""
        self._is_news.set()

    def _take_in(self) -> None:
        self._listen()
        if self._now() >= self._poll_at:
            self._poll()
        if self._version:
            self._tasks.follow()

    def _listen(self, is_late: bool = False) -> None:
        """Take in what was heard. Of several whole pictures of a task only the last one counts.

        Args:
            is_late: Pictures may be older than what was read meanwhile; then they are hints.
        """
        whole: dict[int, MissionTask] = {}
        for heard in self._drained():
            if isinstance(heard, MissionEvent):
                self._react(heard, whole)
            else:
                self._switch(heard)
        for task in whole.values():
            if is_late and self._tasks.knows(task.id):
                self._tasks.hint(task.id)
            else:
                self._tasks.take(task)

    def _drained(self) -> Iterator[Heard]:
        self._is_news.clear()
        while self._heard:
            yield self._heard.popleft()

    def _switch(self, heard: Opened | Lost) -> None:
        """The stream is there, and what was missed is looked for at once; or it is not."""
        was, self._has_stream = self._has_stream, isinstance(heard, Opened)
        if self._has_stream:
            self._poll_at = self._now()
        elif was:
            self._lost_at, self._silent_since = self._now(), _time(self._wall())
            self._poll_at = min(self._poll_at, self._now() + FALLBACK_S)

    def _react(self, event: MissionEvent, whole: dict[int, MissionTask]) -> None:
        if event.type in ("task.created", "task.updated") and (task := _whole(event)):
            whole[task.id] = task
        elif event.type == "task.deleted":
            whole.pop(event.task, None)
            self._tasks.gone(event.task)
        elif event.type.startswith("task."):
            self._tasks.hint(event.task)
        elif event.type == "activity.created":
            kind, who = event.data.get("type"), event.data.get("actor")
            self._note(event.task, str(kind), str(who or ""))

    def _note(self, task: int, kind: str, who: str) -> None:
        """A line of the server's history."""
        if kind == "comment_added":
            self._tasks.talk(task)
        else:
            self._tasks.changed_by(task, who)
        if kind == "quality_review":
            self._tasks.hint(task)

    def _poll(self) -> None:
        """Everything once: who we are, what is live, what happened since."""
        began = self._now()
        self._poll_at = began + (POLL_S if self._has_stream else FALLBACK_S) * self._jitter()
        user, version = ask(lambda: admitted(self._client))
        self._tasks.me, latency_ms = user.name, int((self._now() - began) * 1000)
        lines = self._history.fresh(self._incoming.seen.since)
        for line in lines:
            self._tasks.changed_by(line.task, line.actor)
        listed = self._listed()
        self._tasks.absent(listed, ABSENT)
        self._version = version
        self._listen(is_late=True)
        for line in lines:
            if line.task not in listed:
                self._note(line.task, line.type, line.actor)
        self._failures = 0
        self._incoming.requests.try_again()
        self._has_stirred = True
        self._say_how_it_is(latency_ms)

    def _listed(self) -> set[int]:
        """Numbers of all tasks that the lists tell of; each list is taken in as it comes, as a whole."""
        found: set[int] = set()
        for status, most in (*((status, PAGE) for status in LISTS), ("done", DONE)):
            tasks = ask(partial(self._client.tasks, status, self._assignee, most))
            self._tasks.take_list(tasks)
            found.update(task.id for task in tasks)
        return found

    def _say_how_it_is(self, latency_ms: int) -> None:
        if self._has_stream or self._now() - self._lost_at < SILENT_S:
            self._incoming.seen.up(latency_ms, self._version)
            return
        since = f" since {self._silent_since}" if self._silent_since else ""
        detail = f"The event stream is silent{since}; it is asked every {FALLBACK_S:.0f} s instead."
        self._incoming.seen.degraded(detail, self._version)

    def _failed(self, error: SourceError) -> None:
        """The server failed. It is down when it does not even say who we are."""
        self._failures += 1
        pause_s = min(LONGEST_S, FIRST_S * 2 ** min(self._failures - 1, 10)) * self._jitter()
        asked_s = error.after_s if isinstance(error, Unreachable) else 0.0
        self._poll_at = self._now() + max(pause_s, asked_s)
        try:
            ask(lambda: admitted(self._client))
        except Trouble as trouble:
            self._incoming.seen.down(trouble.error)
        else:
            self._incoming.seen.degraded(error.message, self._version)


def _whole(event: MissionEvent) -> MissionTask | None:
    """The task of an event that tells all of it; some tell a few fields."""
    try:
        return WireTask.model_validate(event.data).to_domain()
    except ValidationError:
        return None


def _time(second: float) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%H:%M:%S UTC")
