"""What the worker does again and again: apply commands, look for what hangs, end when nobody needs it."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from adapters.engine.broken import Broken, broken_runs
from adapters.engine.commands import Engine, apply_pending
from adapters.engine.deliveries import Deliveries
from adapters.engine.lock import Holder, WorkerLock
from adapters.engine.news import News
from adapters.engine.open_runs import open_runs
from adapters.engine.presence import is_somebody_here
from adapters.engine.stirring import Stirring
from adapters.engine.work import Work, WorkerSettings
from factory.errors import SourceError

_FAST_S, _SLOW_S = 0.05, 0.2
_AFTER_ERROR_S = 1.0
_REST = 20
"""With thousands of runs a look takes long; it rests that many times longer."""

_log = logging.getLogger(__name__)


class Launched(Protocol):
    """What a turn needs of the engine's host."""

    @property
    def runs(self) -> Engine:
        """Starts and wakes runs."""
        ...

    @property
    def version(self) -> str:
        """Our workflow version."""
        ...

    @property
    def is_launched(self) -> bool:
        """False after a `relaunch` that failed."""
        ...

    @property
    def busy(self) -> int:
        """Builds and verifications that are running now."""
        ...

    def lost(self) -> frozenset[str]:
        """Workflows that run only in the engine's belief."""
        ...

    def relaunch(self) -> None:
        """Take up again everything that runs, or should."""
        ...


class Turns:
    """The worker's loop.

    Args:
        settings: Times and places.
        work: From the factory.
        host: The engine, launched.
        lock: Held by this worker.
        me: What the lock says now.
    """

    def __init__(self, settings: WorkerSettings, work: Work, host: Launched, lock: WorkerLock, me: Holder) -> None:
        self._settings = settings
        self._work = work
        self._host = host
        self._lock = lock
        self._me = me
        self._pause_s = _FAST_S
        self._looked_at = self._needed_at = time.monotonic()
        self._told: set[Broken] = set()
        self._lost: dict[str, float] = {}
        self._problem = ""
        self._ledger = Stirring(settings.ledger)
        self._news = News(work.ports.ledger)
        self._has_stirred = True
        self.is_over = False
        """Nobody has needed this worker for long enough."""
        self.deliveries = self._new_deliveries()
        self._start_aside()

    def go_on(self, is_stopped: Callable[[], bool]) -> None:
        """Take one turn after the other, until it is stopped or nobody needs this worker."""
        self._say(ready=True)
        while not self.is_over and not is_stopped():
            self._has_stirred |= self._ledger.wait(self.take())
        self._say(ready=False)

    def take(self) -> float:
        """One turn; returns the seconds until the next."""
        try:
            applied = apply_pending(self._work.ports, self._host.runs)
            self._say(agents=self._host.busy)
            if self._has_stirred:
                self._tell_news()
            if time.monotonic() >= self._looked_at + self._settings.look_s:
                self._look()
        except SourceError as error:
            return self._hold_on(error)
        self._problem = ""
        self._pause_s = _FAST_S if applied else min(self._pause_s * 1.2, _SLOW_S)
        return self._pause_s

    def _tell_news(self) -> None:
        """Wake whoever writes to another system, or listens to one, and has something to do by now."""
        self._has_stirred = False
        targets = self._news.targets()
        for target in targets:
            self.deliveries.ring(target)
        for aside in self._work.aside if targets else ():
            aside.ring()

    def _look(self) -> None:
        began = time.monotonic()
        runs = open_runs(self._work.ports.ledger)
        self._tell_of_broken(runs)
        self._take_up_lost()
        self.deliveries.revive()
        self._start_aside()
        if runs or is_somebody_here(self._settings.home):
            self._needed_at = began
        elif began - self._needed_at >= self._settings.idle_exit_s:
            self.is_over = self._may_close()
        now = time.monotonic()
        self._looked_at = now + _REST * (now - began)

    def _tell_of_broken(self, runs: tuple[str, ...]) -> None:
        for broken in broken_runs(runs, self._work.ports.ledger, self._host.runs, self._host.version):
            if broken not in self._told:
                _log.error("Run %s does not go on: %s", broken.run, broken.why)
                self._work.on_broken(broken.run, broken.why)
                self._told.add(broken)

    def _take_up_lost(self) -> None:
        if not self._host.is_launched:
            self._host.relaunch()
        now = time.monotonic()
        self._lost = {workflow: self._lost.get(workflow, now) for workflow in self._host.lost()}
        if any(
            now - since >= self._settings.lost_s for since in self._lost.values()
        ):  # no moment of a beginning or end
            _log.warning("Nobody works on %s any more; launching the engine again.", ", ".join(sorted(self._lost)))
            self._lost = {}
            self._host.relaunch()

    def _may_close(self) -> bool:
        """Whether to end, after a last look: a client that was told “ready” before has left its command by now."""
        self._say(ready=False)
        if not self._work.ports.ledger.pending() and not is_somebody_here(self._settings.home):
            return True
        self._say(ready=True)
        return False

    def _hold_on(self, error: SourceError) -> float:
        if error.message != self._problem:
            _log.warning("The worker holds on: %s", error.message)
        self._problem = error.message
        return _AFTER_ERROR_S

    def _say(self, **changes: object) -> None:
        me = replace(self._me, **changes)  # type: ignore[arg-type]  # the names are those of Holder
        if me != self._me:
            self._lock.say(me)
            self._me = me

    def stop(self, patience_s: float) -> None:
        """End what goes on beside the turns; what takes longer is taken up by the next worker."""
        self.deliveries.stop(patience_s)
        for aside in self._work.aside:
            aside.stop(patience_s)

    def _start_aside(self) -> None:
        for aside in self._work.aside:
            aside.start()

    def _new_deliveries(self) -> Deliveries:
        ports, deliver_due = self._work.ports, self._work.deliver_due
        deliveries = Deliveries(lambda target: deliver_due(ports, ports.clock.now(), target), ports.targets)
        deliveries.start()
        return deliveries
