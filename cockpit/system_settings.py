"""What the operator configured of the systems around the factory; secrets are named by their place, never given."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from cockpit.setting_values import (
    NONE,
    choice,
    command_line,
    line,
    lines,
    path,
    seconds,
    secret_place,
    short_line,
    text_table,
    web_address,
)


class MissionSection(NamedTuple):
    """`[mission]`: a Mission Control that goals and steps are mirrored to, and whose tasks can be launched."""

    url: Annotated[str, web_address] = ""
    """Empty = none."""
    user: Annotated[str, line] = ""
    """Who logs in; empty = the secret is an API key."""
    secret: Annotated[str, secret_place] = ""
    """Where the password, or the key, is kept."""
    project: Annotated[str, line] = ""
    """Name of the project that our tasks go to; empty = the server's own choice."""
    assignee: Annotated[str, short_line(100)] = "cockpit"
    """Tasks that are assigned to this name are requests to us; ours carry it too. Longer fits into no task there."""
    launch: Annotated[str, choice("ask", "auto")] = "ask"
    """`auto`: a request starts its run by itself."""
    repo: Annotated[str, line] = ""
    """Repository of a request that names none."""


class KnowledgeSection(NamedTuple):
    """`[knowledge]`: where pages are kept: in a folder, or in a BookStack."""

    folder: Annotated[str, path] = "knowledge"
    """Absolute, or relative to the home."""
    url: Annotated[str, web_address] = ""
    """Of a BookStack; empty = the folder alone."""
    token: Annotated[str, secret_place] = ""
    """Where its `ID:SECRET` is kept."""
    shelf: Annotated[str, line] = ""
    """Name of the shelf that our book stands on; empty = on none."""
    book: Annotated[str, line] = "Cockpit"


class MemorySection(NamedTuple):
    """`[memory]`: a LightRAG beside the memory of this home."""

    url: Annotated[str, web_address] = ""
    """Empty = none."""
    key: Annotated[str, secret_place] = ""
    """Where its API key is kept; empty = it wants none."""
    project: Annotated[str, line] = "cockpit"
    """First part of the names of our documents, which are unique for the whole server."""
    recall_s: Annotated[float, seconds] = 3.0
    """How long a prompt waits for what it remembers."""


class SinkSection(NamedTuple):
    """`[sinks.NAME]`: another memory of the house, for pages and lessons: a web address, a command or an adapter."""

    url: Annotated[str, web_address] = ""
    command: Annotated[str, command_line] = ""
    """Gets the item as JSON on its input."""
    adapter: Annotated[str, line] = ""
    """Name of a sink that an installed package brings."""
    options: Annotated[Mapping[str, str], text_table] = NONE
    """For the adapter, which says what it takes."""
    secret: Annotated[str, secret_place] = ""
    """Where the key of the signature is kept, empty = unsigned; or what the adapter needs."""
    ops: Annotated[tuple[str, ...], lines(choice("page", "remember"))] = ("page", "remember")


class LookupSection(NamedTuple):
    """`[lookup]`: what `cockpit lookup` asks beside the factory's own knowledge."""

    command: Annotated[str, command_line] = ""
    """Gets the text as its last argument and prints JSON."""
