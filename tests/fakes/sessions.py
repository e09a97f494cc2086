"""A `Session` that a test looks into: what it was told, and what it tells."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from factory.model.agent_event import AgentEvent, Finished
from factory.ports.agents import Answer, Live


@dataclass
class FakeSession:
    """Says what the test gave it, and remembers what it was sent."""

    said: list[AgentEvent] = field(default_factory=lambda: [Finished("stopped")])
    state: Live | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    instructions: dict[str, str] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    """Reasons of interrupts and kills."""

    async def events(self) -> AsyncIterator[AgentEvent]:
        """All of it."""
        for event in self.said:
            yield event

    def live(self) -> Live | None:
        """As the test set it."""
        return self.state

    def answer(self, ask: str, answer: Answer) -> None:
        """Remember it; the first one counts."""
        self.answers.setdefault(ask, answer)

    def instruct(self, id: str, text: str) -> None:
        """Remember it."""
        self.instructions.setdefault(id, text)

    def limit(self, id: str, micros: int) -> None:
        """Remember it."""
        self.limits.setdefault(id, micros)

    def interrupt(self, reason: str) -> None:
        """Remember it."""
        self.ended.append(reason)

    def kill(self, reason: str) -> None:
        """Remember it."""
        self.ended.append(reason)
