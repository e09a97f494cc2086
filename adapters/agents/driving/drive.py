"""Drives one agent: hears it, answers it, meters it, stops it. One `Finished` comes, whatever happens."""

import asyncio
import json
import signal
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace

from adapters.agents.dialects.dialect import Decision, Dialect, Say
from adapters.agents.driving.aloud import aloud
from adapters.agents.driving.inbox import Inbox, Order
from adapters.agents.driving.orders import Orders
from adapters.agents.driving.record import Record
from adapters.agents.driving.speaking import POLITE_S, Spoken
from factory.model.agent_event import (
    AgentEvent,
    Answered,
    Ask,
    Calling,
    Finished,
    Note,
    Outcome,
    Received,
    Retry,
    Started,
    ToolCall,
    ToolResult,
    Usage,
)
from factory.rules.meter import Level, Meter, PriceOf, level
from factory.rules.permissions import for_run, ruling

TICK_S = 0.1
AUTHENTICATION = "authentication"
"""Stands in the cause of a retry that cannot help: an agent would try for minutes."""


class Drive:
    """One process of one agent.

    Args:
        price: What tokens cost.
    """

    def __init__(self, dialect: Dialect, orders: Orders, record: Record, inbox: Inbox, price: PriceOf) -> None:
        self._dialect, self._orders, self._record, self._inbox, self._price = dialect, orders, record, inbox, price
        self._talk = dialect.conversation(orders.job)
        self._meter = Meter(last_call=orders.next_call_micros)
        self._level: Level = "go"
        self._limit, self._policy = orders.limit_micros, orders.policy
        self._stopping: Outcome | None = None
        self._why, self._is_cut = "", False
        self._open_calls: set[str] = set()
        self._asked_at: dict[str, float] = {}
        self._worked_s, self._ticked, self._over_at = 0.0, time.monotonic(), 0.0
        self._ending: asyncio.Task[None] | None = None
        self._agent: Spoken

    def stop_from_outside(self) -> None:
        """Somebody ends us: take the agent along, and still leave a last word."""
        self._stop("interrupted", "ended from outside")

    async def run(self, environment: Mapping[str, str]) -> tuple[Finished, Meter]:
        """Start the agent and see it through to its end.

        Raises:
            OSError: it cannot be started.
        """
        job = self._orders.job
        self._agent = await Spoken.start(self._dialect.start(job), job.worktree, environment)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self.stop_from_outside)
        self._take(self._talk.open())
        clock = asyncio.create_task(self._tick())
        try:
            exit_code = await self._agent.hear(self._heard)
        finally:
            clock.cancel()
        return self._finish(exit_code)

    def _heard(self, line: bytes) -> None:
        if not line.strip():
            return
        self._record.heard(line)
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            message = None
        if isinstance(message, dict):
            self._take(self._talk.hear(message))
        else:
            self._happened(Note(line[:2000].decode("utf-8", "replace")))
        if self._talk.is_over:
            self._over_at = self._over_at or time.monotonic()
            self._agent.close_input()

    def _take(self, found: Iterable[AgentEvent | Say]) -> None:
        for one in found:
            if isinstance(one, Say):
                self._agent.say(one.message)
            else:
                self._happened(one)

    def _happened(self, event: AgentEvent) -> None:
        self._record.event(event)
        if said := aloud(event):
            sys.stdout.write(f"{said}\n")
            sys.stdout.flush()
        match event:
            case Usage():
                self._meter = self._meter.after(event, self._price)
                self._check()
            case Calling():
                self._meter = self._meter.during(event, self._price)
                self._check()
            case ToolCall():
                self._open_calls.add(event.id)
                self._record.doing = event.title[:500]
            case ToolResult():
                self._open_calls.discard(event.id)
                self._check(is_before_a_call=not self._open_calls)
            case Ask():
                self._asked(event)
            case Retry(cause=cause):
                self._record.retries += 1
                if AUTHENTICATION in cause:
                    self._stop("auth", cause)
            case Started():
                self._record.session = event.session

    def _asked(self, ask: Ask) -> None:
        """Money first, then the rules, then the operator."""
        self._record.asks[ask.id] = ask
        if level(self._meter, self._limit, is_before_a_call=True) == "stop":
            self._is_cut = True
            self._stop("budget", self._sum())
            self._decide(ask.id, Decision(False, "The budget is used up.", stop=True), "budget")
            return
        said, rule = ruling(ask.call, self._policy, self._orders.job.access == "read")
        if said == "ask":
            self._asked_at[ask.id] = time.monotonic()
        else:
            is_allowed = said == "allow"
            self._decide(ask.id, Decision(is_allowed, "" if is_allowed else f"Refused: {rule}."), "rules", rule)

    def _decide(self, ask: str, decision: Decision, by: str, words: str = "") -> None:
        self._record.asks.pop(ask, None)
        self._asked_at.pop(ask, None)
        self._happened(Answered(ask, decision.allow, by, words or decision.words))
        self._take(self._talk.answer(ask, decision))

    async def _tick(self) -> None:
        """Ten times a second: messages, clocks, and the state for whoever looks."""
        while True:
            await asyncio.sleep(TICK_S)
            for order in self._inbox.new():
                self._obey(order)
            self._watch_clocks(time.monotonic())
            self._record.tell(self._meter)

    def _watch_clocks(self, now: float) -> None:
        if not self._asked_at:  # a person who thinks is no agent that hangs
            self._worked_s += now - self._ticked
        self._ticked = now
        if self._worked_s > self._orders.wall_s:
            self._stop("timeout", f"it worked for {self._orders.wall_s:.0f} s")
        if self._over_at and now - self._over_at > POLITE_S:
            self._end(was_asked=False)
        for ask, since in tuple(self._asked_at.items()):
            if now - since > self._orders.ask_deadline_s:
                self._decide(ask, Decision(False, "Nobody answered in time."), "deadline")

    def _obey(self, order: Order) -> None:
        said = order.said
        self._record.received.append(order.id)
        self._happened(Received(order.id))
        match order.kind:
            case "answer" if (ask := self._record.asks.get(str(said.get("ask")))) is not None:
                if said.get("always"):
                    self._policy = replace(self._policy, allow=(*self._policy.allow, for_run(ask.call)))
                decision = Decision(bool(said.get("allow")), str(said.get("words", "")), bool(said.get("stop")))
                self._decide(ask.id, decision, "operator")
            case "instruct":
                self._take(self._talk.instruct(str(said.get("text", ""))))
            case "interrupt":
                self._stop("interrupted", str(said.get("reason", "")))
            case "limit":
                self._limit = int(said.get("micros", self._limit))
                self._check()

    def _check(self, is_before_a_call: bool = False) -> None:
        """Warn once; stop at a point where nothing is lost."""
        found: Level = level(self._meter, self._limit, is_before_a_call)
        if found != "go" and self._level == "go":
            self._happened(Note(f"The budget is nearly used: {self._sum()}."))
        self._level = found
        if found == "stop" and not self._open_calls:
            self._stop("budget", self._sum())

    def _sum(self) -> str:
        return f"${self._meter.spent / 1e6:.4f} spent of ${self._limit / 1e6:.4f}"

    def _stop(self, outcome: Outcome, why: str) -> None:
        """Politely first; the first reason counts."""
        if self._stopping is None:
            self._stopping, self._why = outcome, why
            polite = tuple(self._talk.interrupt())
            self._take(polite)
            self._end(was_asked=bool(polite))

    def _end(self, was_asked: bool) -> None:
        if self._ending is None:
            self._ending = asyncio.create_task(self._agent.end(was_asked))

    def _finish(self, exit_code: int) -> tuple[Finished, Meter]:
        for ask in tuple(self._record.asks):
            self._decide(ask, Decision(False, "The agent ended before it was answered."), "end")
        found = self._talk.ended(exit_code, self._agent.stderr.decode("utf-8", "replace"))
        was_ended = found.outcome in ("interrupted", "crashed", "denied") or (
            self._is_cut and found.outcome == "stopped"
        )
        if self._stopping and was_ended:
            found = replace(found, outcome=self._stopping, reason=self._why)
        self._meter = self._meter.at_end(found, self._price)
        self._happened(found)
        return found, self._meter
