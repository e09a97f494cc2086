"""What Pi's lines mean, in `rpc` and in `json` mode, and what we say to it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from adapters.agents.dialects.crash import crash
from adapters.agents.dialects.dialect import Decision, Job, Message, Say
from adapters.agents.dialects.failures import failure
from adapters.agents.dialects.fields import count, each, mapping, text, texts, value
from adapters.agents.dialects.notes import noted
from adapters.agents.dialects.pi_words import file_change, spent, tokens, tool_call
from adapters.agents.dialects.sums import CHARS_A_TOKEN, Sums
from adapters.agents.dialects.titles import capped
from factory.model.agent_event import (
    AgentEvent,
    Ask,
    Calling,
    Finished,
    Note,
    Outcome,
    Retry,
    Started,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)
from factory.model.step import Tokens

Heard = Iterator[AgentEvent | Say]
_SILENT = frozenset({
    "turn_start", "turn_end", "agent_end", "tool_execution_update", "entry_appended", "queue_update",
    "session_info_changed", "thinking_level_changed", "auto_retry_end", "compaction_start",
    "summarization_retry_attempt_start", "summarization_retry_finished",
})  # fmt: skip


class PiConversation:
    """One process of Pi. Its last word is `agent_settled`: an `agent_end` may be followed by another try."""

    def __init__(self, job: Job) -> None:
        self.is_over = False
        self._job = job
        self._session = ""
        self._sums = Sums(job.model)
        self._calls: dict[str, ToolCall] = {}
        self._asks: dict[str, str] = {}
        """Permission requests that wait, and the calls that they are about."""
        self._prompts: list[str] = []
        """Messages that Pi has not taken yet."""
        self._said = 0
        self._calling, self._chars = Tokens(), 0
        """The model call that is under way: its tokens as Pi tells them, and how long its answer is."""
        self._stop, self._error, self._text = "", "", ""
        self._is_settled = self._is_interrupted = self._is_denied = False
        self._hearers: Mapping[str, Callable[[Message], Heard]] = {
            "session": self._on_session,
            "response": self._on_response,
            "agent_start": self._on_agent_start,
            "agent_settled": self._on_settled,
            "message_start": self._on_message_start,
            "message_update": self._on_update,
            "message_end": self._on_message_end,
            "tool_execution_start": self._on_tool_start,
            "tool_execution_end": self._on_tool_end,
            "auto_retry_start": self._on_retry,
            "summarization_retry_scheduled": self._on_retry,
            "compaction_end": self._on_compaction_end,
            "extension_ui_request": self._on_dialog,
        }

    def open(self) -> Iterable[Say]:
        """The prompt."""
        yield self._prompt({"message": self._job.prompt})

    def hear(self, message: Message) -> Heard:
        """One line of Pi."""
        kind = text(message, "type")
        if hearer := self._hearers.get(kind):
            yield from hearer(message)
        elif kind not in _SILENT:
            yield noted(message)

    def answer(self, ask: str, decision: Decision) -> Iterable[AgentEvent | Say]:
        """The gate takes yes or no. Words for the agent go first, as an instruction that waits for the tool's end:
        behind the refusal they would come too late for the next model call, and cost one more."""
        if self._asks.pop(ask, None) is None:
            return
        is_over = decision.stop and not decision.allow
        if decision.words and not decision.allow and not is_over:
            yield from self.instruct(decision.words)
        yield _dialog(ask, {"confirmed": decision.allow})
        if is_over:
            self._is_denied = True
            yield from self.interrupt()

    def instruct(self, words: str) -> Iterable[Say]:
        """Heard before its next model call."""
        if not self.is_over:
            yield self._prompt({"message": words, "streamingBehavior": "steer"})

    def interrupt(self) -> Iterable[Say]:
        """Nothing may wait or be left in the queue, else it goes on."""
        self._is_interrupted = True
        for ask in tuple(self._asks):
            del self._asks[ask]
            yield _dialog(ask, {"confirmed": False})
        yield Say({"id": "c1", "type": "clear_queue"})
        yield Say({"id": "a1", "type": "abort"})

    def ended(self, exit_code: int | None, stderr: str) -> Finished:
        """Its exit code is 0 after errors too: the last answer of the model decides."""
        outcome, reason = self._outcome(exit_code, stderr)
        session = self._session or self._job.resume
        self._sums.lose(self._in_flight())
        return self._sums.finished(outcome, reason, session, exit_code, self._text)

    def _in_flight(self) -> Tokens:
        """Not every provider tells what it uses before the end of a call."""
        return replace(self._calling, output=max(self._calling.output, self._chars // CHARS_A_TOKEN))

    def _outcome(self, exit_code: int | None, stderr: str) -> tuple[Outcome, str]:
        if not self._is_settled:
            return "crashed", crash(exit_code, stderr)
        if (self._is_interrupted and self._stop != "stop") or self._stop == "aborted":
            return "denied" if self._is_denied else "interrupted", self._error or "aborted"
        if self._stop == "error":
            return failure(self._error), self._error
        return "stopped", self._stop

    # What it says.

    def _on_session(self, message: Message) -> Heard:
        yield from self._start(text(message, "id"))

    def _on_response(self, message: Message) -> Heard:
        is_good, name = value(message, "success") is True, text(message, "id")
        if name in self._prompts:
            self._prompts.remove(name)
        if is_good:
            self._settle()
        elif name == "p1":  # it never began, and nothing more will come
            self._stop, self._error, self._is_settled = "error", text(message, "error"), True
            self._settle()
        else:
            yield Note(f"Pi refused {text(message, 'command')}: {text(message, 'error')}")

    def _on_agent_start(self, _: Message) -> Heard:
        self._is_settled = self.is_over = False
        if "p1" in self._prompts:  # in `json` mode there are no responses
            self._prompts.remove("p1")
        yield from self._start(self._job.resume or self._job.session)

    def _start(self, session: str) -> Heard:
        if not self._session:
            self._session = session
            yield Started(session, self._job.model)

    def _on_settled(self, _: Message) -> Heard:
        self._is_settled = True
        self._settle()
        yield from ()

    def _settle(self) -> None:
        self.is_over = self._is_settled and not self._prompts

    def _on_message_start(self, message: Message) -> Heard:
        if text(message, "message", "role") == "assistant" and text(message, "message", "stopReason") == "pending":
            self._sums.model = text(message, "message", "model") or self._sums.model
            self._calling, self._chars = Tokens(), 0
            yield Calling(Tokens(), self._sums.model)

    def _on_update(self, message: Message) -> Heard:
        event = mapping(message, "assistantMessageEvent")
        if text(event, "type") == "text_delta" and text(event, "delta"):
            yield Text(text(event, "delta"), final=False)
        self._chars += len(text(event, "delta"))
        now = tokens(mapping(message, "usage"))
        if now != self._calling:
            self._calling = now
            yield Calling(now, self._sums.model)

    def _on_message_end(self, message: Message) -> Heard:
        said = mapping(message, "message")
        if text(said, "role") != "assistant":
            return
        for block in each(said, "content"):
            if text(block, "type") == "thinking" and text(block, "thinking"):
                yield Thinking(text(block, "thinking"))
            elif text(block, "type") == "text" and text(block, "text"):
                self._text = text(block, "text")
                yield Text(self._text)
        self._calling, self._chars = Tokens(), 0
        self._stop, self._error = text(said, "stopReason"), text(said, "errorMessage")
        yield from self._sums.add(spent(said))

    def _on_tool_start(self, message: Message) -> Heard:
        call = tool_call(message, self._job.worktree)
        self._calls[call.id] = call
        yield call

    def _on_tool_end(self, message: Message) -> Heard:
        call = self._calls.pop(text(message, "toolCallId"), None)
        if call is None:
            return
        is_good = value(message, "isError") is False
        if is_good and (change := file_change(call, mapping(message, "result"), self._job.worktree)):
            yield change
        yield ToolResult(call.id, is_good, *capped(texts(message, "result", "content")))

    def _on_retry(self, message: Message) -> Heard:
        wait_s = count(message, "delayMs") / 1000
        yield Retry(count(message, "attempt"), count(message, "maxAttempts"), wait_s, text(message, "errorMessage"))

    def _on_compaction_end(self, message: Message) -> Heard:
        """A summary of what was said so far is a model call as well, and it costs."""
        result = mapping(message, "result")
        yield Note(f"Pi summed up what was said: {text(message, 'errorMessage') or text(message, 'reason')}")
        yield from self._sums.add(spent(result))

    def _on_dialog(self, message: Message) -> Heard:
        """Only our gate is loaded; a dialog that is not its own is closed, so that nothing hangs."""
        ask, method = text(message, "id"), text(message, "method")
        tool = text(message, "title").removeprefix("Allow ").removesuffix("?")
        if method in ("select", "input", "editor"):
            yield _dialog(ask, {"cancelled": True})
        elif method != "confirm":
            yield Note(f"{method}: {text(message, 'message')}")
        elif tool in self._job.allow_tools:
            yield _dialog(ask, {"confirmed": True})
        else:
            call = self._asked_about(tool, text(message, "message"))
            self._asks[ask] = call.id
            yield Ask(ask, call)

    def _asked_about(self, tool: str, given: str) -> ToolCall:
        """The call that was begun with this input; the request itself names no id."""
        try:
            wanted: Any = json.loads(given)
        except (ValueError, RecursionError):
            wanted = {"input": given}
        asked = tool_call({"toolName": tool, "args": wanted}, self._job.worktree)
        waiting = set(self._asks.values())
        for call in self._calls.values():
            if call.id not in waiting and (call.title, call.input) == (asked.title, asked.input):
                return call
        return asked

    def _prompt(self, message: dict[str, str]) -> Say:
        self._said += 1
        name = f"p{self._said}"
        self._prompts.append(name)
        return Say({"id": name, "type": "prompt", **message})


def _dialog(ask: str, said: dict[str, bool]) -> Say:
    return Say({"type": "extension_ui_response", "id": ask, **said})
