"""The orders for the driver of one attempt, from the task and what is configured."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from adapters.agents.dialects.dialect import Job
from adapters.agents.driving.orders import Orders
from adapters.agents.kinds import KINDS, Spoken
from adapters.agents.settings import AgentSettings
from adapters.environment import passed, secret_names
from factory.ports.agents import AgentTask
from factory.rules.permissions import Policy
from factory.rules.schemas import RESULT_SCHEMAS

_SESSIONS = uuid.UUID("9d2f3c4e-7a1b-5c6d-8e9f-0a1b2c3d4e5f")
"""Name space of session ids: an attempt that is started again after a kill has the same one."""


def orders_for(
    dialect: str, argument: str, task: AgentTask, settings: AgentSettings, folder: Path, policy: Policy
) -> Orders:
    """Everything that the driver is told."""
    kind = KINDS.get(dialect)
    own = kind.program if isinstance(kind, Spoken) else ""
    home = Path(task.home) if task.home else folder
    job = Job(
        prompt=task.prompt,
        worktree=task.worktree,
        home=home / "home",
        program=settings.program or own or argument,
        session=str(uuid.uuid5(_SESSIONS, f"{task.run}/{task.step}/{task.attempt}")),
        resume=task.resume,
        model=settings.model or (argument if own else ""),
        access="read" if task.role == "verifier" else "write",
        left_micros=task.left_micros,
        max_turns=settings.max_turns,
        allow_tools=settings.allow,
        deny_tools=settings.deny,
        asks=settings.asks,
        schema=_schema(task),
        options=settings.options,
    )
    return Orders(
        dialect=dialect,
        job=job,
        limit_micros=task.left_micros,
        next_call_micros=task.next_call_micros,
        connect_s=task.clocks.connect_s,
        wall_s=task.clocks.wall_s,
        policy=replace(policy, allow=(*policy.allow, *task.allowed)),
        declared_free=settings.is_free,
        prices=settings.prices,
        secret_names=secret_names(passed(settings.env)),
    )


def _schema(task: AgentTask) -> Mapping[str, Any] | None:
    return RESULT_SCHEMAS.get(task.role)
