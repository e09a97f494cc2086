"""Watching a working agent: two clocks that only mark its step as stalled, and what a driven one tells and asks."""

from collections.abc import Mapping

from factory.model.definition import Clocks
from factory.model.run import Run
from factory.model.step import Attempt, Gauge, Step
from factory.ports.agents import Live
from factory.ports.ledger import Transaction
from factory.rules.stall import silence_clock, stalled
from factory.workflow.attempts import reason_to_end
from factory.workflow.flow import WORKER, Flow, move_telling
from factory.workflow.telling import Telling

BEAT_S = 5.0
"""How often a sign of life goes to the ledger."""


class Watch:
    """`Progress` of one attempt: heartbeats, `stalled` when it is silent, `running` again when it moves.

    Args:
        flow: The run.
        attempt: The attempt as it was started.
        clocks: The limits of the run.
    """

    def __init__(self, flow: Flow, attempt: Attempt, clocks: Clocks) -> None:
        self._flow = flow
        self._attempt = attempt
        self._clocks = clocks
        self._is_stalled = False
        self._calls = 0
        self._gauge = Gauge()
        self._telling: Telling | None = None

    def alive(self, silent_s: float, output_bytes: int) -> None:
        """Compare the silence with the limits (called about once a second)."""
        self._end_unwanted()
        self._calls += 1
        if self._calls % int(BEAT_S) == 1:
            now = self._flow.ports.clock.now()
            moving = now if silent_s < BEAT_S else ""
            self._flow.ports.ledger.beat(self._attempt.id, now, moving)
        is_waiting = self._telling is not None and self._telling.is_waiting
        is_stalled = not is_waiting and stalled(silent_s, output_bytes, self._clocks)
        if is_stalled != self._is_stalled:
            self._is_stalled = is_stalled
            if is_stalled:
                clock = silence_clock(output_bytes)
                self._mark("stall", f"silent for {silent_s:.0f} s", {"attempt": self._attempt.id, "clock": clock})
            else:
                self._mark("progress", "", {})

    def saw(self, live: Live) -> None:
        """Note what a driven agent has spent, what it asks for, and hand on what it is told."""
        if self._telling is None:
            folder = self._flow.ports.ledger.get(Attempt, self._attempt.id).folder
            self._telling = Telling(self._flow, self._attempt.id, folder)
        if live.gauge != self._gauge:
            self._gauge = live.gauge
            now = self._flow.ports.clock.now()
            self._flow.ports.ledger.beat(self._attempt.id, now, now, live.gauge, live.session)
        self._telling.saw(live)

    def _end_unwanted(self) -> None:
        """End it when nobody wants it any more: the operator's wish may have come just before its process did."""
        ledger, attempt = self._flow.ports.ledger, self._attempt
        reason = reason_to_end(ledger.get(Run, self._flow.run), ledger.get(Attempt, attempt.id))
        if reason:
            self._flow.ports.agents.stop(attempt.run, attempt.step, reason)

    def _mark(self, event: str, reason: str, told: Mapping[str, str]) -> None:
        wanted = "running" if event == "stall" else "stalled"

        def work(tx: Transaction) -> None:
            step = tx.get(Step, self._attempt.step)
            if step.state == wanted:
                move_telling(tx, step, event, told, state_reason=reason)

        self._flow.ports.ledger.write(WORKER, work)
