"""The routing table: frozen values, read from the mapping that a TOML file gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from factory.errors import Malformed
from factory.model.audit import canonical_json

Weights = Mapping[str, int]

_ROW_KEYS = {"domain", "builder", "verifier", "words", "phrases", "paths"}
_HIGHEST = 1000


@dataclass(frozen=True)
class RoutingRow:
    """One domain: who builds, who verifies, and what in a goal speaks for it."""

    domain: str
    builder: str
    """Company of the coder."""
    verifier: str
    """Company of the verifier."""
    words: Weights = field(default_factory=dict)
    """Points per word; `stem*` stands for every ending. A word counts once."""
    phrases: Weights = field(default_factory=dict)
    """Points per phrase found anywhere in the normalised goal."""
    paths: Weights = field(default_factory=dict)
    """Points per file pattern that one of the goal's files fits."""


@dataclass(frozen=True)
class RoutingTable:
    """All rows, first ones first in a tie, and the least score that routes."""

    rows: tuple[RoutingRow, ...]
    minimum: int = 2


def table_from(mapping: Mapping[str, Any]) -> RoutingTable:
    """The table that a mapping with `minimum` and a list of `rows` says.

    Raises:
        Malformed: a key is unknown, missing or of the wrong kind; the sentence names it.
    """
    _only(mapping, {"minimum", "rows"}, "")
    minimum = mapping.get("minimum", 2)
    if not _is_weight(minimum):
        raise _malformed("minimum", f"must be a whole number from 0 to {_HIGHEST}")
    rows = mapping.get("rows")
    if not isinstance(rows, list | tuple) or not rows:
        raise _malformed("rows", "must be a list with at least one row ([[rows]])")
    read = tuple(_row(row, f"rows[{index}]") for index, row in enumerate(rows))
    domains = [row.domain for row in read]
    for index, domain in enumerate(domains):
        if domain in domains[:index]:
            raise _malformed(f"rows[{index}].domain", f"is {domain!r} for the second time")
    return RoutingTable(read, minimum)


def table_digest(table: RoutingTable) -> str:
    """sha256 of the table's content; the order of the rows counts, that of the words does not."""
    rows = [
        {"domain": r.domain, "builder": r.builder, "verifier": r.verifier,
         "words": dict(r.words), "phrases": dict(r.phrases), "paths": dict(r.paths)}
        for r in table.rows
    ]  # fmt: skip
    return sha256(canonical_json({"minimum": table.minimum, "rows": rows}).encode()).hexdigest()


def _row(row: object, at: str) -> RoutingRow:
    if not isinstance(row, Mapping):
        raise _malformed(at, "must be a table")
    _only(row, _ROW_KEYS, f"{at}.")
    domain, builder, verifier = (_name(row, key, at) for key in ("domain", "builder", "verifier"))
    words, phrases, paths = (_weights(row, key, at) for key in ("words", "phrases", "paths"))
    return RoutingRow(domain, builder, verifier, words, phrases, paths)


def _name(row: Mapping[str, Any], key: str, at: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _malformed(f"{at}.{key}", "must be a name")
    return value


def _weights(row: Mapping[str, Any], key: str, at: str) -> Weights:
    value = row.get(key, {})
    if not isinstance(value, Mapping):
        raise _malformed(f"{at}.{key}", 'must be a table of points, such as { "api" = 3 }')
    for name, weight in value.items():
        if not str(name).strip(" *") and key != "paths":
            raise _malformed(f"{at}.{key}.{name!r}", "would fit every goal")
        if not _is_weight(weight):
            raise _malformed(f"{at}.{key}.{name}", f"must be a whole number from 0 to {_HIGHEST}")
    return dict(value)


def _is_weight(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _HIGHEST


def _only(mapping: Mapping[str, Any], known: set[str], at: str) -> None:
    for key in mapping:
        if key not in known:
            raise _malformed(f"{at}{key}", f"is unknown; known are {', '.join(sorted(known))}")


def _malformed(key: str, fault: str) -> Malformed:
    return Malformed(f"The routing table cannot be used: {key} {fault}.", "Correct the routing file.")
