"""How an attempt ended, put together from what the shim and the agent left in its folder."""

import errno
import shutil
from collections.abc import Sequence
from pathlib import Path

from adapters.agents import launch
from adapters.agents.claims import read_claims
from adapters.agents.small_files import read_small
from factory.errors import SourceError, Unreachable
from factory.ports.agents import AgentResult

_NO_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def result_of(folder: Path, secrets: Sequence[bytes]) -> AgentResult:
    """How an attempt ended and what it said. One whose shim was killed is buried first.

    Args:
        secrets: Values that must not be in it.
    """
    if launch.state(folder) == "lost":
        launch.bury(folder)
    end, claims = launch.end(folder), read_claims(folder / "result.json", secrets)
    shutil.rmtree(folder / "tmp", ignore_errors=True)
    log = folder / "out.log"
    return AgentResult(
        exit_code=end.exit_code,
        end_reason=end.end_reason,
        started_at=end.started_at,
        ended_at=end.ended_at,
        log=log if log.exists() else None,
        dropped_bytes=end.dropped_bytes,
        summary=claims.summary,
        cost_micros=0 if end.end_reason == "not_started" else claims.cost_micros,
        tokens=claims.tokens,
        model=claims.model,
        session=claims.session,
        request_review=claims.request_review,
        verdict=claims.verdict,
        problem=" ".join(filter(None, (end.problem, claims.problem))),
    )


def not_started(error: SourceError | OSError | ValueError) -> AgentResult:
    """The result of an agent that could not be started.

    Raises:
        Unreachable: nothing can be started, the disk is full or read-only.
    """
    if isinstance(error, OSError) and error.errno in _NO_DISK:
        raise Unreachable(f"The agent's folder cannot be written: {error.strerror}.", "Free the disk.") from error
    return AgentResult(None, "not_started", cost_micros=0, problem=str(error))


def last_words(folder: Path) -> str:
    """What a shim left that died before it took hold."""
    data, _ = read_small(folder / "shim.log", 1 << 20)
    lines = (data or b"").decode("utf-8", "replace").strip().splitlines()
    return f"Its shim ended at once: {lines[-1] if lines else 'no word why'}."
