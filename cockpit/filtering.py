"""Which goals fit what the operator typed: words, `!word` for those without it, `@running` for a state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from factory.model.view import RunRow

OVER = frozenset({"done", "cancelled", "failed"})
HINT = "words · !word without · @running @needs @open @done by state · esc shows all"

Test = Callable[[RunRow, str], bool]
"""Whether a goal with this text fits."""

STATUS_WORDS: Mapping[str, Callable[[RunRow], bool]] = {
    "needs": lambda row: row.needs_person,
    "running": lambda row: row.state in {"running", "closing"} and row.step_state != "stalled",
    "stalled": lambda row: row.step_state == "stalled" and row.state not in OVER,
    "blocked": lambda row: row.state == "blocked" or row.blockers > 0,
    "paused": lambda row: row.state == "paused",
    "review": lambda row: row.state == "awaiting_qa",
    "waiting": lambda row: row.state in {"draft", "ready"},
    "open": lambda row: row.state not in OVER,
    "done": lambda row: row.state == "done",
    "failed": lambda row: row.state in {"failed", "cancelled"},
    "over": lambda row: row.state in OVER,
    "unpriced": lambda row: row.unpriced,
}
"""What `@word` means; its beginning is enough."""


@dataclass(frozen=True)
class _Known:
    row: RunRow
    text: str
    fits: bool


@dataclass
class Filter:
    """Remembers per goal what it looked at, so that another picture costs only the goals that changed in it."""

    words: str = ""
    _tests: tuple[Test, ...] = ()
    _known: dict[str, _Known] = field(default_factory=dict)

    def matching(self, rows: tuple[RunRow, ...], words: str) -> tuple[RunRow, ...]:
        """The goals that fit all the words, in their order; all of them when there is no word."""
        tests = tests_of(words)
        if not tests:
            return rows
        if words != self.words:
            self.words, self._tests = words, tests
            self._known = {id: _known(known.row, known.text, tests) for id, known in self._known.items()}
        return tuple([row for row in rows if self._fits(row)])

    def _fits(self, row: RunRow) -> bool:
        known = self._known.get(row.id)
        if known is None or known.row is not row:
            known = self._known[row.id] = _known(row, text_of(row), self._tests)
        return known.fits


def matching(rows: tuple[RunRow, ...], words: str) -> tuple[RunRow, ...]:
    """The goals that fit all the words, in their order; all of them when there is no word."""
    return Filter().matching(rows, words)


def tests_of(words: str) -> tuple[Test, ...]:
    """What each word asks of a goal. A lone `!` or `@` is a word that is still being typed: it asks nothing."""
    return tuple(_test(word) for word in words.casefold().split() if word.strip("!@"))


def text_of(row: RunRow) -> str:
    """What the words are looked for in."""
    return f"{row.goal} {row.id} {row.state} {row.step_kind} {row.domain}".casefold()


def _test(word: str) -> Test:
    if word.startswith("!"):
        inner = _test(word[1:])
        return lambda row, text: not inner(row, text)
    if word.startswith("@"):
        asked = [rule for name, rule in STATUS_WORDS.items() if name.startswith(word[1:])]
        return lambda row, text: any(rule(row) for rule in asked)
    return lambda row, text: word in text


def _known(row: RunRow, text: str, tests: tuple[Test, ...]) -> _Known:
    return _Known(row, text, all(test(row, text) for test in tests))
