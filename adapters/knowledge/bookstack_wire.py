"""What a BookStack answers, and tag values that it can search for."""

import re
from collections.abc import Mapping
from hashlib import sha256

from pydantic import BaseModel, ConfigDict

ASKS = "GET /api/books and GET /api/system with our token"
"""What is read to see whether a wiki works for us."""
LONGEST_NAME = 255
LONGEST_TAG = 191
"""A longer one would be cut without a word."""
Tags = Mapping[str, str]


class Wire(BaseModel):
    """An answer. Unknown fields are the server's business."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class WireTag(Wire):
    """A tag."""

    name: str
    value: str | None = ""


class WireThing(Wire):
    """A page, book or shelf, as far as all of them and their hits in a search are alike."""

    id: int
    name: str
    type: str = ""
    """`page`, `book`, `bookshelf`; only in a search."""
    tags: tuple[WireTag, ...] = ()

    def is_tagged(self, tags: Tags) -> bool:
        """Whether it really has all of these: a list may hold what nobody asked for."""
        own = {(tag.name, tag.value or "") for tag in self.tags}
        return own.issuperset(tags.items())

    def tag(self, name: str) -> str:
        """The value of a tag; empty without one."""
        return next((tag.value or "" for tag in self.tags if tag.name == name), "")


class WirePage(WireThing):
    """A page that was read."""

    markdown: str = ""
    """Empty when somebody saved it with the visual editor."""
    tags: tuple[WireTag, ...]
    revision_count: int = 0


class WireShelf(WireThing):
    """A shelf that was read."""

    books: tuple[WireThing, ...] = ()


class WireList(Wire):
    """A list, or the hits of a search."""

    data: tuple[WireThing, ...]


class WireSystem(Wire):
    """About the server."""

    version: str


def tag_value(text: str) -> str:
    """A value that is searched for as it is: plain characters, a letter first, and different for different texts."""
    plain = re.sub(r"[^A-Za-z0-9._:-]", "-", text)
    plain = plain if plain[:1].isalpha() else f"x-{plain}"
    if plain == text and len(plain) <= LONGEST_TAG:
        return plain
    mark = sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:8]
    return f"{plain[: LONGEST_TAG - 9]}-{mark}"


def short_name(name: str, tail: str = "") -> str:
    """A name with its tail, cut to what a name may have."""
    room = LONGEST_NAME - len(tail)
    return (name if len(name) <= room else f"{name[: room - 1]}…") + tail


def tag_list(*groups: Tags) -> list[dict[str, str]]:
    """Tags as they are sent."""
    return [{"name": name, "value": value} for group in groups for name, value in group.items()]
