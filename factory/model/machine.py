"""A state machine as data: a table of transitions, and the one way to follow it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from factory.errors import Refused

S = TypeVar("S", bound=str)


@dataclass(frozen=True)
class Machine(Generic[S]):
    """All states of one kind of thing, and every change that may happen to it."""

    name: str
    transitions: Mapping[tuple[S, str], S]
    """(state, event) -> next state. What is not listed is refused."""
    terminal: frozenset[S]
    """States that never change again."""

    @property
    def states(self) -> frozenset[S]:
        """Every state that the table names."""
        return frozenset(state for state, _ in self.transitions) | frozenset(self.transitions.values()) | self.terminal

    @property
    def events(self) -> frozenset[str]:
        """Every event that the table names."""
        return frozenset(event for _, event in self.transitions)

    def allows(self, state: S, event: str) -> bool:
        """Whether `event` may happen in `state`."""
        return (state, event) in self.transitions

    def after(self, state: S, event: str) -> S:
        """The state that `event` leads to.

        Raises:
            Refused: the table does not list it; the sentence names the current state.
        """
        following = self.transitions.get((state, event))
        if following is None:
            over = state in self.terminal
            code = "terminal_state" if over else "wrong_state"
            why = "and that is final" if over else f"where {event!r} cannot happen"
            raise Refused(f"The {self.name} is {state}, {why}.", code=code)
        return following


def table(text: str) -> dict[tuple[Any, str], Any]:
    """A transition table written one rule a line: `from from … : event -> to`."""
    found: dict[tuple[Any, str], Any] = {}
    for line in filter(str.strip, text.splitlines()):
        sources, rule = line.split(":")
        event, target = (part.strip() for part in rule.split("->"))
        for source in sources.split():
            if (source, event) in found:
                raise ValueError(f"{source} lists {event} twice")
            found[source, event] = target
    return found
