"""A JUnit report as a tree: suites, cases, what they say; failures come first and are unfolded."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from widgets.lines import Line, Tone
from widgets.marks import FAILED, PROVEN, UNKNOWN, WAITING, Mark
from widgets.plain import visible
from widgets.viewers.folding import Node

MOST_CASES = 50_000
PIECE = 1 << 16
"""Bytes that are parsed in one go."""
MOST_LINES = 400
"""Of what one case says."""
_OUTCOMES: dict[str, tuple[int, Mark, Tone]] = {
    "failure": (0, FAILED, "bad"), "error": (1, FAILED, "bad"), "skipped": (2, WAITING, "dim"),
    "": (3, PROVEN, "good"),
}  # fmt: skip
_SAYING = ("failure", "error", "skipped", "system-out", "system-err")


@dataclass(frozen=True)
class _Case:
    name: str
    seconds: str
    outcome: str
    said: tuple[tuple[str, str], ...]


class _NoEntities(TreeBuilder):
    """No test report declares a document type; one that does could make a gigabyte of a line."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ValueError("it declares a document type")


def junit_nodes(data: bytes) -> tuple[Node, ...] | str:
    """The tree; why there is none, as a sentence, when it is no report, or too much of one. Never raises."""
    parser = XMLParser(target=_NoEntities())
    try:
        for at in range(0, len(data), PIECE):  # other threads, the keys' among them, get their turn in between
            parser.feed(data[at : at + PIECE])
        root = parser.close()
    except ParseError as error:
        return f"It is not valid XML: {visible(str(error), 100)}."
    except (ValueError, LookupError, RecursionError) as error:
        return f"It is XML that is not read: {visible(str(error), 100)}."
    if root.tag not in {"testsuites", "testsuite"}:
        return "It is XML, and no JUnit report."
    suites = [root] if root.tag == "testsuite" else list(root.iter("testsuite"))
    cases = [(suite, [_case(one) for one in suite.findall("testcase")]) for suite in suites]
    if sum(len(found) for _, found in cases) > MOST_CASES:
        return f"It has more than {MOST_CASES:,} cases."
    cases.sort(key=lambda pair: min((_rank(case) for case in pair[1]), default=9))
    return tuple(node for node in _nodes(cases))


def _nodes(cases: list[tuple[Element, list[_Case]]]) -> Iterator[Node]:
    place = 0
    for suite, found in cases:
        below = [node for case in sorted(found, key=_rank) for node in _case_nodes(case)]
        if not below and len(cases) > 1:
            continue
        yield Node(0, _suite_line(suite, found), place + 1 + len(below), True)
        for at, node in enumerate(below, place + 1):
            node.end += at  # until here it says how many rows it is long
            yield node
        place += 1 + len(below)


def _case_nodes(case: _Case) -> list[Node]:
    _, mark, tone = _OUTCOMES[case.outcome]
    word = {"": "passed", "failure": "failed"}.get(case.outcome, case.outcome)
    line: Line = ((f"{mark} ", tone), (visible(case.name, 300), ""), (f"  {word} {case.seconds}", "dim"))
    said = [
        Node(2, ((visible(text, 2000), "dim" if kind.startswith("system") else ""),), 1) for kind, text in case.said
    ]
    return [Node(1, line, 1 + len(said), case.outcome in {"failure", "error"}), *said]


def _suite_line(suite: Element, cases: list[_Case]) -> Line:
    bad = sum(case.outcome in {"failure", "error"} for case in cases)
    skipped = sum(case.outcome == "skipped" for case in cases)
    mark: Mark = FAILED if bad else PROVEN if cases else UNKNOWN
    tone: Tone = "bad" if bad else "good" if cases else "dim"
    passed = len(cases) - bad - skipped
    words = f"  {passed} passed, {bad} failed, {skipped} skipped of {len(cases)}"
    return ((f"{mark} ", tone), (visible(suite.get("name") or "suite", 200), "strong"), (words, "dim"))


def _case(element: Element) -> _Case:
    name = "::".join(part for part in (element.get("classname"), element.get("name")) if part) or "unnamed"
    tags = {child.tag for child in element}
    outcome = next((tag for tag in ("error", "failure", "skipped") if tag in tags), "")
    seconds = f"{element.get('time', '')[:12]}s" if element.get("time") else ""
    return _Case(name, visible(seconds, 20), outcome, tuple(_said(element))[:MOST_LINES])


def _said(element: Element) -> Iterator[tuple[str, str]]:
    for child in element:
        if child.tag in _SAYING:
            text = child.text if child.text and child.text.strip() else child.get("message", "")
            yield from ((child.tag, line.expandtabs(8)) for line in text.strip("\n").split("\n") if text.strip())


def _rank(case: _Case) -> int:
    return _OUTCOMES[case.outcome][0]
