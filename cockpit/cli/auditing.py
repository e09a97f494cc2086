"""`audit verify|export`: the chain of events, checked and handed out."""

import contextlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from cockpit.cli.call import current
from factory.errors import Refused


def verify(context: typer.Context) -> int:
    """Check the whole chain of events."""
    from adapters.ledger import audit

    call = current(context)
    found = audit.verify(call.ports.ledger)
    problem = {"seq": found.problem.seq, "code": found.problem.code} if found.problem else None
    value = {"ok": not problem, "count": found.head.count, "head": found.head.hash, "problem": problem}
    broken = f"The chain is broken at event {problem['seq']}: {problem['code']}." if problem else ""
    call.out.show(value, broken or f"{found.head.count} events, the chain is whole, its head is {found.head.hash}.")
    return 3 if problem else 0


def export(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A new file; default: stdout.")] = None,
) -> None:
    """Every event with all that its hash needs, one JSON object a line."""
    from adapters.ledger import audit

    call = current(context)
    lines = audit.export(call.ports.ledger)
    if file is not None:
        count = _write(file.absolute(), lines)
        call.out.show({"path": file.absolute(), "count": count}, f"{count} events in {file}")
    elif call.out.as_json:
        call.out.show({"events": [json.loads(line) for line in lines]}, "")
    else:
        for line in lines:
            call.out.show({}, line)


def _write(file: Path, lines: Iterable[str]) -> int:
    """Write lines to a new file, which appears only when it is whole. Returns how many.

    Raises:
        Refused: `exists`, there is a file of that name.
    """
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as stream:
            count = sum(1 for line in lines if stream.write(f"{line}\n"))
        os.link(part, file)  # unlike a rename, it replaces nothing
    except FileExistsError as error:
        raise Refused(f"{file} is there already.", "Choose another name; nothing was overwritten.", "exists") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return count
