"""Reads the JUnit report of a test run."""

from collections.abc import Iterable
from pathlib import Path
from typing import cast

from junitparser import Error, Failure, JUnitXml, JUnitXmlError, Skipped, TestCase

from adapters.agents.small_files import read_small
from factory.model.evidence import TestCounts
from factory.rules.redaction import redact

LARGEST = 32 << 20
MOST_FAILED_IDS = 200
_LONGEST_ID = 300


def read_report(path: Path) -> tuple[TestCounts | None, str]:
    """What the report counts, or why it cannot be read (the end of a sentence); None and "" when there is none.

    Counts the test cases themselves, not what the suites claim of themselves.
    """
    data, problem = read_small(path, LARGEST)
    if data is None:
        return None, problem
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return None, "declares entities, which no test report does"
    try:
        # Iterating a report gives its suites, iterating a suite its cases and those of the suites inside.
        suites = cast("Iterable[Iterable[TestCase]]", JUnitXml.fromstring(data))
        cases = [case for suite in suites for case in suite]
    except (JUnitXmlError, SyntaxError, ValueError, RecursionError) as error:  # a ParseError is a SyntaxError
        return None, f"is not JUnit XML: {error}"
    return _count(cases), ""


def _count(cases: list[TestCase]) -> TestCounts:
    """One outcome for each test: a test that passed and broke in its teardown has two entries."""
    worst: dict[str, int] = {}
    for index, case in enumerate(cases):
        name = _name(case) or f"unnamed {index}"
        worst[name] = max(worst.get(name, 0), _rank(case))
    ranks = list(worst.values())
    bad = [name for name, rank in worst.items() if rank >= _FAILED]
    return TestCounts(
        collected=len(ranks),
        passed=ranks.count(_PASSED),
        failed=ranks.count(_FAILED),
        errors=ranks.count(_ERROR),
        skipped=ranks.count(_SKIPPED),
        failed_ids=tuple(bad[:MOST_FAILED_IDS]),
    )


_PASSED, _SKIPPED, _FAILED, _ERROR = range(4)


def _rank(case: TestCase) -> int:
    results = case.result or []
    if any(isinstance(result, Error) for result in results):
        return _ERROR
    if any(isinstance(result, Failure) for result in results):
        return _FAILED
    return _SKIPPED if any(isinstance(result, Skipped) for result in results) else _PASSED


def _name(case: TestCase) -> str:
    name = "::".join(filter(None, (case.classname, case.name)))
    return redact(name.encode("utf-8", "replace"))[0].decode("utf-8", "replace")[:_LONGEST_ID]
