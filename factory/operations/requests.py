"""Launching what people asked for in mission control."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from factory.errors import Missing, Refused
from factory.model.launch import Launch
from factory.model.request import Request
from factory.model.run import Run
from factory.operations.results import Started
from factory.operations.start import start
from factory.ports.bundle import Ports
from factory.rules.requests import refs_meant


def wanted(ports: Ports, ref: str, key: str = "") -> Request:
    """The request that somebody names.

    Args:
        key: Idempotency key of who asks; the run that it made may have taken the request.

    Raises:
        Missing: there is none. Refused: `taken`, a run came from it already; or it is not there any more.
    """
    found = [request for name in refs_meant(ref) for request in ports.ledger.find(Request, ref=name)]
    if not found:
        raise Missing(
            f"There is no request {ref!r} of mission control.",
            "Name one that the launch form lists (n, ctrl+t), or give a GOAL.",
        )
    request = found[-1]
    if request.state == "gone":
        raise Refused(f"{request.ref} does not wait for us any more.", "Assign it to us there.", "gone")
    if request.state == "taken" and not (key and ports.ledger.get(Run, request.run).idempotency_key == key):
        raise Refused(f"{request.ref} is worked on by {request.run}.", f"cockpit status {request.run}", "taken")
    return request


def with_request(launch: Launch, request: Request) -> Launch:
    """The launch with the goal of a request, and with what the request says where the launch says nothing."""
    return replace(
        launch,
        goal=request.goal,
        priority=request.priority,
        accept=launch.accept or request.accept,
        repo=_folder(request.repo) if launch.repo == Path() else launch.repo,
        from_mission=request.ref,
    )


def start_request(ports: Ports, request: Request) -> Started:
    """Start the run of a request with the defaults, once.

    Raises:
        Refused: `no_repository`; `taken` meanwhile; and whatever the ready gate raises.
    """
    request = wanted(ports, request.ref, request.ref)
    launch = with_request(Launch(goal="", key=request.ref), request)
    if not request.repo or not launch.repo.is_absolute():
        named = f"names {request.repo!r}, which is no absolute path" if request.repo else "names no repository"
        hint = "Say implementation_repo in its metadata, or repo in [mission] of config.toml."
        raise Refused(f"{request.ref} {named}.", hint, "no_repository")
    return start(ports, launch)


def _folder(text: str) -> Path:
    """The folder that is meant; one of nobody's home stays as it was written."""
    folder = Path(text.replace("\0", ""))
    with suppress(RuntimeError):
        return folder.expanduser()
    return folder
