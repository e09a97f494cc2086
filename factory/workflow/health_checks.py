"""What the systems around the factory last answered, kept with a run as evidence: one `health_check` for each.

The worker asks them all the time, so nobody is asked here and no run waits. Such an item speaks for no claim: whether a
system answers says nothing about the code. How fresh it is counts from that answer on.
"""

import json

from factory.model.evidence import Evidence
from factory.model.outbox import PortHealth
from factory.ports.bundle import Ports
from factory.ports.knowledge import asked_of
from factory.workflow.capturing import item, put_evidence
from factory.workflow.flow import Flow


def configured(ports: Ports) -> tuple[str, ...]:
    """The systems that get copies of what is written, each once."""
    return tuple(dict.fromkeys(name for names in ports.copies.values() for name in names))


def keep_health(flow: Flow, key: str, package: str) -> None:
    """Keep one file for each system that is configured; for a step that is about to write a package.

    Args:
        key: Of the step.
        package: Phase and number, which tell the files of several packages apart.
    """
    names = configured(flow.ports)
    if not names:
        return
    known = {port.id: port for port in flow.ports.ledger.find(PortHealth)}
    checks = [_check(flow, package, known.get(name, PortHealth(id=name))) for name in names]
    flow.write(f"{key}:health", lambda tx: put_evidence(tx, checks))


def _check(flow: Flow, package: str, port: PortHealth) -> Evidence:
    name = f"health-{port.id.replace(':', '-')}-{package}.json"
    text = json.dumps(_answer(flow.ports, port), ensure_ascii=False, indent=2) + "\n"
    captured = flow.ports.evidence.capture_text(flow.run, name, text)
    seen_at = port.seen_at or flow.ports.clock.now()  # that nobody has heard of it is so now
    return item(flow, "health_check", name, captured, capture="harness", captured_at=seen_at)


def _answer(ports: Ports, port: PortHealth) -> dict[str, object]:
    return {
        "system": port.id,
        "state": port.state,
        "seen_at": port.seen_at,
        "latency_ms": port.latency_ms,
        "version": port.release,
        "asked": asked_of(ports.targets.get(port.id)),
        "detail": port.detail,
        "outage_since": port.outage_since,
    }
