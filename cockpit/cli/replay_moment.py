"""`replay --at`: a recording as it was right after one event, as words or as JSON."""

from dataclasses import asdict
from typing import Any

from cockpit.cli.call import Call
from cockpit.cli.recordings import Recording
from cockpit.cli.status_text import status_text
from cockpit.cli.watching import status_value
from factory.errors import Malformed, Usage
from factory.model.source import Source
from factory.model.status import Status
from factory.operations.inspect import port_sources
from factory.rules.blinding import blinded
from factory.rules.status import status as status_of

CHANGED = 3


def show_moment(call: Call, recording: Recording, seq: int) -> int:
    """Print the status right after an event; of a file also whether it is what was recorded."""
    ledger = recording.flight.ledger
    if not ledger.first <= seq <= ledger.last:
        what = f"--at {seq}: {ledger.run} was recorded from {ledger.first} to {ledger.last}."
        raise Usage(what, f"--at {min(max(seq, ledger.first), ledger.last)}")
    ledger.seek(seq)
    try:
        status = moment_status(recording)
    except (TypeError, ValueError) as error:  # a stranger's file may call anything a time
        raise Malformed(f"Moment {seq} of this recording cannot be read: {error}.") from error
    value: dict[str, Any] = status_value(status) | {"seq": ledger.seq}
    proof = recording.flight.check() if recording.file is not None else None
    if proof is not None:
        value["recording"] = {"ok": proof.ok, **asdict(proof)}
    call.out.show(value, lambda: f"{status_text(status)}\n{'moment':<11}{ledger.seq}  {ledger.at}")
    if proof is not None:
        call.out.say(proof.sentence)
    return 0 if proof is None or proof.ok else CHANGED


def moment_status(recording: Recording) -> Status:
    """The eight fields at the moment where a recording stands; ages are those of then."""
    ledger = recording.flight.ledger
    view = blinded(ledger.view(ledger.run))
    sources = {"ledger": Source("live", 0.0), "worker": Source("unknown", 0.0), **port_sources(view, ledger.at)}
    return status_of(view, str(recording.flight.evidence), sources, ledger.at, recording.clone)
