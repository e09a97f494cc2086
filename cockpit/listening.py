"""What the worker listens to: a Mission Control, when there is one. Nobody else imports what speaks to it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cockpit.settings import Settings
from cockpit.system_secrets import Secrets
from cockpit.systems import agent_secrets, launches_by_itself
from factory.ports.bundle import Ports

if TYPE_CHECKING:
    from adapters.engine.work import Aside
    from adapters.mission.client import MissionClient
    from factory.workflow.incoming import Incoming


def listeners(ports: Ports, settings: Settings) -> tuple[Aside, ...]:
    """What goes on beside the worker's turns, not started yet."""
    if not settings.mission.url:
        return ()
    from adapters.mission.mirror import MissionMirror
    from adapters.mission.mirror_threads import MissionThreads

    assignee = settings.mission.assignee or "cockpit"
    incoming = _incoming(ports, settings, assignee)
    new_mirror = partial(MissionMirror, incoming=incoming, assignee=assignee)
    return (MissionThreads(_client(settings), _client(settings), new_mirror),)


def _incoming(ports: Ports, settings: Settings, assignee: str) -> Incoming:
    from factory.operations.requests import start_request
    from factory.workflow.incoming import Incoming, Listening
    from factory.workflow.proposing import Proposals
    from factory.workflow.remarks import Remarks
    from factory.workflow.requested import Requests

    section, ledger, clock = settings.mission, ports.ledger, ports.clock
    launch = partial(start_request, ports) if launches_by_itself(settings) else None
    return Incoming(
        requests=Requests(ledger, clock, section.url, assignee, section.repo, launch),
        proposals=Proposals(ledger, clock),
        remarks=Remarks(ledger),
        seen=Listening(ledger, clock),
    )


def _client(settings: Settings) -> MissionClient:
    from adapters.mission.client import open_mission

    section, secrets = settings.mission, Secrets(settings.home, agent_secrets(settings))
    read = secrets.read if section.user else secrets.read_token  # a password is no header
    return open_mission(section.url, section.user, partial(read, section.secret))
