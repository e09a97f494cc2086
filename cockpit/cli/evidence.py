"""`evidence list|show|add|verify|export`: what a run proves, and with what."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from cockpit.cli.call import Call, current
from cockpit.cli.columns import pairs, table
from cockpit.cli.output import plain
from cockpit.cli.values import RunArgument
from factory.errors import Malformed
from factory.operations import evidence as operation
from factory.ports.evidence import Problem

Kind = Literal["file", "command", "log", "test", "kb_page", "mc_state", "health_check"]
KINDS = "file|command|log|test|kb_page|mc_state|health_check"
COLUMNS = ("id", "kind", "polarity", "score", "claims", "path")


def listing(context: typer.Context, run: RunArgument) -> None:
    """Every piece of evidence of a run, oldest first."""
    call = current(context)
    lines = operation.listing(call.ports, run)
    call.out.show({"items": lines}, lambda: table(plain(lines), COLUMNS, "There is no evidence yet."))


def show(
    context: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help="Id of a piece of evidence, evd_…")],
) -> None:
    """One piece of evidence with everything that is known of it."""
    call = current(context)
    found = operation.show(call.ports, id)
    value = plain(found) | {"path": str(call.ports.evidence.root(found.run) / found.path)}
    call.out.show(value, lambda: pairs(value))


def add(
    context: typer.Context,
    run: RunArgument,
    source: Annotated[str, typer.Argument(metavar="PATH|URL|TEXT", help="A copy is imported.")],
    kind: Annotated[Kind | None, typer.Option(metavar=KINDS, help="Default: told from the source.")] = None,
    claim: Annotated[list[str] | None, typer.Option(metavar="ID", help="May be given several times.")] = None,
) -> None:
    """Import a copy of something as evidence; memory and sentences of agents are refused."""
    call = current(context)
    added = operation.add(call.ports, run, source, kind or "", tuple(claim or ()))
    call.out.show(added, f"{added.id}  {added.kind}  {call.ports.evidence.root(added.run) / added.path}")


def verify(
    context: typer.Context,
    subject: Annotated[str, typer.Argument(metavar="PATH|RUN", help="A package folder, or a run.")],
) -> int:
    """Check every digest of a package (needs no ledger), or of all packages and evidence of a run."""
    call = current(context)
    checked, problems = _verify_path(Path(subject)) if _is_path(subject) else _verify_run(call, subject)
    value = {"ok": not problems, "checked": checked, "problems": problems}
    call.out.show(value, lambda: _verdict_text(checked, problems))
    return 0 if not problems else 3


def export(
    context: typer.Context,
    run: RunArgument,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet, or is empty.")],
) -> None:
    """Copy the newest package of a run to a folder of yours."""
    call = current(context)
    path = operation.export(call.ports, run, folder.absolute())
    call.out.show({"path": path}, f"{path}\nCheck it anywhere: cockpit evidence verify {path}")


def _is_path(subject: str) -> bool:
    return subject != "last" and ("/" in subject or Path(subject).exists())


def _verify_path(path: Path) -> tuple[int, tuple[Problem, ...]]:
    """Check a package, or a whole evidence folder.

    Raises:
        Missing: there is nothing. Malformed: it is no package at all, so nothing could be checked.
    """
    from adapters.evidence.verify import verify_package

    checked, problems = verify_package(path)
    if not checked:
        code = problems[0].code if problems else "not_a_package"
        hint = "Give the folder that holds package.json and MANIFEST.sha256, or a run."
        raise Malformed(f"{path} is not an evidence package that can be read.", hint, code)
    return checked, problems


def _verify_run(call: Call, run: str) -> tuple[int, tuple[Problem, ...]]:
    """Check what the ledger knows against the store, and every package of the run."""
    view = call.ports.ledger.view(call.ports.ledger.resolve(run))
    known = [(item.path, item.sha256) for item in view.evidence]
    checked, problems = len(known), list(call.ports.evidence.problems(view.run.id, known))
    folder = call.ports.evidence.root(view.run.id)
    if view.packages and folder.exists():
        more, found = _verify_path(folder)
        checked, problems = max(checked, more), problems + list(found)
    return checked, tuple(dict.fromkeys(problems))


def _verdict_text(checked: int, problems: tuple[Problem, ...]) -> str:
    if not problems:
        return f"{checked} files are as they were captured."
    return "\n".join([f"{len(problems)} problems:", *(f"  {found.code:<16} {found.path}" for found in problems)])
