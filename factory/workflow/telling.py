"""Between a working agent and the operator: its permission requests, their answers, instructions, another limit."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

from factory.model.agent_event import ToolCall
from factory.model.cost import Budget
from factory.model.permission import Permission
from factory.model.run import Run
from factory.model.states import is_over
from factory.model.step import Attempt
from factory.model.thread import Message
from factory.ports.agents import Answer, Live, OpenAsk
from factory.ports.ledger import Transaction
from factory.rules.permissions import tier
from factory.workflow.caps import caps_of
from factory.workflow.flow import WORKER, Flow, move


class Telling:
    """Looks at both sides and hands on what is new. Everything is kept in the ledger and in the agent's folder, so a
    worker that was killed in between hands on the same things again, and nothing comes of that.

    Args:
        attempt: Its id.
        folder: Of the attempt.
    """

    def __init__(self, flow: Flow, attempt: str, folder: str) -> None:
        self._flow, self._attempt = flow, attempt
        self._is_check = flow.ports.ledger.get(Attempt, attempt).is_check
        self._session = flow.ports.agents.open(Path(folder))
        self._head = -1
        self.is_waiting = False
        """It waits for an answer: silence is no sign of trouble."""

    def saw(self, live: Live) -> None:
        """One look, a few times a second; costs one read of the ledger's head while nothing changes."""
        self.is_waiting = bool(live.asks)
        known = {one.ask: one for one in self._permissions()} if live.asks else {}
        for ask in live.asks:
            if ask.id not in known:
                self._note(ask, live)
        head = self._flow.ports.ledger.head().count
        if head != self._head or live.asks:
            self._head = head
            self._answer(live)
            self._instruct(live)
            self._limit(live)

    def _permissions(self) -> tuple[Permission, ...]:
        return self._flow.ports.ledger.find(Permission, attempt=self._attempt)

    def _note(self, ask: OpenAsk, live: Live) -> None:
        attempt = self._flow.ports.ledger.get(Attempt, self._attempt)
        asked = Permission(
            id=self._flow.stable("prm", self._attempt, ask.id),
            run=self._flow.run,
            step=attempt.step,
            attempt=attempt.id,
            ask=ask.id,
            kind=ask.kind,
            title=ask.title,
            tier=tier(ToolCall(ask.id, ask.kind, ask.title)),
            input=json.dumps(ask.input, default=str),
            reason=ask.reason,
            spent_micros=live.gauge.spent,
        )
        detail = {"kind": ask.kind, "title": ask.title[:200], "tier": asked.tier}

        def work(tx: Transaction) -> None:
            if not tx.find(Permission, attempt=self._attempt, ask=ask.id):
                tx.put(asked, "permission.ask", detail)

        self._flow.ports.ledger.write(WORKER, work)

    def _answer(self, live: Live) -> None:
        """Hand on the answers; requests that the agent does not wait for any more are void."""
        waiting = {ask.id for ask in live.asks}
        for one in self._permissions():
            if one.state in ("allowed", "denied") and one.ask in waiting:
                self._session.answer(one.ask, Answer(one.state == "allowed", one.words, one.always))
            elif one.state == "open" and one.ask not in waiting:
                self._flow.ports.ledger.write(WORKER, partial(_void, id=one.id))

    def _instruct(self, live: Live) -> None:
        """Hand on what the operator wrote since this attempt began; its receipt makes it delivered."""
        ledger = self._flow.ports.ledger
        attempt = ledger.get(Attempt, self._attempt)
        for note in ledger.find(Message, run=self._flow.run, kind="note", status="sent"):
            if note.external_ref or note.recipient != attempt.agent or note.created_at < attempt.started_at:
                continue
            self._session.instruct(note.id, note.body)
            if note.id in live.received:
                ledger.write(WORKER, partial(_delivered, id=note.id))

    def _limit(self, live: Live) -> None:
        """Reserve more for it when its cap was raised, and let it know."""
        flow = self._flow

        def work(tx: Transaction) -> int:
            attempt, run = tx.get(Attempt, self._attempt), tx.get(Run, flow.run)
            caps = caps_of(tx, flow.ports, run, attempt.is_check, attempt.created_at)
            more = min(cap.left_micros for cap in caps)
            if more <= 0 or is_over(attempt) or run.state != "running":
                return 0
            for cap in caps:
                tx.put(replace(cap, reserved_micros=cap.reserved_micros + more), "budget.reserve", {"micros": more})
            tx.put(
                replace(attempt, reserved_micros=attempt.reserved_micros + more), "attempt.reserve", {"micros": more}
            )
            return attempt.reserved_micros + more

        scopes = ("thread", "run") if self._is_check else ("run",)
        budgets = flow.ports.ledger.find(Budget, run=flow.run)
        own = [[budget for budget in budgets if budget.scope == scope][-1] for scope in scopes]
        if all(budget.left_micros > 0 for budget in own) and (limit := flow.ports.ledger.write(WORKER, work)):
            self._session.limit(f"limit-{limit}", limit)


def _void(tx: Transaction, id: str) -> None:
    """A request whose answer would reach nobody."""
    one = tx.get(Permission, id)
    if one.state == "open":
        move(tx, one, "void", words="its agent waits no more")


def _delivered(tx: Transaction, id: str) -> None:
    note = tx.get(Message, id)
    if note.status == "sent":
        tx.put(replace(note, status="delivered"), "message.deliver")
