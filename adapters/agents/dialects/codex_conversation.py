"""One process of `codex exec --json`: it is heard only, nothing can be said to it.

What it does under its sandbox and fails at leaves no item in the stream, and errors are text: the factory's own
evidence decides, here more than anywhere.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from adapters.agents.dialects.codex_events import TOOLS, file_changes, tool_call, tool_result, used
from adapters.agents.dialects.crash import crash
from adapters.agents.dialects.dialect import Decision, Job, Message, Say
from adapters.agents.dialects.failures import AUTHENTICATION_FAILED, failure, instant, resets_at
from adapters.agents.dialects.lenient import number, plain_id, table, whole, words
from adapters.agents.dialects.notes import noted
from factory.model.agent_event import AgentEvent, Denied, Finished, Note, Outcome, Retry, Started, Text, Thinking, Usage
from factory.model.step import Tokens
from factory.rules.meter import added

_RECONNECTING = re.compile(r"Reconnecting\W+(\d{1,6})/(\d{1,6})\W*(.*)", re.DOTALL)
_TALK = ("Reading additional input from stdin", "WARNING: proceeding")
"""How lines on its standard error begin that say nothing about its end."""


class CodexConversation:
    """Hears one process."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._session = self._text = self._error = self._resets_at = ""
        self._turn: Message | None = None
        self._used = self._rolled = Tokens()
        self._seen: Tokens | None = None
        self._context = self._window = 0
        self._calls: set[str] = set()
        self._asked_to_stop = False
        self.is_over = False

    def open(self) -> Iterable[Say]:
        """Nothing: its prompt is an argument."""
        return ()

    def hear(self, message: Message) -> Iterator[AgentEvent]:
        """What one line means."""
        kind = words(message.get("type"))
        if kind == "thread.started":
            yield from self._started(message)
        elif kind.startswith("item."):
            yield from self._item(kind, table(message.get("item")))
        elif kind in ("turn.completed", "turn.failed"):
            yield from self._turn_over(message)
        elif kind == "error":
            yield self._failed(words(message.get("message")))
        elif kind != "turn.started":
            yield noted(message)

    def hear_rollout(self, message: Message) -> Iterator[Usage]:
        """A line of its rollout file (`CODEX_HOME/sessions/…/rollout-*.jsonl`): usage after each call, while it works.

        Totals there go on from an earlier process of the session, and lines repeat: only what is more counts. Nor does
        what the end of the turn told before: the file may be read late.
        """
        payload = table(message.get("payload"))
        if payload.get("type") != "token_count":
            return
        self._limits(table(payload.get("rate_limits")))
        info = table(payload.get("info"))
        total, last = used(info.get("total_token_usage")), used(info.get("last_token_usage"))
        before = self._seen if self._seen is not None else _less(total, last)
        self._seen = total
        self._rolled = added(self._rolled, _less(total, before))
        self._window = whole(info.get("model_context_window")) or self._window
        self._context = whole(table(info.get("last_token_usage")).get("total_tokens"))
        yield from self._use(_less(self._rolled, self._used))

    def answer(self, ask: str, decision: Decision) -> Iterable[AgentEvent | Say]:
        """It never asks."""
        return ()

    def instruct(self, text: str) -> Iterable[Say]:
        """It takes no messages."""
        return ()

    def interrupt(self) -> Iterable[Say]:
        """It has no polite stop; whoever sends it a signal says so here, and its end is then no crash."""
        self._asked_to_stop = True
        return ()

    def ended(self, exit_code: int | None, stderr: str) -> Finished:
        """The end, by the last event of its turn; without one it was cut off, and its last call is not counted."""
        outcome, reason = self._outcome(exit_code, stderr)
        return Finished(
            outcome,
            reason,
            self._session,
            self._used,
            model=self._job.model,
            raw_exit=exit_code,
            resets_at=(resets_at(reason) or self._resets_at) if outcome == "rate_limit" else "",
            result=_object(self._text) if self._job.schema is not None else None,
            text=self._text,
        )

    def _outcome(self, exit_code: int | None, stderr: str) -> tuple[Outcome, str]:
        turn = table(self._turn)
        if turn.get("type") == "turn.completed":
            return "stopped", ""
        if self._turn is not None:
            reason = words(table(turn.get("error")).get("message")) or self._error
            return failure(reason), reason
        if self._error and failure(self._error) == "auth":
            return "auth", self._error
        said = "\n".join(line for line in stderr.splitlines() if not line.startswith(_TALK))
        return ("interrupted" if self._asked_to_stop else "crashed"), crash(exit_code, said)

    def _started(self, message: Message) -> Iterator[AgentEvent]:
        if session := plain_id(message.get("thread_id")):
            self._session = session
            yield Started(session, self._job.model)

    def _turn_over(self, message: Message) -> Iterator[AgentEvent]:
        """Its usage is that of the whole turn: what the rollout told already is not told twice."""
        self._turn, self.is_over = message, True
        yield from self._use(_less(used(message.get("usage")), self._used))

    def _use(self, tokens: Tokens) -> Iterator[Usage]:
        if tokens != Tokens():
            self._used = added(self._used, tokens)
            yield Usage(tokens, self._job.model, context_used=self._context, context_size=self._window)

    def _failed(self, text: str) -> AgentEvent:
        self._error = text
        if (found := _RECONNECTING.match(text)) is None:
            return Note(text)
        cause = found[3].removesuffix(")")
        if failure(cause) == "auth":
            cause = f"{AUTHENTICATION_FAILED}: {cause}"
        return Retry(int(found[1]), int(found[2]), 0.0, cause)

    def _item(self, step: str, item: Mapping[str, Any]) -> Iterator[AgentEvent]:
        name, kind = words(item.get("id")), item.get("type")
        if kind in TOOLS:
            if name not in self._calls:
                self._calls.add(name)
                yield tool_call(item, self._job.worktree)
            if step == "item.completed":
                yield from self._done(item)
        elif step == "item.completed":
            yield from self._said(words(kind), item)

    def _said(self, kind: str, item: Mapping[str, Any]) -> Iterator[AgentEvent]:
        if kind == "agent_message":
            self._text, self._error = words(item.get("text")), ""
            yield Text(self._text)
        elif kind == "reasoning":
            yield Thinking(words(item.get("text")))
        else:
            yield Note(words(item.get("message"))) if kind == "error" else noted(item)

    def _done(self, item: Mapping[str, Any]) -> Iterator[AgentEvent]:
        self._calls.discard(words(item.get("id")))
        if item.get("status") == "declined":
            yield Denied(words(item.get("id")), "rules")
        yield tool_result(item)
        yield from file_changes(item, self._job.worktree)

    def _limits(self, limits: Mapping[str, Any]) -> None:
        for name in ("primary", "secondary"):
            limit = table(limits.get(name))
            if number(limit.get("used_percent")) >= 100:
                self._resets_at = instant(number(limit.get("resets_at")))


def _less(one: Tokens, other: Tokens) -> Tokens:
    """What one has more than the other; nothing where it has less."""
    return Tokens(
        max(0, one.input - other.input),
        max(0, one.output - other.output),
        max(0, one.cache_read - other.cache_read),
        max(0, one.cache_write - other.cache_write),
    )


def _object(text: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
