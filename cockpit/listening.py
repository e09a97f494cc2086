"""What the worker listens to: a Mission Control, when there is one. Nobody else imports what speaks to it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cockpit.settings import Settings
from cockpit.systems import launches_by_itself
from factory.ports.bundle import Ports
from factory.rules.mission import MISSION

if TYPE_CHECKING:
    from adapters.engine.work import Aside
    from factory.workflow.incoming import Incoming


def listeners(ports: Ports, settings: Settings) -> tuple[Aside, ...]:
    """What goes on beside the worker's turns, not started yet.

    Args:
        ports: With the targets that the worker opens.
    """
    if not settings.mission.url:
        return ()
    from adapters.mission.mirror import MissionMirror
    from adapters.mission.mirror_threads import MissionThreads
    from adapters.mission.target import MissionTarget

    target = ports.targets[MISSION]
    assert isinstance(target, MissionTarget)
    assignee = settings.mission.assignee or "cockpit"
    new_mirror = partial(MissionMirror, incoming=_incoming(ports, settings, assignee), assignee=assignee)
    return (MissionThreads(target.client, new_mirror),)


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
