"""Which part a page shows by its name."""

from collections.abc import Callable, Mapping

from cockpit.screens.pages.audit import AuditPart
from cockpit.screens.pages.compare import ComparePart
from cockpit.screens.pages.drawn import WHOLE, CostPart, SectionsPart, ThreadPart, TimelinePart
from cockpit.screens.pages.evidence import DiffPart, EvidencePart
from cockpit.screens.pages.knowledge import KnowledgePart
from cockpit.screens.pages.logs import OutputPart
from cockpit.screens.pages.part import Desk, Part
from cockpit.screens.pages.sources import SourcesPart

PARTS: Mapping[str, Callable[[Desk], Part]] = {
    "run": lambda desk: SectionsPart(desk, "", *WHOLE),
    "steps": lambda desk: SectionsPart(desk, "Steps", "steps"),
    "blockers": lambda desk: SectionsPart(desk, "Blockers", "blockers"),
    "evidence": EvidencePart,
    "diff": DiffPart,
    "thread": ThreadPart,
    "output": OutputPart,
    "cost": CostPart,
    "timeline": TimelinePart,
    "audit": AuditPart,
    "knowledge": KnowledgePart,
    "sources": SourcesPart,
    "metrics": lambda desk: metrics(desk),
    "compare": ComparePart,
}
"""`run` is all of the goal."""


def metrics(desk: Desk) -> Part:
    """Imported when it is asked for: no other page needs what it rests on."""
    from cockpit.screens.pages.metrics import MetricsPart

    return MetricsPart(desk)


def part_named(name: str, desk: Desk) -> Part:
    """The part; all of the goal when there is none with this name."""
    return PARTS.get(name, PARTS["run"])(desk)
