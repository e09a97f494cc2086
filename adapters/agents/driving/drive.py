"""Drives one agent: hears it, answers it, meters it, stops it. One `Finished` comes, whatever happens."""

import asyncio
import os
import signal
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace

from adapters.agents.cut_off import cut_off
from adapters.agents.dialects.dialect import Decision, Dialect, HearsRollout, Hold, Say, Start
from adapters.agents.driving.asking import IN_TIME, Asking
from adapters.agents.driving.clocks import DriveClocks
from adapters.agents.driving.fuse import Fuse
from adapters.agents.driving.inbox import Inbox, Order
from adapters.agents.driving.lines import object_of
from adapters.agents.driving.orders import Orders
from adapters.agents.driving.record import Record
from adapters.agents.driving.rollout import Rolls, rollout_of
from adapters.agents.driving.speaking import Spoken
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
from factory.rules.meter import Meter, PriceOf, SizeOf

TICK_S = 0.1
SHIM_KILLED = "its shim was killed"
AUTHENTICATION = "authentication"
"""Stands in the cause of a retry that cannot help: an agent would try for minutes."""


class Drive:
    """One process of one agent.

    Args:
        price: What tokens cost.
        size: How large the context of a model is.
    """

    def __init__(
        self, dialect: Dialect, orders: Orders, record: Record, inbox: Inbox, price: PriceOf, size: SizeOf = lambda _: 0
    ) -> None:
        self._orders, self._record, self._inbox = orders, record, inbox
        self._talk = dialect.conversation(orders.job)
        self._asking = Asking(orders.policy, orders.job.access == "read", orders.ask_deadline_s)
        record.asks = self._asking.open
        self._fuse = Fuse(orders.limit_micros, orders.next_call_micros, price, size)
        self._clocks = DriveClocks(orders.connect_s if dialect.can.greets else 0.0, orders.wall_s)
        self._stopping: Outcome | None = None
        self._why, self._is_cut, self._over_at, self._shim = "", False, 0.0, os.getppid()
        self._open_calls: set[str] = set()
        self._rollout: Rolls | None = None
        self._ending: asyncio.Task[None] | None = None
        self._agent: Spoken | None = None
        self._end_said: Finished | None = None

    @property
    def meter(self) -> Meter:
        """What it has used so far."""
        return self._fuse.meter

    async def run(self, start: Start, environment: Mapping[str, str]) -> Finished:
        """Start the agent and see it through to its end."""
        if self._fuse.is_blown(is_before_a_call=True):
            return self._not_worth_it()
        job = self._orders.job
        self._rollout = rollout_of(job.home, start)
        try:
            self._agent = agent = await Spoken.start(start, job.worktree, environment)
        except OSError as error:
            return self.fail(f"{start.argv[0]} cannot be started: {error.strerror or error}")
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._stop_from_outside)
        self._take(self._talk.open())
        clock = asyncio.create_task(self._tick())
        try:
            exit_code = await agent.hear(self.heard, clock)
        finally:
            clock.cancel()
        self._hear_rollout()
        return self._finish(exit_code)

    def fail(self, why: str) -> Finished:
        """The last word when its driving went wrong: what was counted until then stays counted."""
        if self._agent:
            self._agent.kill()
        if self._end_said is None:
            self._stopping, self._why = "crashed", why
            self._end_said = self._finish(None)
        return self._end_said

    def _not_worth_it(self) -> Finished:
        """The very next call would pass the limit: nothing is started, and the session stays as it is."""
        end = Finished("budget", f"the next call would pass the limit: {self._fuse}", self._orders.job.resume)
        self._happened(end)
        return end

    def heard(self, lines: Iterable[bytes]) -> None:
        """A piece of its output."""
        for line in lines:
            if line.strip():
                self._hear(line)
        self._record.flush()

    def _hear(self, line: bytes) -> None:
        self._record.heard(line)
        self._clocks.heard()
        self._hear_rollout()
        message = object_of(line)
        if message is not None:
            self._take(self._talk.hear(message))
        else:
            self._happened(Note(line[:2000].decode("utf-8", "replace")))
        if self._talk.is_over:
            self._over_at = self._over_at or time.monotonic()
            if self._agent:
                self._agent.close_input()

    def _hear_rollout(self) -> None:
        """What it tells in a file of its own: usage, while it works. A call of a turn that goes on is one of many."""
        if self._rollout is None or not isinstance(self._talk, HearsRollout):
            return
        before = self.meter
        for line in self._rollout.new():
            if (message := object_of(line)) is not None:
                self._take(self._talk.hear_rollout(message))
        if self.meter != before and not self._talk.is_over:
            self._check(is_before_a_call=not self._open_calls)

    def _take(self, found: Iterable[AgentEvent | Say | Hold]) -> None:
        for one in found:
            if isinstance(one, Say):
                if self._agent:
                    self._agent.say(one.message)
            elif isinstance(one, Hold):
                self._held(one)
            else:
                self._happened(one)

    def _happened(self, event: AgentEvent) -> None:
        self._record.event(event)
        match event:
            case Usage() | Calling():
                self._fuse.count(event)
                self._check()
            case ToolCall() | ToolResult():
                self._uses(event)
            case Ask():
                self._asked(event)
            case Answered(ask=ask):
                self._asking.answered(ask)
            case Retry(cause=cause):
                self._record.retries += 1
                if AUTHENTICATION in cause:
                    self._stop("auth", cause)
            case Started():
                self._record.session = event.session

    def _uses(self, event: ToolCall | ToolResult) -> None:
        """While a tool is used nothing is stopped; after the last one the next model call would follow."""
        if isinstance(event, ToolCall):
            self._open_calls.add(event.id)
            self._record.doing = event.title[:500]
        else:
            self._open_calls.discard(event.id)
            self._check(is_before_a_call=not self._open_calls)

    def _asked(self, ask: Ask) -> None:
        """Money first, then the rules, then the operator."""
        if self._fuse.is_blown(is_before_a_call=True):
            self._stop("budget", str(self._fuse))
            self._decide(ask.id, Decision(False, "The budget is used up.", stop=True), "budget")
        elif ruled := self._asking.ruled(ask):
            self._decide(ask.id, ruled.decision, "rules", ruled.rule)

    def _held(self, hold: Hold) -> None:
        """It waits with its next model call for our word: here it can be stopped, and nothing is lost."""
        may = self._stopping is None and not self._fuse.is_blown(is_before_a_call=True)
        answer = tuple(self._talk.answer(hold.id, Decision(may, "" if may else str(self._fuse), stop=not may)))
        if may:
            self._take(answer)
        else:
            self._stop("budget", str(self._fuse), answer)

    def _decide(self, ask: str, decision: Decision, by: str, words: str = "") -> None:
        self._happened(Answered(ask, decision.allow, by, words or decision.words))
        self._take(self._talk.answer(ask, decision))

    async def _tick(self) -> None:
        """Ten times a second: messages, clocks, and the state for whoever looks."""
        while True:
            await asyncio.sleep(TICK_S)
            for order in self._inbox.new():
                self._obey(order)
            self._hear_rollout()
            self._watch_clocks()
            self._record.tell(self.meter)

    def _watch_clocks(self) -> None:
        if over := self._clocks.over(is_waiting=bool(self._asking.open)):
            self._stop(*over, polite=() if over[0] == "unconnected" else None)
        if os.getppid() != self._shim:
            self._stop("crashed", SHIM_KILLED)
        if self._over_at and time.monotonic() - self._over_at > self._orders.grace_s:
            self._end(was_asked=False)
        for ask in self._asking.overdue():
            self._decide(ask, IN_TIME, "deadline")

    def _obey(self, order: Order) -> None:
        """Each kind gives its receipt when the agent has what was sent, and no sooner."""
        match order.kind:
            case "answer":
                self._answer(order)
            case "instruct":
                said = () if self._talk.is_over else tuple(self._talk.instruct(order.text("text")))
                self._receipt(order.id, bool(said))
                self._take(said)
            case "interrupt":
                self._receipt(order.id)
                self._stop("interrupted", order.text("reason"))
            case "limit":
                self._receipt(order.id)
                self._fuse.limit = order.micros(self._fuse.limit)
                self._check()

    def _answer(self, order: Order) -> None:
        """Its receipt is the request's id. A request that is not open any more has none."""
        ask = self._asking.open.get(order.text("ask"))
        if ask is None:
            return
        if order.said.get("always") is True:
            self._asking.allow_for_run(ask)
        self._receipt(ask.id)
        decision = Decision(order.said.get("allow") is True, order.text("words"), order.said.get("stop") is True)
        self._decide(ask.id, decision, "operator")

    def _receipt(self, id: str, is_received: bool = True) -> None:
        if is_received:
            self._record.received.append(id)
            self._happened(Received(id))

    def _check(self, is_before_a_call: bool = False) -> None:
        """Warn once; stop at a point where nothing is lost."""
        if self._fuse.warns(is_before_a_call):
            self._happened(Note(f"The budget is nearly used: {self._fuse}."))
        if self._fuse.is_blown(is_before_a_call) and not self._open_calls and not self._talk.is_over:
            self._stop("budget", str(self._fuse))

    def _stop_from_outside(self) -> None:
        """Somebody ends the whole tree, and perhaps a command before its agent: what that says then is no end."""
        self._is_cut = True
        if os.getppid() != self._shim:
            self._stop("crashed", SHIM_KILLED)
        elif reason := self._inbox.stop_reason():
            self._stop(cut_off(reason), reason)
        else:
            self._stop("crashed", "ended from outside")

    def _stop(self, outcome: Outcome, why: str, polite: tuple[AgentEvent | Say, ...] | None = None) -> None:
        """Politely first; the first reason counts.

        Args:
            polite: What to say to it, where that is more than the usual word.
        """
        if self._stopping is None:
            self._stopping, self._why = outcome, why
            said = tuple(self._talk.interrupt()) if polite is None else polite
            self._take(said)
            self._end(was_asked=bool(said))

    def _end(self, was_asked: bool) -> None:
        if self._ending is None and self._agent:
            self._ending = asyncio.create_task(self._agent.end(was_asked, self._orders.grace_s))

    def _finish(self, exit_code: int | None) -> Finished:
        for ask in tuple(self._asking.open):
            self._happened(Answered(ask, False, "agent", "It ended before it was answered."))
        found = self._talk.ended(exit_code, self._agent.stderr.decode("utf-8", "replace") if self._agent else "")
        if self._stopping and (self._is_cut or found.outcome in ("interrupted", "crashed", "denied")):
            found = replace(found, outcome=self._stopping, reason=self._why)
        self._fuse.count(found)
        self._end_said = found
        self._happened(found)
        return found
