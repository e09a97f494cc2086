"""Test reports are counted case by case, whatever their suites say of themselves."""

from pathlib import Path

import pytest

from adapters.junit import read_report
from factory.model.evidence import TestCounts

SUITE = '<testsuites><testsuite name="pytest" tests="99" failures="0">{}</testsuite></testsuites>'


def read(folder: Path, content: str) -> tuple[TestCounts | None, str]:
    """What is read of this report."""
    file = folder / "report.xml"
    file.write_text(content)
    return read_report(file)


def test_every_outcome_is_counted(tmp_path: Path) -> None:
    cases = (
        '<testcase classname="m" name="a"/>'
        '<testcase classname="m" name="b"><failure message="no"/></testcase>'
        '<testcase classname="m" name="c"><error message="no"/></testcase>'
        '<testcase classname="m" name="d"><skipped message="no"/></testcase>'
    )
    counts = TestCounts(4, 1, 1, 1, 1, ("m::b", "m::c"))
    assert read(tmp_path, SUITE.format(cases)) == (counts, "")


def test_a_test_that_passed_and_broke_in_its_teardown_is_one_error(tmp_path: Path) -> None:
    cases = '<testcase classname="m" name="a"/><testcase classname="m" name="a"><error/></testcase>'
    assert read(tmp_path, SUITE.format(cases)) == (TestCounts(1, errors=1, failed_ids=("m::a",)), "")


def test_a_report_may_be_one_suite_or_nested_ones(tmp_path: Path) -> None:
    case = '<testcase classname="m" name="a"/>'
    for report in (f"<testsuite>{case}</testsuite>", SUITE.format(f"<testsuite>{case}</testsuite>")):
        assert read(tmp_path, report) == (TestCounts(1, passed=1), "")


def test_an_empty_report_counts_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, SUITE.format("")) == (TestCounts(), "")


@pytest.mark.parametrize("content", ["", "no xml", "<html/>", SUITE.format("<testcase>")])
def test_what_is_no_report_is_said(content: str, tmp_path: Path) -> None:
    counts, problem = read(tmp_path, content)
    assert counts is None
    assert problem.startswith("is not JUnit XML")


def test_entities_are_refused_before_anything_expands_them(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bb">]>' + SUITE.format('<testcase name="&b;"/>')
    assert read(tmp_path, bomb) == (None, "declares entities, which no test report does")


def test_no_file_is_no_problem_and_a_link_is_one(tmp_path: Path) -> None:
    assert read_report(tmp_path / "gone.xml") == (None, "")
    (tmp_path / "link.xml").symlink_to(tmp_path / "gone.xml")
    counts, problem = read_report(tmp_path / "link.xml")
    assert counts is None
    assert problem.startswith("cannot be opened")
