"""How a BookStack searches and lists."""

import re
from collections.abc import Mapping
from typing import Any

Thing = dict[str, Any]


def hits(things: list[Thing], query: str) -> list[Thing]:
    """What a search finds: every `[name=value]` and `{type:…}` of it. Other words are not looked at here."""
    wanted = re.findall(r"\[([^=\]]+)=([^\]]*)\]", query)
    kinds = re.findall(r"\{type:([^}]*)\}", query)
    return [
        thing
        for thing in things
        if (not kinds or thing["type"] in kinds[0].split("|"))
        and all(any(_is(tag, name, value) for tag in thing["tags"]) for name, value in wanted)
    ]


def _is(tag: Thing, name: str, value: str) -> bool:
    """A value that looks like a number is compared as one, as MySQL does it."""
    if tag["name"] != name:
        return False
    if re.fullmatch(r"-?\d+(\.\d+)?", value):
        found = re.match(r"-?\d+(\.\d+)?", str(tag["value"]))
        return found is not None and float(found[0]) == float(value)
    return bool(str(tag["value"]) == value)


_FIELDS = frozenset({"id", "book_id", "chapter_id", "name", "slug", "draft", "created_at", "updated_at"})


def listed(things: list[Thing], params: Mapping[str, str]) -> tuple[list[Thing], int]:
    """A page of a list, and how many there are in all; a filter by an unknown field is ignored."""
    for key, value in params.items():
        found = re.fullmatch(r"filter\[(\w+)\]", key)
        if found and found[1] in _FIELDS:
            things = [thing for thing in things if str(thing.get(found[1])).lower() == value.lower()]
    sort = params.get("sort", "+name")
    field = sort.lstrip("+-")
    ordered = sorted(things, key=lambda thing: thing.get(field) or 0, reverse=sort.startswith("-"))
    offset, count = int(params.get("offset", "0")), min(int(params.get("count", "100")), 500)
    return ordered[offset : offset + count], len(things)
