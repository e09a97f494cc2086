"""The review card: what the operator must have seen before deciding."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from factory.model.status import ClaimLine, EvidenceLine, ReviewCard
from factory.model.view import RunRow, RunView
from widgets.amounts import cap, money, time_of_day
from widgets.evidence import telling_first
from widgets.lines import Line, fit, fit_right, shorten, spread, wrap
from widgets.marks import TONES, claim_mark, polarity_mark
from widgets.names import evidence_name
from widgets.pane import Pane
from widgets.plain import visible

ELSEWHERE = "Decided elsewhere"
_RANK = {"refuted": 0, "unsupported": 1, "stale": 2, "supported": 3}


@dataclass(frozen=True)
class CardText:
    """The body of a card, and where each claim, or whatever has to be seen, stands in it."""

    lines: tuple[Line, ...]
    claims: Mapping[str, range]
    """Claim id -> the lines that it fills."""


def head_lines(card: ReviewCard, width: int) -> tuple[Line, ...]:
    """Verdict and score; diff, cost and risk; the digest with the code at its front; whose launch it was."""
    good = card.sufficient
    word: Line = (("✓ SUFFICIENT", "good"),) if good else (("✕ NOT SUFFICIENT", "bad"),)
    said = shorten(visible(card.verdict, 30).replace("_", " ") or "nothing", 20)  # never so long that it hides the word
    verdict: Line = (("verifier says ", "dim"), (said, "strong"))
    stat = card.diffstat
    files = stat.get("files", 0)
    diff = f"{files} file{'' if files == 1 else 's'} +{stat.get('added', 0):,} −{stat.get('removed', 0):,}"
    cost = f"{money(card.cost.micros, card.cost.basis)} of {cap(card.cost.cap)} {card.cost.basis}"
    return (
        spread((*word, (f"  score {card.score}, {card.threshold} needed", "")), verdict, width),
        (("diff ", "dim"), (diff, ""), ("   cost ", "dim"), (cost, ""), ("   risk ", "dim"), *_risk(card)),
        (("digest ", "dim"), (card.digest[:4], "warn"), (card.digest[4:], "dim")),
        _launcher(card),
    )


def body_text(card: ReviewCard, width: int) -> CardText:
    """Why it is not sufficient, the claims (refuted and unsupported ones first), the notes, the evidence."""
    lines: list[Line] = []
    for reason in card.reasons:
        lines.extend(_wrapped("✕ ", "bad", reason, width))
    lines.append((("Claims", "strong"), ("  refuted and unsupported first", "dim")))
    places: dict[str, range] = {}
    for claim in sorted(card.claims, key=lambda one: _RANK.get(one.status, 0)):
        start = len(lines)
        lines.extend(_claim(claim, width))
        places[claim.id] = range(start, len(lines))
    for note in card.notes:
        lines.extend(_wrapped("! ", "warn", note, width))
    lines.extend(((), (("Evidence", "strong"), (f"  {len(card.evidence)} items", "dim"))))
    lines.extend(_evidence(item, width) for item in telling_first(card.evidence))
    return CardText(tuple(lines), places)


def decided_words(row: RunRow, view: RunView | None, digest: str) -> str:
    """Who decided a gate elsewhere and when, as far as it was read; and what the goal is now."""
    now = f"the goal is {row.state.replace('_', ' ')} now. esc leaves."
    made = view.approvals if view and view.run.id == row.id else ()
    found = next((one for one in reversed(made) if one.package_digest == digest), None)
    if found is None:
        return f"{ELSEWHERE}: {now}"
    did = "approved" if found.decision == "approve" else "rejected"
    return f"{visible(found.actor, 60)} {did} this package at {time_of_day(found.created_at)}: {now}"


def _risk(card: ReviewCard) -> Line:
    level = str(card.risk.get("level", "unknown"))
    reasons = card.risk.get("reasons", ())
    listed = ", ".join(map(str, reasons)) if isinstance(reasons, list | tuple) else str(reasons)
    return ((visible(level, 12), "warn" if level == "high" else ""), (f" {visible(listed, 80)}", "dim"))


def _launcher(card: ReviewCard) -> Line:
    words: list[tuple[str, bool]] = [
        ("You launched this goal: approving marks it self-approved.", card.self_approved),
        ("A green baseline was allowed.", card.allow_green_baseline),
    ]
    said = " ".join(text for text, holds in words if holds)
    return ((said, "warn"),) if said else (("You did not launch this goal.", "dim"),)


def _claim(claim: ClaimLine, width: int) -> Iterator[Line]:
    mark = claim_mark(claim.status)
    standing = f"{claim.status} {claim.score}" if claim.status == "supported" else claim.status
    room = max(10, width - 2 - 5 - 15)
    text = visible(claim.text, 600) + ("" if claim.required else " (optional)")
    first, *rest = wrap(text, room, 12)
    yield (
        (f"{mark} ", TONES[mark]), (f"{fit(visible(claim.id, 16), 4)} ", "strong"), (fit(first, room), ""),
        (f" {fit_right(standing, 14)}", TONES[mark]),
    )  # fmt: skip
    for part in rest:
        yield (("       ", ""), (part, ""))


def _evidence(item: EvidenceLine, width: int) -> Line:
    mark = polarity_mark(item.polarity)
    claims = fit(visible(",".join(item.claims), 30), 10)
    name = fit(evidence_name(item.path), max(10, width - 2 - 11 - 8 - 4))
    return (
        (f"{mark} ", TONES[mark]),
        (name, ""),
        (f" {claims} {fit(item.kind, 7)} {fit_right(str(item.score), 3)}", "dim"),
    )


def _wrapped(mark: str, tone: str, text: str, width: int) -> Iterator[Line]:
    for number, part in enumerate(wrap(visible(text, 400), width - 2, 6)):
        yield ((mark if number == 0 else "  ", "bad" if tone == "bad" else "warn"), (part, ""))


class CardBody(Pane, can_focus=False):
    """Draws the body of a card and knows which of its claims have been on screen as a whole."""

    DEFAULT_CSS = "CardBody { border: none; border-top: solid $rule; height: 1fr; padding: 0; }"

    def __init__(self) -> None:
        super().__init__(id="body")
        self._write: Callable[[int], CardText] | None = None
        self._text = CardText((), {})
        self._seen_lines: set[int] = set()

    def show_text(self, write: Callable[[int], CardText]) -> None:
        """Draw what `write` makes for the width."""
        self._write = write
        self.show(self._lines_for)

    def claims_seen(self) -> frozenset[str]:
        """The claims of which every line has been on screen at this width, counting what is on screen now."""
        self._seen_lines |= set(self.on_screen)
        return frozenset(id_ for id_, place in self._text.claims.items() if self._seen_lines.issuperset(place))

    def _lines_for(self, width: int) -> tuple[Line, ...]:
        if self._write is None:
            return ()
        self._text = self._write(width)
        self._seen_lines = set()
        return self._text.lines
