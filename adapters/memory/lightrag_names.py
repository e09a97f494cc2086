"""What our documents are called in a LightRAG, where names are flat and the same for ever."""

import hashlib
import json
import re
from dataclasses import dataclass

from factory.errors import Refused
from factory.model.outbox import OutboxItem

DIGITS = 12
LONGEST = 60
"""Characters of a part of a name; ids of ours are shorter."""
MOST_CHARS = 15_000
"""Of a document: a longer one keeps the models busy for so long that they break off."""
_FORBIDDEN = re.compile(r"[^A-Za-z0-9._]+")


@dataclass(frozen=True)
class Lesson:
    """A note on its way into a LightRAG."""

    source: str
    """Its name there: `<project>--<run>--<kind>--<digest>.md`. Other content has another name: nothing is replaced."""
    text: str


def lesson_of(item: OutboxItem, project: str) -> Lesson:
    """The document that an outbox item becomes; always the same one.

    Raises:
        Refused: `malformed`, the item is no note.
    """
    if item.op != "remember":
        raise Refused(f"LightRAG cannot {item.op!r}, only remember.", code="malformed")
    try:
        note = json.loads(item.payload)
        texts = [note[name] for name in ("id", "text")] + [note.get(name, "") for name in ("title", "run", "kind")]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(f"Outbox item {item.id} is not a note.", code="malformed") from error
    if not all(isinstance(text, str) for text in texts) or not texts[0].strip():
        raise Refused(f"Outbox item {item.id} is not a note: it needs a text 'id' and texts only.", code="malformed")
    id, text, title, run, kind = texts
    # The run in the first line keeps two lessons apart that say the same: the server takes the second for a failure.
    head = f"{project} {id} ({kind or 'note'} of {run or 'no run'}): {title}".strip()
    digest = hashlib.sha256(item.payload.encode()).hexdigest()[:DIGITS]
    source = f"{_part(project)}--{_part(run or id)}--{_part(kind or 'note')}--{digest}.md"
    whole = f"{head}\n\n{text}".encode("utf-8", "backslashreplace").decode()
    return Lesson(source, whole if len(whole) <= MOST_CHARS else f"{whole[:MOST_CHARS]}\n… (cut here)")


def run_of(source: str) -> str:
    """The run that a document of ours is about; empty = it is not one of ours."""
    parts = source.removesuffix(".md").split("--")
    return parts[1] if len(parts) == 4 and len(parts[3]) == DIGITS else ""


def document_id(source: str) -> str:
    """The id that the server gives to a document of this name, known before it is sent."""
    return "doc-" + hashlib.md5(source.encode(), usedforsecurity=False).hexdigest()


def _part(text: str) -> str:
    """A part of a name: nothing in it looks like the end of one."""
    return _FORBIDDEN.sub("-", text)[:LONGEST].strip("-.") or "x"
