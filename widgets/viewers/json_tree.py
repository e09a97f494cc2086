"""JSON as a tree that can be folded."""

import json
from collections.abc import Iterator
from typing import Any

from widgets.lines import Line, Tone
from widgets.plain import visible
from widgets.viewers.folding import Node
from widgets.viewers.tones import KEYWORD, NAME, NUMBER, STRING

MOST_NODES = 200_000
OPEN_DEPTH = 2
"""What is deeper is folded at first."""
SMALL = 60
"""A document of so few rows is unfolded whole."""


def json_nodes(data: bytes) -> tuple[Node, ...] | str:
    """The tree; why there is none, as a sentence, when it is no JSON, or too much of it. Never raises."""
    try:
        value = json.loads(data.decode("utf-8-sig", "replace"))
    except json.JSONDecodeError as error:
        return f"It is not valid JSON: {error.msg} at line {error.lineno:,}, column {error.colno:,}."
    except (ValueError, RecursionError):
        return "It is JSON that is nested too deeply, or has a number that is too long."
    nodes: list[Node] = []
    for node in _walk(value):
        nodes.append(node)
        if len(nodes) > MOST_NODES:
            return f"It has more than {MOST_NODES:,} values."
    _close(nodes)
    for node in nodes:
        node.is_open = node.depth < OPEN_DEPTH or len(nodes) <= SMALL
    return tuple(nodes)


def _walk(value: Any) -> Iterator[Node]:
    """The nodes without recursion: a document may be nested as deep as it likes."""
    waiting: list[tuple[int, str, Any]] = [(0, "", value)]
    while waiting:
        depth, name, here = waiting.pop()
        yield Node(depth, (*_named(name), *_value(here)), 0)
        if isinstance(here, dict):
            waiting.extend((depth + 1, str(key), one) for key, one in reversed(here.items()))
        elif isinstance(here, list):
            waiting.extend((depth + 1, str(at), here[at]) for at in range(len(here) - 1, -1, -1))


def _close(nodes: list[Node]) -> None:
    """Say where each subtree ends."""
    path: list[Node] = []
    for place, node in enumerate(nodes):
        while path and path[-1].depth >= node.depth:
            path.pop().end = place
        path.append(node)
    for node in path:
        node.end = len(nodes)


def _named(name: str) -> Line:
    return ((visible(name, 200), NAME), (": ", "dim")) if name else ()


def _value(value: Any) -> Line:
    if isinstance(value, dict):
        return ((f"{{{len(value)}}}", "dim"),)
    if isinstance(value, list):
        return ((f"[{len(value)}]", "dim"),)
    if isinstance(value, str):
        return ((f'"{visible(value, 4000)}"', STRING),)
    tone: Tone = KEYWORD if value is None or isinstance(value, bool) else NUMBER
    return ((json.dumps(value)[:400], tone),)
