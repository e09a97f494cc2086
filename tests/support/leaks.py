"""Looks for credentials in everything below a folder: as they are, encoded, and split by whatever stores them."""

import base64
import json
import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-_]")
_BLANK = re.compile(rb"\s+")


def forms(secret: str) -> frozenset[bytes]:
    """How it may stand somewhere: plain, in JSON, in hexadecimal, in base64 at each of the three places in a word."""
    plain = secret.encode()
    escaped = (json.dumps(secret, ensure_ascii=is_ascii)[1:-1].encode() for is_ascii in (True, False))
    words = (_inside_word(plain, before) for before in range(3))
    coded = chain.from_iterable((word, word.replace(b"+", b"-").replace(b"/", b"_")) for word in words)
    return frozenset({plain, plain.hex().encode(), *escaped, *coded})


def _inside_word(plain: bytes, before: int) -> bytes:
    """The characters of base64 that are the same whatever stands around, when so many bytes stand before."""
    first, last = -(-before * 8 // 6), (before + len(plain)) * 8 // 6
    return base64.b64encode(bytes(before) + plain)[first:last]


def leaks(folder: Path, secrets: Mapping[str, str], without: Collection[Path] = ()) -> list[str]:
    """Every `NAME in FILE` below a folder, beside the files that are there to keep them."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and file not in without]
    return [f"{name} in {file}" for file in files for name in leaked(views(file), secrets)]


def leaked(texts: Collection[bytes], secrets: Mapping[str, str]) -> list[str]:
    """Names of the secrets that stand in one of these texts; a break or a blank anywhere hides none."""
    squeezed = [*texts, *(_BLANK.sub(b"", text) for text in texts)]
    wanted = {name: {form for each in forms(secret) for form in (each, _BLANK.sub(b"", each))}
              for name, secret in secrets.items()}  # fmt: skip
    return [name for name, every in wanted.items() if any(form in text for text in squeezed for form in every)]


def views(file: Path) -> list[bytes]:
    """What a reader could make of a file: its bytes, the cells of a database, the joined pieces of a stream."""
    data = file.read_bytes()
    found = [data]
    if data.startswith(b"SQLite format 3\0"):
        found += _cells(file)
    if file.suffix in (".jsonl", ".cast"):
        pieces: dict[str, list[str]] = {}
        for line in data.splitlines():
            for key, text in _texts(_parsed(line)):
                pieces.setdefault(key, []).append(text)
        found += [_ESCAPES.sub("", "".join(texts)).encode() for texts in pieces.values()]
    return found


def _cells(file: Path) -> list[bytes]:
    """A value that is longer than a page is in pieces in the file."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = chain.from_iterable(database.execute(f'SELECT * FROM "{name}"') for name in names)
        return [cell if isinstance(cell, bytes) else str(cell).encode() for row in rows for cell in row]


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a line, with the key or the place that it stands at."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _texts(each, str(name))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _texts(each, str(place))
