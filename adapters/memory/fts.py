"""The embedded memory: full text search over what earlier runs left, in one SQLite file."""

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Literal

from factory.errors import Refused, Unreachable
from factory.model.outbox import OutboxItem
from factory.ports.knowledge import Hint, Known, nothing_known
from factory.rules.admission import inadmissible_source
from factory.rules.common_words import COMMON_WORDS
from factory.rules.words import normalise

MAX_TERMS = 64
"""Different words of a question that are looked for; a long goal needs no more."""
_WORD = re.compile(r"[^\W_]+")
_FIELDS = ("id", "title", "text", "run", "kind")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS notes (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, text TEXT NOT NULL,
    run TEXT NOT NULL, kind TEXT NOT NULL, sha256 TEXT NOT NULL
);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
    title, text, tokenize = "unicode61 remove_diacritics 2"
);
"""
# `words` holds the normalised text, because the tokenizer alone leaves letters such as đ as they are.
_SEARCH = """
SELECT notes.id, notes.title, notes.text, -bm25(words, 3.0, 1.0) AS score
FROM words JOIN notes ON notes.n = words.rowid
WHERE words MATCH ? ORDER BY score DESC, notes.n DESC LIMIT ?
"""


class FtsMemory:
    """`Memory`, and the `Target` "memory" that fills it: operation `remember`.

    What it gives is guidance, never evidence (I3). Each call opens the file anew, so any thread may call.

    Args:
        path: The file; its folder has to exist. The file is made (0600) when the first note comes.
    """

    name = "memory"

    def __init__(self, path: Path, busy_s: float = 2.0) -> None:
        self._path = path
        self._busy_s = busy_s

    def recall(self, text: str, limit: int = 5) -> tuple[Hint, ...]:
        """The notes that fit the text best, best first; any text will do.

        Raises:
            Unreachable: the file or its folder cannot be used.
        """
        question = match_query(text)
        if not question or limit < 1 or not self._exists():
            return ()
        with self._open() as database:
            found = database.execute(_SEARCH, (question, limit)).fetchall()
        return tuple(Hint(f"memory://{id}", _shown(title, body), score) for id, title, body, score in found)

    def owns(self, source: str) -> bool:
        """Whether a source offered as evidence is a memory record: a reference, or a name of the file itself."""
        if inadmissible_source(source):
            return True
        try:
            real = Path(source).resolve()
            same = real.exists() and self._path.exists() and real.samefile(self._path)
        except (OSError, ValueError):  # no path at all: too long, a NUL, a loop
            return False
        own = self._path.resolve()
        return same or (real.parent == own.parent and real.name.startswith(own.name))

    def deliver(self, item: OutboxItem, _known: Known = nothing_known) -> tuple[Literal["accepted", "delivered"], str]:
        """Remember one note; the same id again replaces it, the same content again changes nothing.

        Raises:
            Unreachable: the file or its folder cannot be used.
            Refused: the item is no note.
        """
        note = _note(item)
        self._make()
        with self._open() as database, database:
            database.execute("BEGIN IMMEDIATE")
            _remember(database, note)
        return "delivered", f"memory://{note['id']}"

    def confirm(self, item: OutboxItem) -> bool:
        """Whether the note is there.

        Raises:
            Unreachable: the file or its folder cannot be used.
            Refused: it is not; it has to be remembered again.
        """
        note = _note(item)
        if self._exists():
            with self._open() as database:
                if database.execute("SELECT 1 FROM notes WHERE id = ?", (note["id"],)).fetchone():
                    return True
        raise Refused(f"Memory has no note {note['id']} any more.", code="gone")

    def _exists(self) -> bool:
        with self._speaking():
            if not self._path.parent.is_dir():
                raise NotADirectoryError(20, "the folder is not there")
            return self._path.exists()

    def _make(self) -> None:
        """Make the file before SQLite does, so that nobody else can ever read it."""
        with self._speaking():
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with (
            self._speaking(),
            closing(sqlite3.connect(self._path, timeout=self._busy_s, isolation_level=None)) as database,
        ):
            database.executescript(_SCHEMA)
            yield database

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """Turn what SQLite and the system say into `Unreachable`."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            why = getattr(error, "strerror", None) or str(error)
            locked = "locked" in why or "busy" in why
            hint = "Another program holds it; it is asked again." if locked else "Bring it back, or move it away."
            code = "locked" if locked else ""
            raise Unreachable(f"The memory {self._path} cannot be used: {why}.", hint, code) from error


def match_query(text: str) -> str:
    """A query that finds notes with any telling word of the text; empty when it has none.

    Every word is quoted, so nothing in it is an operator.
    """
    words = dict.fromkeys(word for word in _WORD.findall(normalise(text)) if word not in COMMON_WORDS)
    return " OR ".join(f'"{word}"' for word in list(words)[:MAX_TERMS])


def _remember(database: sqlite3.Connection, note: dict[str, str]) -> None:
    digest = sha256(json.dumps([note[name] for name in _FIELDS]).encode()).hexdigest()
    known = database.execute("SELECT n, sha256 FROM notes WHERE id = ?", (note["id"],)).fetchone()
    if known and known[1] == digest:
        return
    if known:
        database.execute("DELETE FROM words WHERE rowid = ?", (known[0],))
        database.execute("DELETE FROM notes WHERE n = ?", (known[0],))
    row = database.execute(
        "INSERT INTO notes (id, title, text, run, kind, sha256) VALUES (?, ?, ?, ?, ?, ?)",
        (*(note[name] for name in _FIELDS), digest),
    )
    indexed = (row.lastrowid, normalise(note["title"]), normalise(note["text"]))
    database.execute("INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", indexed)


def _shown(title: str, text: str) -> str:
    return f"{title}: {text}" if title else text


def _note(item: OutboxItem) -> dict[str, str]:
    """The note that an item holds.

    Raises:
        Refused: `malformed`, the item is something else.
    """
    if item.op != "remember":
        raise Refused(f"Memory cannot {item.op!r}, only remember.", code="malformed")
    try:
        payload = json.loads(item.payload)
        note = {name: payload.get(name, "") for name in _FIELDS}
    except (ValueError, AttributeError) as error:
        raise Refused(f"Outbox item {item.id} is not a note.", code="malformed") from error
    if not all(isinstance(value, str) for value in note.values()) or not note["id"]:
        raise Refused(f"Outbox item {item.id} is not a note: it needs a text 'id' and texts only.", code="malformed")
    return {name: value.encode("utf-8", "backslashreplace").decode() for name, value in note.items()}
