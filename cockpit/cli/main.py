"""The command line: how a call begins and how it ends. Exit codes and JSON shapes are those of design §6."""

import contextlib
import errno
import logging
import os
import re
import sys
from collections.abc import Sequence

from cockpit.cli.call import Call
from cockpit.cli.global_options import take_global_options, wants_json
from cockpit.cli.output import Output
from cockpit.skeleton import SKELETON, has_terminal
from factory.errors import SourceError, Unreachable, Usage

LOG = logging.getLogger(__name__)

INTERRUPTED = 130
READER_GONE = 141
"""As a shell reports it: 128 + SIGPIPE."""


def run(argv: Sequence[str]) -> int:
    """Carry out one call and return its exit code. Prints; raises nothing that a user can cause."""
    _print_anything()
    out = Output(as_json=wants_json(argv))
    try:
        return _carry_out(argv, out)
    except SourceError as error:
        return _fail(out, error, error.exit_code)
    except KeyboardInterrupt:
        return _fail(out, SourceError("Interrupted.", code="interrupted"), INTERRUPTED)
    except BrokenPipeError:
        return _reader_gone()
    except OSError as error:
        unreachable = _unreachable(error)
        return _fail(out, unreachable, unreachable.exit_code)
    except Exception:
        # A defect of ours: programs still get their one object, then the traceback goes to stderr.
        _fail(out, SourceError("This is a defect in Cockpit; the traceback follows.", code="defect"), 1)
        raise


def _carry_out(argv: Sequence[str], out: Output) -> int:
    options, words = take_global_options(argv)
    with contextlib.ExitStack() as ending:
        call = Call(options, out, ending)
        return _command(call, words) if words else _open_cockpit(call)


def _command(call: Call, words: Sequence[str]) -> int:
    if list(words) == ["status", "--line"] and not call.options.as_json:
        from cockpit.cli.status_line import print_line

        return print_line(call)  # no parser, no library of the ledger, no log: a status bar asks every few seconds
    from cockpit.cli.commands import parse_and_run  # 100 ms that the cockpit's first picture does not wait for

    outcome = "a defect"
    try:
        code = parse_and_run(call, words)
        outcome = f"exit {code}"
        return code
    except SourceError as error:
        outcome = error.code
        raise
    finally:
        # Only the command and what has the form of an id: the rest may be a goal or an instruction.
        targets = [word for word in words[1:3] if re.fullmatch(r"last|[a-z]{3}_[0-9a-z]+", word)]
        LOG.info("%s: %s", " ".join([words[0], *targets]), outcome)


def _open_cockpit(call: Call) -> int:
    if call.options.as_json:
        raise Usage("--json needs a command.", "cockpit status --json")
    if not has_terminal():
        hint = "Use a command instead, such as 'cockpit status'; 'cockpit --help' lists them."
        raise Usage("The cockpit needs a terminal, and there is none.", hint)
    from cockpit.cli.screen import open_screen

    return open_screen(call)


def _fail(out: Output, error: SourceError, exit_code: int) -> int:
    SKELETON.undo()  # or the sentence would vanish with it
    with contextlib.suppress(OSError):  # nowhere to print to; the exit code still says it
        out.fail(error)
    return exit_code


def _reader_gone() -> int:
    """Whoever read our output has left: end without a word, also when Python closes the stream at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return READER_GONE


def _unreachable(error: OSError) -> Unreachable:
    codes = {errno.ENOSPC: "disk_full", errno.EDQUOT: "disk_full", errno.EROFS: "read_only"}
    place = f" ({error.filename})" if error.filename else ""
    return Unreachable(
        f"The system refused: {error.strerror or error}{place}.",
        "Check the folder, its permissions and the space on its disk: cockpit doctor",
        codes.get(error.errno or 0, "unreachable"),
    )


def _print_anything() -> None:
    """Text that the terminal's encoding lacks is spelled out instead of ending the call."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
