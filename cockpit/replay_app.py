"""The cockpit over a recorded run: the same screens, at one moment after the other. Nothing is watched or changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, NoReturn

from cockpit.app import CockpitApp
from cockpit.attention import Attention
from cockpit.dead_keys import CHANGING, IN_REPLAY
from cockpit.moment import Moment
from cockpit.output import LOG, NOT_RECORDED, UNKNOWN, tail
from cockpit.player import Player
from cockpit.replay_feed import ReplayFeed
from cockpit.written_by import length_at
from factory.errors import Refused
from factory.ports.worker import WorkerState

if TYPE_CHECKING:
    from cockpit.feeds import Ages
    from cockpit.store import Snapshot
    from factory.model.status import Status
    from factory.model.step import Attempt
    from factory.model.view import RunView
    from factory.ports.flight import Flight

READS = frozenset({"cost_review", "measured", "preview", "recent", "report", "requests", "review"})
"""Operations that change nothing, and read more than one run at one moment."""
NOT_IN_IT = "This is the recording of one run, and that is not in it."
TURN_S = 0.1
"""Between two looks at the time while it plays."""


class ReplayApp(CockpitApp):
    """The cockpit of one recorded run.

    Args:
        flight: The run; nobody else moves it.
        evidence: Folder of its evidence, as far as it is there.
        read_status: Makes the eight fields of the run, at a time.
        speed: How many times as fast as it was it plays.
        monotonic: Seconds that only grow.
        rest: Called once, in a thread, when the first picture is there; what it answers is said.
        more: What every cockpit takes.
    """

    TITLE = "Cockpit replay"

    def __init__(
        self,
        flight: Flight,
        evidence: Path,
        read_status: Callable[[RunView, Ages, str], Status],
        speed: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
        rest: Callable[[], str] | None = None,
        **more: Any,
    ) -> None:
        player = Player(flight.moments, flight.place, speed, monotonic, flight.at)

        def read(view: RunView, ages: Ages) -> Status:
            return read_status(view, ages, flight.at)

        super().__init__(
            ports=Past(flight, player),
            operations=Unchangeable(),
            read_status=read,
            evidence_root=evidence.parent,
            monotonic=monotonic,
            **more,
        )
        self.player: Player = player
        self._evidence = evidence
        self._rest = rest
        self.store.change(wanted=flight.run)
        self.ledger_feed = self._replay_feed = ReplayFeed(
            flight, self.store, read, lambda: (player.event.seq, player.now())
        )
        self.attention = Calm(self, "off")
        self._strip_it()

    def remap(self, keys: Mapping[str, str]) -> None:
        """Take another key table. What is refused here opens nothing: what is typed after it is not held, or lost."""
        super().remap(keys)
        self._ahead.know(key for key in self.keys if key.action.partition("(")[0] not in CHANGING)

    def start_feeds(self) -> None:
        """Only the recording is read."""
        self.run_feed(self._replay_feed, self.store)
        self.set_interval(TURN_S, self.play_on)

    def evidence_of(self, run: str) -> Path:
        """The folder with the evidence of the run, wherever it was unpacked."""
        return self._evidence

    def written(self, attempt: Attempt, file: Path) -> int | None:
        """As much as was there at the moment that is shown."""
        if attempt.ended_at:
            return None
        length = length_at(file, self.player.now())
        return UNKNOWN if length is None else length

    def tail_of(self, attempt: Attempt, limit: int) -> str:
        """The end of that; of an older run a sentence."""
        until = self.written(attempt, Path(attempt.folder) / LOG)
        if until is None:
            return super().tail_of(attempt, limit)
        return NOT_RECORDED if until == UNKNOWN else tail(attempt.folder, limit, until)

    @property
    def is_shown(self) -> bool:
        """Whether the wanted moment is on screen."""
        return self._replay_feed.shown == self.player.event.seq and self.is_drawn

    def play_on(self) -> None:
        """Let time go on while it plays."""
        if self.player.is_playing:
            self.player.go_on()
            self.moved()

    def moved(self) -> None:
        """The player is at another moment, or does something else there: follow it."""
        self._strip_it()
        self.look_now()
        if self.is_shown:
            self.moment = self._time()

    async def run_action(
        self, action: Any, default_namespace: Any = None, namespaces: Mapping[str, Any] | None = None
    ) -> bool:
        """Do what a key is for, or say why that is not possible here (Textual's hook)."""
        name = action.partition("(")[0] if isinstance(action, str) else action[1]
        if name in CHANGING:
            self.say(IN_REPLAY, "warn")
            return True
        return await super().run_action(action, default_namespace, namespaces)

    def _tick(self) -> None:
        if not self.moment.now or self.is_shown:
            self.moment = self._time()
        self.forget_said()

    def _paint_now(self) -> None:
        self.moment = self._time()  # with the picture: ages are those of its moment
        super()._paint_now()
        if self._rest and self._replay_feed.shown:
            # A thread of its own that nobody waits for: who leaves need not hear of it.
            Thread(target=self._finish, args=(self._rest,), name="replay", daemon=True).start()
            self._rest = None

    def _finish(self, rest: Callable[[], str]) -> None:
        if said := rest():
            with suppress(RuntimeError):  # the screen was left meanwhile
                self.call_from_thread(self.say, said, "bad")

    def _time(self) -> Moment:
        return Moment(self.player.now(), self.monotonic())

    def _strip_it(self) -> None:
        self.strip = self.player.strip()


@dataclass(frozen=True)
class Past:
    """What a replay reads: the recorded ledger, and the time of the moment that is shown."""

    ledger: Flight
    clock: Any
    """Tells the time, and makes no ids: nothing new is made here."""

    @property
    def workers(self) -> NoWorkers:
        """None."""
        return NoWorkers()


class NoWorkers:
    """Workers of a home that is none."""

    def ensure(self) -> WorkerState:
        """None is started."""
        return WorkerState(False)

    def state(self) -> WorkerState:
        """None runs."""
        return WorkerState(False)

    def stop(self) -> bool:
        """There is nothing to stop."""
        return False


class Unchangeable:
    """Operations of a recording: each of them refuses."""

    def __getattr__(self, name: str) -> Callable[..., NoReturn]:
        def refuse(*_: Any, **__: Any) -> NoReturn:
            raise Refused(NOT_IN_IT if name in READS else IN_REPLAY, "Open the cockpit for that: cockpit", "recorded")

        return refuse


class Calm(Attention):
    """Calls nobody: what needs a person in a recording needed one then."""

    def title_of(self, snapshot: Snapshot) -> str:
        """That it is a replay."""
        return "cockpit replay"

    def tick(self) -> None:
        """Nothing is new."""
