"""Looking something up: past runs, memory, agents, and every other place that the caller knows. Stores nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from factory.errors import SourceError
from factory.ports.agents import AgentInfo
from factory.ports.bundle import Ports
from factory.ports.lookup import Found, Lookup
from factory.rules.fitting import Wanted

MOST_RUNS = 1_000
"""How many of the newest runs are looked at."""
LIMIT = 10
"""Of each source."""


@dataclass(frozen=True)
class LookedUp:
    """What was found, best first, and why some places gave nothing."""

    items: tuple[Found, ...]
    notices: tuple[str, ...] = ()


def lookup(ports: Ports, text: str, others: Sequence[Lookup] = (), limit: int = LIMIT) -> LookedUp:
    """Everything that fits a text; a place that cannot be asked is named, and the rest counts."""
    wanted, found, notices = Wanted(text), list[Found](), list[str]()

    def look(call: Callable[[], tuple[Sequence[Found], str]]) -> None:
        try:
            some, notice = call()
        except SourceError as error:
            some, notice = (), error.message
        found.extend(some)
        notices.extend([notice] if notice else [])

    look(lambda: _best(_runs(ports, wanted), limit))
    look(lambda: (_remembered(ports, text, wanted, limit), ""))
    look(lambda: _best(_agents(ports, wanted), limit))
    for other in others:
        look(lambda other=other: other.find(text, limit))  # type: ignore[misc]  # the default is no argument to give
    return LookedUp(tuple(sorted(found, key=lambda one: -one.score)), tuple(notices))


def _best(found: Iterator[Found], limit: int) -> tuple[Sequence[Found], str]:
    """The best of them; in their own order where they fit equally well."""
    return sorted((one for one in found if one.score), key=lambda one: -one.score)[:limit], ""


def _runs(ports: Ports, wanted: Wanted) -> Iterator[Found]:
    for row in ports.ledger.rows(limit=MOST_RUNS):
        about = f"{row.state}, {row.domain}, begun {row.created_at[:10]}, coder {row.coder}"
        yield Found("run", wanted.line(row.goal), about, row.id, wanted.score(row.goal, row.id))


def _remembered(ports: Ports, text: str, wanted: Wanted, limit: int) -> Sequence[Found]:
    """Whatever memory offers: it has its own way to find things."""
    hints = ports.memory.recall(text, limit)
    return [Found("memory", wanted.line(hint.text), hint.text, hint.ref, wanted.score(hint.text)) for hint in hints]


def _agents(ports: Ports, wanted: Wanted) -> Iterator[Found]:
    for info in ports.agents.list():
        about = _about(info)
        yield Found("agent", info.name, about, f"agent:{info.name}", wanted.score(info.name, about))


def _about(info: AgentInfo) -> str:
    state = "ready" if info.ready else info.hint or "not ready"
    return ", ".join(filter(None, [info.version, state, f"tier {info.tier}", *info.can]))
