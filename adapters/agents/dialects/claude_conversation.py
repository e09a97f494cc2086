"""One process of Claude Code: what its `stream-json` messages mean, and what we say to it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from adapters.agents.dialects import claude_says as say
from adapters.agents.dialects.claude_end import Ending
from adapters.agents.dialects.claude_events import file_changes, result_text, tool_call
from adapters.agents.dialects.claude_meter import ClaudeMeter
from adapters.agents.dialects.dialect import Decision, Hold, Job, Message, Say
from adapters.agents.dialects.failures import instant
from adapters.agents.dialects.lenient import number, plain_id, rows, table, whole, words
from adapters.agents.dialects.notes import LONGEST, noted
from adapters.agents.dialects.titles import capped
from factory.model.agent_event import (
    AgentEvent,
    Answered,
    Ask,
    Denied,
    Finished,
    Note,
    Retry,
    Started,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)

_SILENT = {"init", "status"}
"""Kinds of `system` messages that are heard elsewhere, or say nothing."""


class ClaudeConversation:
    """Hears and answers one process."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._meter = ClaudeMeter()
        self._ending = Ending()
        self._session = self._model = self._last_text = ""
        self._calls: set[str] = set()
        self._asks: dict[str, Mapping[str, Any]] = {}
        self._holds: set[str] = set()
        self._interrupts = 0
        self.is_over = False
        self._hear: Mapping[str, Callable[[Message], Iterable[AgentEvent | Say | Hold]]] = {
            "assistant": self._assistant,
            "control_cancel_request": self._withdrawn,
            "control_request": self._asked,
            "control_response": self._response,
            "rate_limit_event": self._limit,
            "result": self._result,
            "stream_event": self._piece,
            "system": self._system,
            "user": self._user,
        }

    def open(self) -> Iterable[Say]:
        """Shake hands, then the prompt."""
        yield say.hello()
        yield say.user(self._job.prompt)

    def hear(self, message: Message) -> Iterable[AgentEvent | Say | Hold]:
        """What one line means."""
        hear = self._hear.get(words(message.get("type")))
        return hear(message) if hear else [noted(message)]

    def answer(self, ask: str, decision: Decision) -> Iterable[AgentEvent | Say]:
        """Allow the tool with the very input that was asked for, or refuse it in words; let it go on, or not."""
        if ask in self._holds:
            self._holds.discard(ask)
            self._ending.asked_to_stop |= not decision.allow
            yield say.goes_on(ask) if decision.allow else say.holds(ask, decision.words)
        given = self._asks.pop(ask, None)
        if given is None:
            return
        if decision.allow:
            yield say.allowed(ask, dict(given))
        else:
            self._ending.refused_and_stopped |= decision.stop
            yield say.refused(ask, decision.words, decision.stop)

    def instruct(self, text: str) -> Iterable[Say]:
        """A further message; it opens another turn if the last one is over."""
        self.is_over = False
        yield say.user(text)

    def interrupt(self) -> Iterable[Say]:
        """End the turn; its result comes, with the cost."""
        self._ending.asked_to_stop = True
        self._interrupts += 1
        yield say.stop(self._interrupts)

    def ended(self, exit_code: int | None, stderr: str) -> Finished:
        """The end, by the last result; without one it was cut off, and what was under way counts as used."""
        outcome, result = self._ending.outcome(), table(self._ending.result)
        made = result.get("structured_output")
        return Finished(
            outcome,
            self._ending.reason(exit_code, stderr),
            self._session,
            self._meter.tokens,
            self._meter.micros,
            self._model,
            raw_exit=exit_code,
            resets_at=self._ending.reset() if outcome == "rate_limit" else "",
            result=made if isinstance(made, Mapping) else None,
            text=words(result.get("result")) or self._last_text,
        )

    def _system(self, message: Message) -> Iterator[AgentEvent]:
        kind = words(message.get("subtype"))
        if kind == "init":
            yield from self._started(message)
        elif kind == "api_retry":
            yield self._retry(message)
        elif kind == "permission_denied":
            why = words(message.get("decision_reason")) or words(message.get("message"))
            yield Denied(words(message.get("tool_use_id")), "rules", why)
        elif kind not in _SILENT:
            yield noted(message)

    def _started(self, message: Message) -> Iterator[AgentEvent]:
        """It comes once for each prompt; what is new is told."""
        session = plain_id(message.get("session_id"))
        if session and session != self._session:
            self._session, self._model = session, words(message.get("model"))
            yield Started(session, self._model, words(message.get("claude_code_version")))

    def _retry(self, message: Message) -> Retry:
        self._ending.error = words(message.get("error")) or "unknown"
        status = whole(message.get("error_status"))
        cause = f"{self._ending.error} ({status})" if status else self._ending.error
        wait_s = max(0.0, number(message.get("retry_delay_ms"))) / 1000
        return Retry(whole(message.get("attempt")), whole(message.get("max_retries")), wait_s, cause)

    def _piece(self, message: Message) -> Iterator[AgentEvent]:
        """A piece of an answer that is still coming (`--include-partial-messages`)."""
        event, lane = table(message.get("event")), words(message.get("parent_tool_use_id"))
        kind = event.get("type")
        if kind == "content_block_delta":
            delta = table(event.get("delta"))
            said = words(delta.get("text"))
            if said and not lane:
                yield Text(said, final=False)
            grown = said or words(delta.get("thinking")) or words(delta.get("partial_json"))
            yield from self._meter.grew(lane, len(grown))
        elif kind == "message_start":
            self._ending.error = ""
            yield from self._meter.begun(lane, table(event.get("message")))
        elif kind == "message_delta":
            yield from self._meter.done(lane, event.get("usage"))

    def _assistant(self, message: Message) -> Iterator[AgentEvent]:
        """One block of an answer, whole."""
        inner = table(message.get("message"))
        if error := words(message.get("error")):
            self._ending.error, self._ending.said_at = error, words(message.get("timestamp"))
        yield from self._meter.saw(words(message.get("parent_tool_use_id")), inner)
        for block in rows(inner.get("content")):
            yield from self._block(block, is_error=bool(error))

    def _block(self, block: Mapping[str, Any], is_error: bool) -> Iterator[AgentEvent]:
        kind, text = block.get("type"), words(block.get("text"))
        if kind == "text" and is_error:
            yield Note(text)
        elif kind == "text":
            self._last_text, self._ending.error = text, ""
            yield Text(text)
        elif kind == "thinking":
            yield Thinking(words(block.get("thinking")))
        elif kind == "tool_use":
            yield self._call(words(block.get("name")), words(block.get("id")), table(block.get("input")))
        else:
            yield noted(block)

    def _call(self, name: str, call_id: str, given: Mapping[str, Any]) -> ToolCall:
        self._calls.add(call_id)
        return tool_call(name, call_id, given, self._job.worktree)

    def _user(self, message: Message) -> Iterator[AgentEvent]:
        """Results of tools. What else is here is our own, or what the agent tells itself."""
        content = table(message.get("message")).get("content")
        results = [block for block in rows(content) if block.get("type") == "tool_result"]
        for block in results:
            call_id, ok = words(block.get("tool_use_id")), block.get("is_error") is not True
            text, is_cut = capped(result_text(block.get("content")))
            if call_id in self._calls:
                self._calls.discard(call_id)
                yield ToolResult(call_id, ok, text, is_cut)
            else:
                yield Note(f"The result of a call that nobody made: {text[:LONGEST]}")
        if len(results) == 1 and ok:
            yield from file_changes(message.get("tool_use_result"), self._job.worktree)

    def _asked(self, message: Message) -> Iterator[AgentEvent | Say | Hold]:
        ask, request = words(message.get("request_id")), table(message.get("request"))
        if request.get("subtype") == "hook_callback" and request.get("callback_id") == say.HOLD:
            self._holds.add(ask)
            yield Hold(ask)
            return
        if request.get("subtype") != "can_use_tool":
            yield say.not_supported(ask)
            yield noted(message)
            return
        given = table(request.get("input"))
        self._asks[ask] = given
        name, call_id = words(request.get("tool_name")), words(request.get("tool_use_id"))
        why = words(request.get("decision_reason")) or words(request.get("description"))
        yield Ask(ask, tool_call(name, call_id, given, self._job.worktree), why)

    def _withdrawn(self, message: Message) -> Iterator[AgentEvent]:
        ask = words(message.get("request_id"))
        if self._asks.pop(ask, None) is not None:
            yield Answered(ask, False, "agent", "It does not ask for this any more.")

    def _response(self, message: Message) -> Iterator[AgentEvent]:
        """To what we asked; only a refusal is worth a word."""
        if table(message.get("response")).get("subtype") != "success":
            yield noted(message)

    def _limit(self, message: Message) -> Iterator[AgentEvent]:
        info = table(message.get("rate_limit_info"))
        self._ending.resets_at = instant(number(info.get("resetsAt")))
        yield noted(message)

    def _result(self, message: Message) -> Iterator[AgentEvent]:
        self._ending.result = message
        self.is_over = not whole(message.get("queued_turn_count"))
        yield from self._meter.settle(message.get("model_usage_since_last_result"))
