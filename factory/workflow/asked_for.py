"""What the request says that a run came from."""

from factory.model.request import Request
from factory.model.run import Run
from factory.ports.bundle import Ports
from factory.rules.requests import Asked, asked


def asked_for(ports: Ports, run: Run) -> Asked | None:
    """Its description; None for a run that nobody asked for elsewhere, or with a title alone."""
    return asked(ports.ledger.find(Request, run=run.id)) if run.mc_ref else None
