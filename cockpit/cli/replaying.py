"""`replay`: a run as it was at any moment, and as a file that can be replayed anywhere."""

from __future__ import annotations

import shlex
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cockpit.cli.call import Call, current
from cockpit.cli.values import at_least
from cockpit.skeleton import has_terminal
from factory.errors import SourceError, Usage

if TYPE_CHECKING:
    from adapters.flight.proof import Proof
    from cockpit.cli.recordings import Recording  # with libraries that --help need not wait for


def replay(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="RUN|FILE", help="A run, or a file that --export wrote.")],
    export: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the run to FILE, without secrets.")] = None,
    force: Annotated[bool, typer.Option("--force", help="With --export: overwrite FILE.")] = False,
    at: Annotated[int | None, typer.Option(metavar="SEQ", help="Print the status right after this event.")] = None,
    speed: Annotated[float, typer.Option(metavar="N", help="How many times as fast as it happened.")] = 1.0,
) -> int:
    """Show a run as it was, from its first event to its last."""
    call = current(context)
    at_least("--speed", speed, 0.1)
    if export is not None and at is not None:
        raise Usage("--export and --at are two things.", "Call it twice.")
    if export is None and at is None and (call.out.as_json or not has_terminal()):
        hint = f"Without one: cockpit replay {source} --at SEQ, or --export FILE; 'cockpit events' lists each SEQ."
        raise Usage("A replay needs a terminal.", hint)
    from cockpit.cli.recordings import recording_of

    with recording_of(call, source) as recording:
        if export is not None:
            return _export(call, recording, export, force=force)
        if at is not None:
            from cockpit.cli.replay_moment import show_moment  # with what a screen does not need to begin

            return show_moment(call, recording, at)
        return _open(call, recording, speed)


def _open(call: Call, recording: Recording, speed: float) -> int:
    """Open the screen, and read the rest behind it; of a file it is said whether it is what was recorded."""
    from cockpit.cli.replay_screen import open_replay

    flight = recording.flight
    proofs: list[Proof] = []

    def read() -> str:
        with suppress(SourceError, ValueError):  # what cannot be read is said where it is looked at, or it was closed
            if recording.file is not None:
                proofs.append(flight.check())
            while flight.ledger.read_ahead():
                pass
        return proofs[0].sentence if proofs and not proofs[0].ok else ""

    code = open_replay(call, recording, speed, read)
    if proofs:
        call.out.say(proofs[0].sentence)
    return code


def _export(call: Call, recording: Recording, path: Path, *, force: bool) -> int:
    from adapters.flight.export import Exported, Exporter
    from cockpit.system_secrets import every_secret, unread
    from cockpit.version import program_version

    if recording.file is not None:
        raise Usage(
            f"{recording.file} is an exported run already.",
            f"cp {shlex.quote(str(recording.file))} {shlex.quote(str(path))}",
        )
    flight = recording.flight
    secrets = every_secret(call.settings).values
    exporter = Exporter(flight.reel, flight.evidence, program_version(), secrets)
    done = exporter.write(path.absolute(), overwrite=force)

    def text(done: Exported = done) -> str:
        cut = f"; {done.redactions} secrets cut out" if done.redactions else ""
        left = "".join(f"\nLeft out, {why}: {name}" for name, why in done.left_out)
        what = f"{done.path}: {done.moments} moments, {done.files} files, {done.bytes:,} bytes{cut}."
        return f"{what}{left}\nReplay it anywhere: cockpit replay {shlex.quote(str(done.path))}"

    if missing := unread(call.settings):
        call.out.say(f"Not looked for, because their values are not known here: {', '.join(missing)}.")
    call.out.show(done, text)
    return 0
