"""What the operator configured of the systems around the factory; secrets are named by their place, never given."""

from collections.abc import Mapping
from dataclasses import dataclass

from cockpit.setting_values import (
    choice,
    command_line,
    line,
    lines,
    named,
    path,
    seconds,
    secret_place,
    setting,
    short_line,
    text_table,
    web_address,
)


@dataclass(frozen=True)
class MissionSection:
    """`[mission]`: a Mission Control that goals and steps are mirrored to, and whose tasks can be launched."""

    url: str = setting(web_address, "")
    """Empty = none."""
    user: str = setting(line, "")
    """Who logs in; empty = the secret is an API key."""
    secret: str = setting(secret_place, "")
    """Where the password, or the key, is kept."""
    project: str = setting(line, "")
    """Name of the project that our tasks go to; empty = the server's own choice."""
    assignee: str = setting(short_line(100), "cockpit")
    """Tasks that are assigned to this name are requests to us; ours carry it too. Longer fits into no task there."""
    launch: str = setting(choice("ask", "auto"), "ask")
    """`auto`: a request starts its run by itself."""
    repo: str = setting(line, "")
    """Repository of a request that names none."""


@dataclass(frozen=True)
class KnowledgeSection:
    """`[knowledge]`: where pages are kept: in a folder, or in a BookStack."""

    folder: str = setting(path, "knowledge")
    """Absolute, or relative to the home."""
    url: str = setting(web_address, "")
    """Of a BookStack; empty = the folder alone."""
    token: str = setting(secret_place, "")
    """Where its `ID:SECRET` is kept."""
    shelf: str = setting(line, "")
    """Name of the shelf that our book stands on; empty = on none."""
    book: str = setting(line, "Cockpit")


@dataclass(frozen=True)
class MemorySection:
    """`[memory]`: a LightRAG beside the memory of this home."""

    url: str = setting(web_address, "")
    """Empty = none."""
    key: str = setting(secret_place, "")
    """Where its API key is kept; empty = it wants none."""
    project: str = setting(line, "cockpit")
    """First part of the names of our documents, which are unique for the whole server."""
    recall_s: float = setting(seconds, 3.0)
    """How long a prompt waits for what it remembers."""


@dataclass(frozen=True)
class SinkSection:
    """`[sinks.NAME]`: another memory of the house, for pages and lessons: a web address, a command or an adapter."""

    url: str = setting(web_address, "")
    command: str = setting(command_line, "")
    """Gets the item as JSON on its input."""
    adapter: str = setting(line, "")
    """Name of a sink that an installed package brings."""
    options: Mapping[str, str] = named(text_table)
    """For the adapter, which says what it takes."""
    secret: str = setting(secret_place, "")
    """Where the key of the signature is kept, empty = unsigned; or what the adapter needs."""
    ops: tuple[str, ...] = setting(lines(choice("page", "remember")), ("page", "remember"))


@dataclass(frozen=True)
class LookupSection:
    """`[lookup]`: what `cockpit lookup` asks beside the factory's own knowledge."""

    command: str = setting(command_line, "")
    """Gets the text as its last argument and prints JSON."""
