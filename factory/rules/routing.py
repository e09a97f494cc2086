"""Routing: which domain a goal belongs to, who builds it and who verifies it, and why (domain §8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from factory.errors import Refused, Usage
from factory.model.run import Route
from factory.rules.default_routes import DEFAULT_ROUTES
from factory.rules.routing_table import RoutingRow, RoutingTable, table_digest, table_from
from factory.rules.words import has_word, words_of
from factory.rules.words import normalise as normalise

__all__ = ["DEFAULT_TABLE", "RoutingRow", "RoutingTable", "normalise", "route", "table_digest", "table_from"]

DEFAULT_TABLE = table_from(DEFAULT_ROUTES)


@dataclass(frozen=True)
class _Fit:
    """How well a row fits: what was found, each with its weight."""

    row: RoutingRow
    found: Mapping[str, int]

    @property
    def score(self) -> int:
        return sum(self.found.values())


def route(goal: str, table: RoutingTable, domain: str = "", paths: Sequence[str] = ()) -> Route:
    """The route of a goal: the row with the most points, ties by table order; an explicit domain wins.

    Args:
        paths: Files that the goal is about, relative to the repository; may be empty.

    Raises:
        Usage: the table has no such domain.
        Refused: `unrouted`, no row reaches the table's minimum; the sentence has every score.
    """
    fits = [_fit(row, goal, paths) for row in table.rows]
    ranked = sorted(fits, key=lambda fit: -fit.score)  # stable: ties stay in table order
    if domain:
        return _made(_chosen(ranked, domain, table), ranked, table, override=domain)
    if not ranked or ranked[0].score < table.minimum:
        raise _unrouted(ranked, table)
    return _made(ranked[0], ranked, table)


def _fit(row: RoutingRow, goal: str, paths: Sequence[str]) -> _Fit:
    words, text = words_of(goal), normalise(goal)
    names = [normalise(path) for path in paths]
    found = {word: weight for word, weight in row.words.items() if has_word(word, words)}
    found |= {phrase: weight for phrase, weight in row.phrases.items() if normalise(phrase) in text}
    found |= {p: weight for p, weight in row.paths.items() if any(fnmatchcase(n, normalise(p)) for n in names)}
    return _Fit(row, found)


def _chosen(ranked: Sequence[_Fit], domain: str, table: RoutingTable) -> _Fit:
    for fit in ranked:
        if fit.row.domain == domain:
            return fit
    known = ", ".join(row.domain for row in table.rows)
    raise Usage(f"There is no domain {domain!r} in the routing table.", f"Known domains: {known}.")


def _made(best: _Fit, ranked: Sequence[_Fit], table: RoutingTable, override: str = "") -> Route:
    others = [fit for fit in ranked if fit is not best]
    next_score = others[0].score if others else 0
    return Route(
        domain=best.row.domain,
        builder=best.row.builder,
        verifier=best.row.verifier,
        rule=_why(best, others, override),
        matched=tuple(best.found),
        score=best.score,
        runner_up=others[0].row.domain if others else "",
        margin=best.score - next_score,
        table_sha256=table_digest(table),
        override=override,
    )


def _why(best: _Fit, others: Sequence[_Fit], override: str) -> str:
    points = ", ".join(f"{name} +{weight}" for name, weight in best.found.items()) or "nothing found"
    rival = f"; next is {others[0].row.domain} with {others[0].score}" if others else ""
    chosen = "the operator chose it; " if override else ""
    return f"{best.row.domain}: {chosen}{points} = {best.score}{rival}"


def _unrouted(ranked: Sequence[_Fit], table: RoutingTable) -> Refused:
    scores = ", ".join(f"{fit.row.domain} {fit.score}" for fit in ranked) or "the table is empty"
    domains = "|".join(row.domain for row in table.rows)
    return Refused(
        f"No domain fits this goal well enough: {scores}; {table.minimum} are needed.",
        f"Choose one with --domain {domains}.",
        code="unrouted",
    )
