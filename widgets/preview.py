"""What a launch would become: problems first, then route, risk, verifier and criteria."""

from collections.abc import Iterator

from factory.model.launch import Preview
from widgets.amounts import cap
from widgets.lines import Line, Tone, wrap
from widgets.plain import visible

LABEL = 8


def preview_lines(preview: Preview, width: int) -> tuple[Line, ...]:
    """Every problem with its fix, else what would happen, in lines of at most `width` cells."""
    lines: list[Line] = []
    for problem in preview.problems:
        lines.extend(marked("✕", "bad", problem, width))
    if preview.problems:
        lines.append(())
    for name, value, tone in _facts(preview):
        lines.extend(_field(name, value, tone, width))
    lines.extend(_criteria(preview, width))
    for note in preview.notes:
        lines.extend(marked("!", "warn", note, width))
    return tuple(lines)


def marked(mark: str, tone: Tone, text: str, width: int) -> Iterator[Line]:
    """A sentence with a mark before it, wrapped."""
    for number, part in enumerate(wrap(visible(text, 600), width - 2, 8)):
        yield ((f"{mark} " if number == 0 else "  ", tone), (part, ""))


def _facts(preview: Preview) -> Iterator[tuple[str, str, Tone]]:
    route = preview.route
    if route.domain:
        yield "route", f"{route.domain}: {route.builder} builds, {route.verifier} verifies", "strong"
        why = f"matched {', '.join(route.matched)}" if route.matched else route.override or "chosen"
        rival = f"; next {route.runner_up}, {route.margin} less" if route.runner_up else ""
        yield "", f"{why} (score {route.score}{rival})", "dim"
    reasons = f": {', '.join(preview.risk.reasons)}" if preview.risk.reasons else ""
    yield "risk", f"{preview.risk.level}{reasons}", "warn" if preview.risk.level == "high" else ""
    needed = "required" if preview.verifier_required else "not required"
    because = f": {', '.join(preview.verifier_reasons)}" if preview.verifier_reasons else ""
    yield "verify", f"{needed}{because}", ""
    yield "coder", preview.coder or "none", ""
    yield "verifier", preview.verifier or "none", ""
    yield "budget", cap(preview.budget_micros), ""
    if preview.workflow:
        yield "workflow", preview.workflow, ""


def _field(name: str, value: str, tone: Tone, width: int) -> Iterator[Line]:
    for number, part in enumerate(wrap(visible(value, 400), max(8, width - LABEL - 1), 4)):
        yield ((f"{name if number == 0 else '':<{LABEL}} ", "dim"), (part, tone))


def _criteria(preview: Preview, width: int) -> Iterator[Line]:
    yield ()
    yield (("Criteria", "strong"),)
    for criterion in preview.criteria:
        yield from marked("○", "dim", f"{criterion.id}  {criterion.text}", width)
        for part in wrap(visible(" ".join(criterion.command), 300), width - 4, 3):
            yield (("    ", ""), (part, "dim"))
    if not preview.criteria:
        yield (("none yet", "dim"),)
