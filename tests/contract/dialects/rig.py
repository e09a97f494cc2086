"""Replays a recording through a dialect, as the driver would do it with a living agent.

heard = replay(ClaudeDialect(), recorded("claude-code-2.1.330", "permission_approved"))
assert heard.finished.outcome == "stopped"
assert_sound(heard)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from adapters.agents.dialects.dialect import Conversation, Decision, Dialect, Hold, Job, Message, Say
from factory.model.agent_event import AgentEvent, Ask, Finished, ToolCall, ToolResult, Usage
from factory.model.step import Tokens
from tests.contract.dialects.recording import Recording

Kind = TypeVar("Kind")
Decide = Callable[[Ask], Decision | None]
"""The operator: None leaves the request open."""

ALLOW = Decision(allow=True)


def a_job(**changes: Any) -> Job:
    """A job as the driver hands it over; name what matters for the test."""
    usual: dict[str, Any] = {
        "prompt": "Fix add() in calc.py and run the test",
        "worktree": Path("/repo"),
        "home": Path("/home/op"),
        "program": "agent",
        "session": "11111111-2222-4333-8444-555555555555",
    }
    return Job(**(usual | changes))


@dataclass
class Replayed:
    """All that came of a recording."""

    events: list[AgentEvent] = field(default_factory=list)
    said: list[Message] = field(default_factory=list)
    """What the dialect said to the agent, oldest first."""
    over_after: int | None = None
    """So many messages were heard when the conversation first was over; None = it never was."""

    def of(self, kind: type[Kind]) -> list[Kind]:
        """The events of one kind, oldest first."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def finished(self) -> Finished:
        """The one end."""
        (end,) = self.of(Finished)
        return end

    @property
    def counts(self) -> dict[str, int]:
        """How many events there are of each kind."""
        names = [type(event).__name__ for event in self.events]
        return {name: names.count(name) for name in sorted(set(names))}

    @property
    def kinds(self) -> str:
        """The same in one line without the end, such as `Started Text*2 Usage`."""
        return " ".join(
            kind if count == 1 else f"{kind}*{count}" for kind, count in self.counts.items() if kind != "Finished"
        )

    @property
    def used(self) -> Tokens:
        """The sum of all usage."""
        return total(usage.tokens for usage in self.of(Usage))

    def take(self, come: Iterable[AgentEvent | Say | Hold]) -> list[Ask]:
        """Keep what came; the requests among it wait for an answer."""
        asks = []
        for one in come:
            if isinstance(one, Say):
                self.said.append(one.message)
                continue
            assert not isinstance(one, Hold), "nothing of the kind was recorded"
            self.events.append(one)
            if isinstance(one, Ask):
                asks.append(one)
        return asks


def replay(
    dialect: Dialect,
    recording: Recording,
    job: Job | None = None,
    *,
    decide: Decide = lambda _: ALLOW,
    interrupt_after: int | None = None,
) -> Replayed:
    """Everything that a recording means.

    Args:
        dialect: The agent's dialect.
        recording: Only what the agent said is handed over; what our side said then is there to compare with.
        job: What the conversation is about; a plain one if not given.
        decide: Answers each permission request as soon as it comes.
        interrupt_after: Interrupt politely after so many messages of the agent.
    """
    conversation = dialect.conversation(job or a_job())
    heard = Replayed()
    heard.take(conversation.open())
    for number, message in enumerate(recording.heard, start=1):
        _answer(conversation, heard, heard.take(conversation.hear(message)), decide)
        if number == interrupt_after:
            heard.take(conversation.interrupt())
        if conversation.is_over and heard.over_after is None:
            heard.over_after = number
    heard.events.append(conversation.ended(recording.exit_code, recording.stderr))
    return heard


def assert_sound(heard: Replayed, *, usage_adds_up: bool = True) -> None:
    """What holds for every replay.

    Args:
        heard: The replay.
        usage_adds_up: False only where an agent cannot tell what it used, or tells a total that its calls do not make.
    """
    assert len(heard.of(Finished)) == 1
    assert isinstance(heard.events[-1], Finished)
    _assert_results_have_calls(heard.events)
    if usage_adds_up:
        assert heard.used == heard.finished.tokens
        micros = [usage.micros for usage in heard.of(Usage) if usage.micros is not None]
        assert sum(micros) == (heard.finished.micros or 0)


def total(tokens: Iterable[Tokens]) -> Tokens:
    """The sum of tokens, each sort by itself."""
    all_of_them = list(tokens)
    return Tokens(
        input=sum(each.input for each in all_of_them),
        output=sum(each.output for each in all_of_them),
        cache_read=sum(each.cache_read for each in all_of_them),
        cache_write=sum(each.cache_write for each in all_of_them),
    )


def _answer(conversation: Conversation, heard: Replayed, asks: list[Ask], decide: Decide) -> None:
    """Answer requests, and those that come of an answer, until none is open."""
    while asks:
        decision = decide(asks[0])
        more = heard.take(conversation.answer(asks[0].id, decision)) if decision else []
        asks = asks[1:] + more


def _assert_results_have_calls(events: list[AgentEvent]) -> None:
    called = {event.id for event in events if isinstance(event, ToolCall)}
    orphans = [event.id for event in events if isinstance(event, ToolResult) and event.id not in called]
    assert not orphans, f"results without a call: {orphans}"
