"""Attempts as runs. They are not counted as writes, and an id of ours makes them easy to find again."""

from typing import Any

from adapters.mission.client import MissionClient
from adapters.mission.orders import RunOrder
from factory.model.outbox import OutboxItem

_PATCHED = ("status", "outcome", "ended_at", "error", "steps", "cost", "metadata", "git_commit")
_USD = 1_000_000


def write_run(client: MissionClient, item: OutboxItem, order: RunOrder, goal: int, is_there: bool) -> str:
    """Make the run of a goal, or bring it up to date; returns its remote reference."""
    fields = _priced(order.fields)
    if is_there or (item.tries > 1 and order.id in client.run_ids(goal)):
        client.update_run(order.id, {name: value for name, value in fields.items() if name in _PATCHED})
    else:
        made = {"id": order.id, "task_id": str(goal), "trigger": "manual", "tags": [f"goal:{goal}", "cockpit"]}
        client.create_run({**fields, **made})
    return run_ref(goal, order.id)


def run_ref(goal: int, id: str) -> str:
    """Remote reference of a run."""
    return f"tasks/{goal}/runs/{id}"


def _priced(fields: dict[str, Any]) -> dict[str, Any]:
    """With money as the server takes it; without a price there is none, and not zero."""
    cost = fields.get("cost")
    if not isinstance(cost, dict) or "cost_micros" not in cost:
        return fields
    tokens = {name: value for name, value in cost.items() if name != "cost_micros"}
    return {**fields, "cost": {**tokens, "cost_usd": cost["cost_micros"] / _USD}}
