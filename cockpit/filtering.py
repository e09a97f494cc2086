"""Which goals fit what the operator typed: words, `!word` for those without it, `@running` for a state."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice

from cockpit.ordering import SLICE, is_same_goal
from factory.model.view import RunRow
from factory.rules.changed import followed

OVER = frozenset({"done", "cancelled", "failed"})
HINT = "words · !word without · @running @needs @open @done by state · esc shows all"

Fits = Callable[[RunRow], bool]
"""Whether a goal fits."""
Keep = Callable[[list[int], Sequence[RunRow], Sequence[str]], list[int]]
"""Those of some places whose goals fit one word, given all goals and the text of each: a loop for a hundred thousand
goals, instead of a hundred thousand calls."""

STATUS_WORDS: Mapping[str, Callable[[RunRow], bool]] = {
    "needs": lambda row: row.needs_person,
    "running": lambda row: row.state in {"running", "closing"} and row.step_state != "stalled" and not row.is_queued,
    "stalled": lambda row: row.step_state == "stalled" and row.state not in OVER,
    "blocked": lambda row: row.state == "blocked" or row.blockers > 0,
    "paused": lambda row: row.state == "paused",
    "review": lambda row: row.state == "awaiting_qa",
    "qa": lambda row: row.state == "awaiting_qa",
    "asks": lambda row: row.asks > 0,
    "waiting": lambda row: row.state in {"draft", "ready"},
    "queued": lambda row: row.is_queued,
    "open": lambda row: row.state not in OVER,
    "done": lambda row: row.state == "done",
    "failed": lambda row: row.state in {"failed", "cancelled"},
    "over": lambda row: row.state in OVER,
    "unpriced": lambda row: row.unpriced,
}
"""What `@word` means; its beginning is enough."""


class Filter:
    """Looks through the goals a slice at a time, and then follows them for little more than what changes in them."""

    def __init__(self) -> None:
        self._rows: tuple[RunRow, ...] = ()
        self._words: tuple[str, ...] = ()
        self._keeps: tuple[Keep, ...] = ()
        self._texts: list[str] = []
        """By place: what the words are looked for in; empty where nobody looked yet. None without words."""
        self._places: list[int] = []
        """Of the goals that fit, as far as it has looked; ascending."""
        self._fit: list[RunRow] = []
        """The goals there: gathered a slice at a time, for all at once would hold a key up."""
        self._left: Iterator[int] = iter(())
        """Places where it still has to look; ascending too."""
        self._found: tuple[RunRow, ...] | None = ()
        self.is_whole = True
        """Whether it has looked everywhere."""

    @property
    def found(self) -> tuple[RunRow, ...]:
        """The goals that fit all the words, in their order, as far as it has looked."""
        if self._found is None:
            self._found = tuple(self._fit) if len(self._fit) < len(self._rows) else self._rows
        return self._found

    def want(self, rows: tuple[RunRow, ...], words: str) -> None:
        """Take other words, or another version of the list. A list that is being looked through is looked through
        first, so that a letter more costs only what fits already."""
        wanted = words_of(words)
        if wanted != self._words:
            is_narrower = bool(self._words) and narrows(self._words, wanted)
            self._words, self._keeps = wanted, tuple(map(_keeping, wanted))
            if is_narrower:
                self._look_at(chain(self._places, self._left))
            else:
                self._begin(rows)
        if self.is_whole and rows is not self._rows:
            self._follow(rows)

    def work(self, count: int = SLICE) -> None:
        """Look at one slice more."""
        rows, texts = self._rows, self._texts
        looked_at = list(islice(self._left, count))
        for place in looked_at:
            if not texts[place]:
                texts[place] = text_of(rows[place])
        fitting = _kept(self._keeps, looked_at, rows, texts)
        self._places += fitting
        self._fit += [rows[place] for place in fitting]
        self._found = None
        self.is_whole = len(looked_at) < count

    def fits(self, row: RunRow) -> bool:
        """Whether one goal fits all the words."""
        return bool(_kept(self._keeps, [0], (row,), (text_of(row),)))

    def _begin(self, rows: tuple[RunRow, ...]) -> None:
        if not self._words or rows is not self._rows or not self._texts:
            self._texts = [""] * len(rows) if self._words else []
        self._rows = rows
        self._look_at(iter(range(len(rows))))
        if not self._words:
            self._found, self.is_whole = rows, True

    def _look_at(self, places: Iterator[int]) -> None:
        self._left, self._places, self._fit, self._found, self.is_whole = places, [], [], None, False

    def _follow(self, rows: tuple[RunRow, ...]) -> None:
        way = followed(self._rows, rows, is_same_goal) if self._words else None
        if way is None:
            self._begin(rows)
            return
        front, changed = way
        known, self._rows = front + len(self._rows), rows
        self._texts = [*[""] * front, *self._texts, *[""] * (len(rows) - known)]
        if front:
            self._places = [*range(front), *(place + front for place in self._places)]
            self._fit = [*rows[:front], *self._fit]
            self._found = None
        for place in (*range(front), *changed):
            self._look_again(place)
        self._left, self.is_whole = iter(range(known, len(rows))), known == len(rows)

    def _look_again(self, place: int) -> None:
        at = bisect_left(self._places, place)
        was = at < len(self._places) and self._places[at] == place
        self._texts[place] = text_of(self._rows[place])
        fits = bool(_kept(self._keeps, [place], self._rows, self._texts))
        if was:
            del self._places[at], self._fit[at]
        if fits:
            self._places.insert(at, place)
            self._fit.insert(at, self._rows[place])
        if was or fits:
            self._found = None


def matching(rows: tuple[RunRow, ...], words: str) -> tuple[RunRow, ...]:
    """The goals that fit all the words, in their order; all of them when there is no word."""
    looking = Filter()
    looking.want(rows, words)
    while not looking.is_whole:
        looking.work()
    return looking.found


def fitting(words: str) -> Fits:
    """Whether a goal fits all the words, as a function of the goal."""
    keeps = tuple(map(_keeping, words_of(words)))
    return lambda row: bool(_kept(keeps, [0], (row,), (text_of(row),)))


def text_of(row: RunRow) -> str:
    """What the words are looked for in."""
    return f"{row.goal} {row.id} {row.state} {row.step_kind} {row.domain}".casefold()


def narrows(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """Whether whatever fits the words of after certainly fits those of before: a word more, or a letter more."""
    return all(any(_says_more(word, than) for word in after) for than in before)


def _says_more(word: str, than: str) -> bool:
    if than[0] in "!@":
        return word == than or (than[0] == "@" and word.startswith(than))
    return word[0] not in "!@" and than in word


def words_of(words: str) -> tuple[str, ...]:
    """The words that ask something. A lone `!` or `@` is a word that is still being typed: it asks nothing."""
    return tuple(word for word in words.casefold().split() if word.strip("!@"))


def _kept(keeps: Sequence[Keep], places: list[int], rows: Sequence[RunRow], texts: Sequence[str]) -> list[int]:
    """Those of some places whose goals fit all the words."""
    for keep in keeps:
        places = keep(places, rows, texts)
    return places


def _keeping(word: str) -> Keep:
    if word.startswith("!"):
        return _without(_keeping(word[1:]))
    if word.startswith("@"):
        asked = [rule for name, rule in STATUS_WORDS.items() if name.startswith(word[1:])]
        return lambda places, rows, _: [place for place in places if any(rule(rows[place]) for rule in asked)]
    return lambda places, _, texts: [place for place in places if word in texts[place]]


def _without(keep: Keep) -> Keep:
    def others(places: list[int], rows: Sequence[RunRow], texts: Sequence[str]) -> list[int]:
        kept = set(keep(places, rows, texts))
        return [place for place in places if place not in kept]

    return others
