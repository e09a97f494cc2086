"""Where `cockpit lookup` looks beside the ledger, as configured. What speaks to a server is imported only here."""

import shlex
from collections.abc import Iterator
from functools import partial

from adapters.command_lookup import CommandLookup
from adapters.credentials import read_secret
from adapters.knowledge.folder_lookup import FolderLookup
from cockpit.settings import Settings
from factory.ports.lookup import Lookup


def lookups(settings: Settings) -> tuple[Lookup, ...]:
    """Pages, a LightRAG, a program: those that are there."""
    return tuple(_lookups(settings))


def _lookups(settings: Settings) -> Iterator[Lookup]:
    yield FolderLookup(settings.knowledge_folder)
    if settings.memory.url:
        yield _lightrag(settings)
    if settings.lookup.command:
        yield CommandLookup(shlex.split(settings.lookup.command))


def _lightrag(settings: Settings) -> Lookup:
    from adapters.memory.lightrag_client import LightRagClient
    from adapters.memory.lightrag_lookup import LightRagLookup

    section = settings.memory

    def key() -> str:
        return read_secret(section.key, settings.home) if section.key else ""

    wait = section.recall_s
    return LightRagLookup(partial(LightRagClient, section.url, key, read_s=wait, whole_s=wait))
