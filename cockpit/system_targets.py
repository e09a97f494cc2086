"""The systems around the factory, opened: for the worker alone; nobody else imports what speaks to them."""

import shlex
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from adapters.evidence.folder_store import FolderStore
from adapters.knowledge.bookstack_wire import ASKS
from adapters.late_target import LateProbed, LateTarget, Opened
from cockpit.settings import Settings
from cockpit.system_secrets import Secrets, every_secret
from cockpit.system_settings import KnowledgeSection, SinkSection
from cockpit.systems import sink_name
from factory.errors import Malformed
from factory.ports.bundle import Ports


def with_systems(ports: Ports, settings: Settings, secrets: Secrets | None = None) -> Ports:
    """The ports with what only the worker opens: a target for each system, and what it can be asked.

    A system whose secret is missing says so with each item, until it is there. The values go to the evidence store.

    Args:
        secrets: Those that are known so far; those that are read later are added to them.
    """
    secrets = secrets or every_secret(settings)
    targets = {target.name: target for target in _targets(settings, secrets)}
    if not (targets or settings.memory.url or settings.mission.url):
        return ports
    found = replace(ports, evidence=FolderStore(settings.home, secrets.values), targets={**ports.targets, **targets})
    found = _with_lightrag(found, settings, secrets) if settings.memory.url else found
    found = _with_mission(found, settings, secrets) if settings.mission.url else found
    return found


def ask_early(ports: Ports, settings: Settings) -> None:
    """Find out before the first run whether the memory answers, so that no run waits for one that does not."""
    if settings.memory.url:
        from adapters.memory.with_lightrag import MemoryWithLightRag

        assert isinstance(ports.memory, MemoryWithLightRag)
        ports.memory.ask_early()


def _targets(settings: Settings, secrets: Secrets) -> Iterator[LateTarget]:
    """Those that open with their first item."""
    if settings.knowledge.url:
        yield LateProbed("bookstack", partial(_bookstack, settings.knowledge, secrets), ASKS)
    for name, sink in settings.sinks.items():
        yield LateTarget(sink_name(name), partial(_sink, sink_name(name), sink, secrets, settings.home))


def _bookstack(section: KnowledgeSection, secrets: Secrets) -> Opened:
    from adapters.knowledge.bookstack import BookStackTarget
    from adapters.knowledge.bookstack_book import Book
    from adapters.knowledge.bookstack_client import BookStackClient

    if not section.token:
        raise Malformed("BookStack wants a token.", "Say in [knowledge] token of config.toml where its ID:SECRET is.")
    client = BookStackClient(section.url, secrets.read_token(section.token))
    return BookStackTarget(client, Book(client, section.book, section.shelf))


def _sink(name: str, section: SinkSection, secrets: Secrets, home: Path) -> Opened:
    if section.command:
        from adapters.sinks.command import CommandSink

        return CommandSink(name, shlex.split(section.command), home)
    if section.adapter:
        from adapters.sinks.brought import open_brought

        return open_brought(name, section.adapter, section.options, partial(secrets.read, section.secret))
    from adapters.sinks.webhook import WebhookSink

    return WebhookSink(name, section.url, secrets.read(section.secret))


def _with_mission(ports: Ports, settings: Settings, secrets: Secrets) -> Ports:
    from adapters.mission.client import open_mission
    from adapters.mission.target import MissionTarget
    from factory.workflow.contradictions import Contradictions

    section = settings.mission
    read = secrets.read if section.user else secrets.read_token  # a password is no header
    client = open_mission(section.url, section.user, partial(read, section.secret))
    told = Contradictions(ports.ledger, ports.clock)
    target = MissionTarget(client, section.assignee, section.project, told)
    return replace(ports, targets={**ports.targets, target.name: target})


def _with_lightrag(ports: Ports, settings: Settings, secrets: Secrets) -> Ports:
    from adapters.memory.lightrag import AT_ONCE, LightRagTarget
    from adapters.memory.lightrag_client import LightRagClient
    from adapters.memory.with_lightrag import MemoryWithLightRag

    section, key = settings.memory, partial(secrets.read_token, settings.memory.key)
    target = LightRagTarget(LightRagClient(section.url, key), section.project)
    asked = LightRagClient(section.url, key, read_s=section.recall_s, whole_s=section.recall_s)
    return replace(
        ports,
        memory=MemoryWithLightRag(ports.memory, asked, section.recall_s),
        targets={**ports.targets, target.name: target},
        at_once={**ports.at_once, target.name: AT_ONCE},
    )
