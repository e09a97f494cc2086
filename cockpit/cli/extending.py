"""Extending the cockpit: `new`."""

from pathlib import Path
from typing import Annotated

import typer

from cockpit.cli.call import current


def new(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="adapter|agent|company|spec|template|workflow", help="What it is.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="For a template: the page that it is for.")],
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Default: a folder of that name here.")] = None,
) -> None:
    """Write the beginning of something of your own, with a test that fails and says what is to do."""
    from cockpit.cli.new import write_skeleton

    call = current(context)
    made = write_skeleton(call, kind, name, folder)
    call.out.show(made, lambda: made.text)
