"""Takes chance out of what a run left: ids, hashes and times become fixed ones, in the order in which they appear.

Two runs that did the same things differ in nothing else, so their films are the same bytes.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

_ID = re.compile(r"\b([a-z]{3})_([0-9a-hjkmnp-tv-z]{26})\b")
_HASH = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{40})\b")
_SHORT_HASH = re.compile(r"\b[0-9a-f]{7,16}\b")
_TIME = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")
_TAIL = re.compile(r"(?<=[-/ ])[0-9a-z]{4}(?![0-9a-z])")
"""The end of an id, which is its short name."""
_TOOK = (
    (re.compile(r'\btime="[0-9.]+"'), 'time="0.01"'),
    (re.compile(r"\bin [0-9.]+s\b"), "in 0.01s"),
    (re.compile(r"\bseen \d+ s before"), "seen 1 s before"),
    (re.compile(r'\bhostname="[^"]*"'), 'hostname="demo"'),
)
"""What a tool says of how long it took, and where."""
_FIXED = {"version": 1, "latency_ms": 2, "pgid": 4000, "open_ms": 4000, "tries": 1}
"""Fields that only tell how fast the machine was."""


class Canon:
    """What one run's values are called in the film.

    Args:
        names: Texts to replace first, such as paths of this machine.
        moment: The film's time for a time of the run.
    """

    def __init__(self, names: Mapping[str, str], moment: Callable[[str], str]) -> None:
        self._names = sorted(names.items(), key=lambda pair: -len(pair[0]))
        self._moment = moment
        self._ids: dict[str, str] = {}
        self._tails: dict[str, str] = {}
        self._hashes: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._sizes: dict[str, int] = {}

    def learn(self, digest: str, data: bytes) -> str:
        """A file of this digest has this content in the film; its digest there."""
        self._hashes[digest] = made = sha256(data).hexdigest()
        self._sizes[made] = len(data)
        return made

    def text(self, text: str) -> str:
        """A text as the film has it."""
        for name, there in self._names:
            text = text.replace(name, there)
        text = _ID.sub(self._id, text)
        text = _HASH.sub(lambda found: self._hash(found[0]), text)
        text = _TIME.sub(lambda found: self._moment(found[0]), text)
        text = _SHORT_HASH.sub(self._short_hash, text)
        text = _TAIL.sub(lambda found: self._tails.get(found[0], found[0]), text)
        for said, there in _TOOK:
            text = said.sub(there, text)
        return text

    def value(self, value: T) -> T:
        """The same value with every text in it as the film has it."""
        found: Any = value
        if isinstance(value, str):
            found = self.text(value)
        elif isinstance(value, Path):
            found = Path(self.text(str(value)))
        elif is_dataclass(value) and not isinstance(value, type):
            found = self._entity(value)
        elif isinstance(value, Mapping):
            found = {self.value(name): self.value(each) for name, each in value.items()}
        elif isinstance(value, tuple | list):
            found = type(value)(map(self.value, value))
        return found  # type: ignore[no-any-return]

    def _entity(self, value: Any) -> Any:
        named = [each.name for each in fields(value) if each.init]
        made: dict[str, Any] = {name: _FIXED.get(name, self.value(getattr(value, name))) for name in named}
        if "size" in made and made.get("sha256") in self._sizes:
            made["size"] = self._sizes[made["sha256"]]
        if made.get("started_at"):  # by another clock than the ledger's: no two runs agree on what came first
            made["started_at"] = made.get("created_at") or made["ended_at"]
        return replace(value, **made)

    def _id(self, found: re.Match[str]) -> str:
        known = self._ids.get(found[0])
        if known is None:
            kind = found[1]
            self._counts[kind] += 1
            tail = f"{kind[0]}{self._counts[kind]:03d}"
            known = self._ids[found[0]] = f"{kind}_{'0' * 22}{tail}"
            self._tails[found[0][-4:]] = tail
        return known

    def _hash(self, found: str) -> str:
        known = self._hashes.get(found)
        if known is None:
            self._counts["hash"] += 1
            made = sha256(f"hash {self._counts['hash']} of the film".encode()).hexdigest()
            known = self._hashes[found] = made[: len(found)]
        return known

    def _short_hash(self, found: re.Match[str]) -> str:
        whole = next((there for known, there in self._hashes.items() if known.startswith(found[0])), "")
        return whole[: len(found[0])] or found[0]
