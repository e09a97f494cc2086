"""A server that says anything at all: it is one of our errors, or an answer, and never more than a screen can show."""

import json
from contextlib import suppress

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.knowledge.bookstack import BookStackTarget
from adapters.knowledge.bookstack_book import Book
from factory.errors import SourceError
from tests.contract.bookstack_rig import Wiki, client_of, page_of, page_text

texts = st.one_of(st.sampled_from(["", "page", "book", "\x1b[2J", "\u202e", page_text("x")]), st.text(max_size=20))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["id", "name", "type", "tags", "data", "markdown", "value", "books"]), inner),
    ),
    max_leaves=12,
)
answers = st.tuples(
    st.sampled_from([200, 200, 200, 201, 204, 301, 400, 404, 422, 429, 500]),
    st.sampled_from(["application/json", "text/html", ""]),
    st.one_of(values.map(lambda value: json.dumps(value).encode()), st.binary(max_size=20)),
)


@given(st.lists(answers, min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_nothing_that_a_server_says_is_a_defect_of_ours(said: list[tuple[int, str, bytes]]) -> None:
    left = list(said)

    def answer(_: httpx.Request) -> httpx.Response:
        status, kind, content = left.pop(0) if len(left) > 1 else left[0]
        return httpx.Response(status, headers={"content-type": kind}, content=content)

    client = client_of(httpx.MockTransport(answer))
    target = BookStackTarget(client, Book(client, "Ledger Service", "Factory"))
    for ask in (lambda: target.deliver(page_of("x")), lambda: target.confirm(page_of("x")), target.probe):
        with suppress(SourceError):
            ask()


def test_a_name_of_theirs_is_shown_short_and_on_one_line() -> None:
    wiki = Wiki()
    wiki.put("old")
    wiki.server.pages[1]["name"] = "\x1b[2J\n" + "n" * 100_000
    wiki.server.things["pages"] |= {number: {**wiki.server.pages[1], "id": number} for number in range(2, 90)}
    wiki.server.edit(1, "old", "mine")
    _, warning = wiki.put("new")
    assert len(warning) < 1_000
    assert warning.isprintable()
