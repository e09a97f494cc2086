"""JSON and JUnit as trees: any bytes give a tree or nothing, and folding hides exactly what is below."""

import json

from hypothesis import given
from hypothesis import strategies as st

from widgets.lines import text_of, width_of
from widgets.viewers.folding import Folding, tree_rows
from widgets.viewers.json_tree import MOST_NODES, json_nodes
from widgets.viewers.junit_tree import junit_nodes

VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=20,
)
PIECES = st.sampled_from(
    [b"<testsuites>", b"</testsuites>", b"<testsuite name='s'>", b"</testsuite>", b"<testcase name='c'/>", b"<failure>",
     b"<testcase classname='a' name='b' time='x'><failure message='m'>no\x0b</failure></testcase>", b"</failure>",
     b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"<?xml version='1.0' encoding='utf-99'?>", b"\xff\xfe", b"text"]
)  # fmt: skip


@given(VALUES)
def test_every_value_of_a_document_is_one_row_of_its_tree(value: object) -> None:
    nodes = json_nodes(json.dumps(value).encode())
    assert not isinstance(nodes, str)
    assert nodes[0].end == len(nodes) == _count(value)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_json_are_no_tree(data: bytes) -> None:
    nodes = json_nodes(data)
    assert nodes.endswith(".") if isinstance(nodes, str) else len(nodes) >= 1


def test_a_document_nested_beyond_all_measure_is_no_tree() -> None:
    for data in (b"[" * 200_000, b"9" * 10_000):
        assert json_nodes(data) == "It is JSON that is nested too deeply, or has a number that is too long."


def test_what_is_wrong_with_a_document_is_said_with_its_place() -> None:
    assert json_nodes(b'{"a": [1,\n 2,') == "It is not valid JSON: Expecting value at line 2, column 4."
    assert json_nodes(b"[0" + b",0" * MOST_NODES + b"]") == "It has more than 200,000 values."
    assert not isinstance(json_nodes(b'\xef\xbb\xbf{"a": 1}'), str), "a byte order mark is no mistake"


def test_what_is_wrong_with_a_report_is_said() -> None:
    assert (
        junit_nodes(b"<testsuites><testcase name='a'><fail")
        == "It is not valid XML: unclosed token: line 1, column 31."
    )
    assert junit_nodes(b"<html/>") == "It is XML, and no JUnit report."


@given(st.lists(st.one_of(PIECES, st.binary(max_size=10)), max_size=20))
def test_any_bytes_are_a_report_or_not(pieces: list[bytes]) -> None:
    nodes = junit_nodes(b"".join(pieces))
    assert isinstance(nodes, str) or all(place < node.end <= len(nodes) for place, node in enumerate(nodes))


def test_a_report_with_entities_is_not_read() -> None:
    bomb = b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><testsuite><testcase name='&b;'/></testsuite>"
    for data in (bomb, bomb.decode().encode("utf-16")):
        assert junit_nodes(data) == "It is XML that is not read: it declares a document type."


@given(VALUES, st.data(), st.integers(20, 120))
def test_folding_hides_what_is_below_and_nothing_else(value: object, data: st.DataObject, width: int) -> None:
    nodes = json_nodes(json.dumps(value).encode())
    assert not isinstance(nodes, str)
    for node in nodes:
        node.is_open = True
    folding = Folding(nodes)
    place = data.draw(st.integers(0, len(nodes) - 1))
    if nodes[place].has_children(place):
        folding.turn(place)
        assert not set(range(place + 1, nodes[place].end)) & set(folding.shown())
    hidden = nodes[place].end - place - 1
    assert len(list(folding.shown())) == len(nodes) - hidden
    rows, keys = tree_rows(folding, width)
    assert len(set(keys)) == len(rows)
    assert all(width_of(row) <= width for row in rows)
    folding.reveal(nodes[place].end - 1)
    assert nodes[place].end - 1 in set(folding.shown())


def test_what_lies_deep_stays_within_a_narrow_page() -> None:
    nodes = json_nodes(json.dumps([[[[[[[[[-10000]]]]]]]]]).encode())
    assert not isinstance(nodes, str)
    for node in nodes:
        node.is_open = True
    rows, _ = tree_rows(Folding(nodes), 20)
    assert len(rows) == 10
    assert max(width_of(row) for row in rows) <= 20


def test_suites_with_failures_come_first() -> None:
    nodes = junit_nodes(
        b"<testsuites><testsuite name='good'><testcase name='a'/></testsuite><testsuite name='bad'>"
        b"<testcase name='b'/><testcase name='c'><error message='boom'/></testcase></testsuite></testsuites>"
    )
    assert not isinstance(nodes, str)
    text = text_of([node.line for node in nodes])
    assert (
        text.index("bad") < text.index("c  error") < text.index("boom") < text.index("b  passed") < text.index("good")
    )


def _count(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(_count(one) for one in inner)
