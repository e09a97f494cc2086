"""How an attempt ended, put together from what the shim and the agent left in its folder."""

import errno
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from adapters.agents import launch
from adapters.agents.claims import read_claims
from adapters.agents.cleaning import clean_of
from adapters.agents.cut_off import cut_off
from adapters.agents.driving.orders import NAME as JOB
from adapters.agents.driving.record import STREAM
from adapters.agents.journal import NAME as JOURNAL
from adapters.agents.journal import entries
from adapters.agents.result_file import clean
from adapters.agents.session import FolderSession
from adapters.agents.small_files import read_small
from factory.errors import SourceError, Unreachable
from factory.model.agent_event import Started
from factory.model.step import Gauge
from factory.ports.agents import AgentResult, Live

_OUTPUT = ("out.log", STREAM, JOURNAL)
"""What a shim or a driver wrote, which knows the secrets of its agent alone."""
_NO_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def result_of(folder: Path, secrets: Sequence[bytes]) -> AgentResult:
    """How an attempt ended and what it said. One whose shim was killed is buried first.

    Args:
        secrets: Values that must not be in it.
    """
    if launch.state(folder) == "lost":
        launch.bury(folder)
    end, claims = launch.end(folder), read_claims(folder / "result.json", secrets)
    clean(folder / "result.json", secrets)
    for name in _OUTPUT:
        clean_of(folder / name, secrets)
    shutil.rmtree(folder / "tmp", ignore_errors=True)
    log = folder / "out.log"
    plain = AgentResult(
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
    return driven(plain, folder, claims.end) if (folder / JOB).exists() else plain


def driven(plain: AgentResult, folder: Path, end: Mapping[str, Any] | None) -> AgentResult:
    """The result of an agent that a driver talked to: its outcome, and the money as the driver counted it.

    A driver that was killed left no result: then its last state counts.
    """
    if end is None:
        live = FolderSession(folder).live() or Live()
        gauge = live.gauge
        known = gauge.basis != "unpriced"
        return replace(
            plain,
            outcome=cut_off(plain.end_reason),
            reason=plain.end_reason,
            cost_micros=gauge.spent if known else None,
            basis=gauge.basis,
            priced_micros=gauge.priced if known else None,
            tokens=gauge.tokens,
            model=gauge.model,
            session=live.session or session_of(folder),
            gauge=gauge,
        )
    outcome, reason = end["outcome"], str(end.get("reason", ""))
    if plain.end_reason != "exit" and outcome in ("interrupted", "crashed"):
        outcome, reason = cut_off(plain.end_reason), plain.end_reason  # its driver only knew that it had to end
    reported, priced = end.get("reported_micros"), end.get("priced_micros")
    return replace(
        plain,
        outcome=outcome,
        reason=reason,
        resets_at=str(end.get("resets_at", "")),
        basis=end["basis"],
        cost_micros=priced if reported is None else reported,
        priced_micros=priced,
        gauge=Gauge(**{**end["gauge"], "tokens": plain.tokens}),
    )


def declared(result: AgentResult) -> AgentResult:
    """The result of an agent that costs nothing by declaration, where it named no cost itself."""
    return result if result.cost_micros is not None else replace(result, cost_micros=0, basis="declared")


def session_of(folder: Path) -> str:
    """The session that an agent named before it was cut off; empty when it named none."""
    found = [entry.event.session for entry, _ in entries(folder) if isinstance(entry.event, Started)]
    return found[-1] if found else ""


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
