"""One process that speaks the Agent Client Protocol: from `initialize` to the answer to our last prompt."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from adapters.agents.dialects import jsonrpc
from adapters.agents.dialects.acp_meter import SessionMeter
from adapters.agents.dialects.acp_permission import Permissions
from adapters.agents.dialects.acp_profiles import Profile
from adapters.agents.dialects.acp_turn import Turn
from adapters.agents.dialects.acp_updates import Updates
from adapters.agents.dialects.crash import crash
from adapters.agents.dialects.dialect import Decision, Job, Message, Say
from adapters.agents.dialects.fields import each, mapping, text, value
from adapters.agents.dialects.notes import noted
from adapters.agents.dialects.sums import Sums
from factory.model.agent_event import (
    AgentEvent,
    Denied,
    Finished,
    Note,
    Outcome,
    Started,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Usage,
)

VERSION = 1
"""Of the protocol."""
PROMPT, STEER, ASK = "session/prompt", "_session/steering", "session/request_permission"
Heard = Iterator[AgentEvent | Say]
_DOINGS = (Text, Thinking, ToolCall)
"""What comes of a model call."""


class AcpConversation:
    """One process."""

    def __init__(self, job: Job, profile: Profile) -> None:
        self.is_over = False
        self._job, self._profile = job, profile
        self._requests = jsonrpc.Requests()
        self._session = ""
        self._agent: Message = {}
        """The answer to `initialize`."""
        self._sums, self._turn = Sums(job.model), Turn(hides_failures=profile.hides_failures)
        self._meter = SessionMeter(self._sums, bool(job.resume), profile.tells_last_step)
        self._updates = Updates(job.worktree, self._turn)
        self._permissions = Permissions(job)
        self._next: list[str] = []
        """What is said when the turn is over."""
        self._end: tuple[Outcome, str] | None = None
        self._answers: Mapping[str, Callable[[Message], Heard]] = {
            "initialize": self._on_initialized,
            "session/new": self._on_session,
            "session/resume": self._on_session,
            "session/load": self._on_session,
            PROMPT: self._on_turn_ended,
            STEER: self._on_steered,
        }

    def open(self) -> Iterable[Say]:
        """Who we are. Files and terminals are the agent's own business: we offer none."""
        about = {"name": "cockpit", "version": "0.1"}
        yield self._requests.ask("initialize", {"protocolVersion": VERSION, "clientInfo": about})

    def hear(self, message: Message) -> Heard:
        """One line."""
        method = text(message, "method")
        if method == "session/update":
            return self._on_update(mapping(message, "params", "update"))
        if method == ASK and "id" in message:
            return self._on_ask(message)
        if method and "id" in message:
            note = Note(f"It asked for {method}, which is not offered.")
            return iter((note, jsonrpc.refuse(message["id"], method)))
        if not method and (answered := self._requests.answered(message)):
            return self._on_answer(answered, message)
        return iter((noted(message),))

    def hear_rollout(self, message: Message) -> Iterator[Usage]:
        """What a step used, from the database of its sessions, where the program has one that we know."""
        return self._meter.step_told(self._profile.step(message), text(message, "reason") == "tool-calls")

    def answer(self, ask: str, decision: Decision) -> Iterable[AgentEvent | Say]:
        """The protocol has no place for words: they follow as an instruction, or as the next prompt."""
        if not self._permissions.is_open(ask):
            return
        if decision.allow:
            yield self._permissions.allow(ask)
            return
        self._turn.is_refused = True
        if decision.stop:
            self._turn.is_stopped = True
            yield from self.interrupt()
            return
        yield self._permissions.refuse(ask)
        if decision.words:
            steering = [] if self._profile.refusal_ends_turn else self.instruct(decision.words)
            yield from steering
            if not steering:
                self._next.append(decision.words)

    def instruct(self, words: str) -> list[Say]:
        """Where the agent can be steered in the middle of a turn, it is."""
        if not (self._requests.waits_for(PROMPT) and value(self._agent, "_meta", "steering", "supported") is True):
            return []
        # If the turn is over by then, the answer says so, and the words become a prompt.
        self._next.append(words)
        how = {"steering": {"idleBehavior": "promptRequired"}}
        return [self._requests.ask(STEER, {**self._said(words), "_meta": how})]

    def interrupt(self) -> Iterable[Say]:
        """Requests that wait are answered first: the agent waits for them."""
        self._turn.is_interrupted = True
        self._next.clear()
        yield from self._permissions.cancel()
        if self._requests.waits_for(PROMPT):
            yield jsonrpc.tell("session/cancel", {"sessionId": self._session})

    def ended(self, exit_code: int | None, stderr: str) -> Finished:
        """The end of the connection; without an answer to our prompt it is a crash."""
        cut: Outcome = "interrupted" if self._turn.is_interrupted else "crashed"
        outcome, reason = self._end or (cut, crash(exit_code, stderr))
        session = self._session or self._job.resume
        if self._requests.waits_for(PROMPT) and not self._turn.is_idle:
            self._sums.lose(self._meter.guess())
        return self._sums.finished(outcome, reason, session, exit_code, self._updates.saying or self._turn.said)

    # Answers to our requests.

    def _on_answer(self, method: str, message: Message) -> Heard:
        error = mapping(message, "error")
        is_good = message.get("error") is None and "result" in message
        if is_good or method == STEER:
            yield from self._answers[method](mapping(message, "result"))
        elif method == PROMPT:
            yield from self._updates.flush()
            yield from self._turn_over({}, *self._turn.failed(error))
        else:
            outcome, words = self._turn.failed(error)
            yield from self._over(outcome if outcome == "auth" else "crashed", f"{method}: {words}")

    def _on_initialized(self, result: Message) -> Heard:
        self._agent = result
        where: dict[str, Any] = {"cwd": str(self._job.worktree), "mcpServers": []}
        if meta := self._profile.meta(self._job):
            where["_meta"] = meta
        can = mapping(result, "agentCapabilities")
        if value(result, "protocolVersion") != VERSION:
            yield from self._over("crashed", f"It speaks version {value(result, 'protocolVersion')} of the protocol.")
        elif not self._job.resume:
            yield self._requests.ask("session/new", where)
        elif value(can, "sessionCapabilities", "resume") is not None:
            yield self._requests.ask("session/resume", {"sessionId": self._job.resume, **where})
        elif value(can, "loadSession") is True:
            yield self._requests.ask("session/load", {"sessionId": self._job.resume, **where})
        else:
            yield from self._over("crashed", "It cannot go on with a session.")

    def _on_session(self, result: Message) -> Heard:
        self._session = text(result, "sessionId") or self._job.resume
        self._sums.model = _model(result) or self._sums.model
        self._updates.banner = text(result, "_meta", "piAcp", "startupInfo")
        yield Started(self._session, self._sums.model, text(self._agent, "agentInfo", "version"))
        if self._turn.is_interrupted:
            yield from self._over("interrupted", "before it began")
        else:
            yield self._prompt(self._job.prompt)

    def _on_turn_ended(self, result: Message) -> Heard:
        yield from self._updates.flush()
        yield from self._turn_over(result, *self._turn.ended(text(result, "stopReason")))

    def _turn_over(self, result: Message, outcome: Outcome, words: str) -> Heard:
        yield from self._meter.turn_ended(result, self._turn.has_worked(outcome))
        yield from self._over(outcome, words)

    def _on_steered(self, result: Message) -> Heard:
        """Steered into the turn, the words are said; else they come with the next prompt."""
        if text(result, "outcome") == "injected" and self._next:
            del self._next[0]
        yield from self._go_on()

    def _over(self, outcome: Outcome, words: str) -> Heard:
        self._end = outcome, words
        yield from self._go_on()

    def _go_on(self) -> Heard:
        """Say what is left to say; with nothing left, all is over."""
        if self._end is None or self._requests.waits_for(PROMPT) or self._requests.waits_for(STEER):
            return
        if self._next and self._end[0] in ("stopped", "denied"):
            words, self._next = "\n\n".join(self._next), []
            self._end = None
            self._turn.begin()
            yield self._prompt(words)
        else:
            self.is_over = True

    # What it says by itself.

    def _on_update(self, update: Message) -> Heard:
        if text(update, "sessionUpdate") == "usage_update":
            yield from self._meter.hear(update)
            return
        if self._job.resume and self._requests.waits_for("session/load"):  # it tells again what was before
            return
        for event in self._updates.hear(update):
            if isinstance(event, ToolResult):
                self._meter.tool_ended()
            elif isinstance(event, _DOINGS):
                self._meter.goes_on()
            yield event
            if isinstance(event, Text) and not event.final:
                yield from self._meter.said(len(event.text))

    def _on_ask(self, message: Message) -> Heard:
        about = mapping(message, "params", "toolCall")
        yield from self._updates.flush()
        yield from self._updates.asked(about)
        found = self._permissions.asked(message, self._updates.call(text(about, "toolCallId")))
        for one in found:
            self._turn.is_refused = self._turn.is_refused or isinstance(one, Denied)
            yield one

    def _prompt(self, words: str) -> Say:
        self._meter.prompted(words)
        return self._requests.ask(PROMPT, self._said(words))

    def _said(self, words: str) -> dict[str, Any]:
        return {"sessionId": self._session, "prompt": [{"type": "text", "text": words}]}


def _model(result: Message) -> str:
    """The model of a session, without its provider."""
    chosen = (text(one, "currentValue") for one in each(result, "configOptions") if text(one, "category") == "model")
    return next(chosen, text(result, "models", "currentModelId")).rpartition("/")[2]
