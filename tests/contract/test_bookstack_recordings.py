"""Every recorded answer of a BookStack, read by the client, and the fake server measured against them."""

import json

import httpx
import pytest

from adapters.http import is_json
from adapters.knowledge.bookstack_wire import Wire, WireList, WirePage, WireShelf, WireSystem, WireThing
from factory.errors import Missing, Refused, SourceError, Unreachable
from tests.contract.bookstack_rig import client_of
from tests.support.fake_bookstack import TOKEN, FakeBookStack
from tests.support.recordings import Recording, recording, recordings

ALL = recordings("bookstack")
ERRORS: dict[str, tuple[type[SourceError], str]] = {
    "error_attachment_422": (Refused, "refused"),
    "error_bad_format_401": (Unreachable, "unauthorised"),
    "error_bad_secret_401": (Unreachable, "unauthorised"),
    "error_database_down_500": (Unreachable, "unreachable"),
    "error_deleted_page_404": (Missing, "not_found"),
    "error_expired_token_403": (Unreachable, "unauthorised"),
    "error_maintenance_503": (Unreachable, "unreachable"),
    "error_malformed_json_422": (Refused, "refused"),
    "error_method_405": (Refused, "refused"),
    "error_no_api_permission_403": (Unreachable, "unauthorised"),
    "error_no_token_401": (Unreachable, "unauthorised"),
    "error_page_create_422": (Refused, "refused"),
    "error_page_missing_404": (Missing, "not_found"),
    "error_page_name_too_long_422": (Refused, "refused"),
    "error_parent_missing_404": (Missing, "not_found"),
    "error_rate_limited_429": (Unreachable, "busy"),
    "error_route_missing_404": (Unreachable, "no_route"),
    "error_search_no_query_422": (Refused, "refused"),
    "error_server_down": (Unreachable, "unreachable"),
    "error_session_cookie_403": (Unreachable, "unauthorised"),
    "error_unknown_token_401": (Unreachable, "unauthorised"),
    "status_database_down": (Unreachable, "unreachable"),
}
NOT_JSON = {"pages_delete", "pages_export_markdown"}
UNREAD = ("attachments_", "chapters_", "recycle_bin_", "status_")
"""Of what no page needs."""


def wire_of(name: str) -> type[Wire]:
    """The model that reads an answer."""
    if name.startswith(UNREAD) or name in NOT_JSON:
        return Wire
    if "_list" in name or name.startswith("search_"):
        return WireList
    kinds: dict[str, type[Wire]] = {"pages": WirePage, "shelves_read": WireShelf, "system": WireSystem}
    return next((wire for start, wire in kinds.items() if name.startswith(start)), WireThing)


def play(one: Recording) -> Wire:
    client = client_of(httpx.MockTransport(lambda _: one.answer()))
    return client._call(wire_of(one.name), one.request["method"], one.request["path"])


def test_each_recording_is_expected() -> None:
    assert len(ALL) == 57
    assert ERRORS.keys() <= {one.name for one in ALL}


@pytest.mark.parametrize("one", [one for one in ALL if one.name in ERRORS], ids=lambda one: one.name)
def test_a_recorded_failure_is_one_of_our_errors(one: Recording) -> None:
    error, code = ERRORS[one.name]
    with pytest.raises(error) as caught:
        play(one)
    assert (type(caught.value), caught.value.code) == (error, code)
    assert "BookStack" in caught.value.message
    assert "SQL" not in caught.value.message
    assert "<html" not in caught.value.message


@pytest.mark.parametrize(
    "one", [one for one in ALL if one.name not in ERRORS and one.name not in NOT_JSON], ids=lambda one: one.name
)
def test_a_recorded_answer_is_read(one: Recording) -> None:
    read, said = play(one), one.response
    assert said is not None
    whole = said["json"]
    if isinstance(read, WireList):
        assert [hit.id for hit in read.data] == [hit["id"] for hit in whole["data"]]
        assert [[tag.name for tag in hit.tags] for hit in read.data] == [
            [tag["name"] for tag in hit.get("tags", ())] for hit in whole["data"]
        ]
    if isinstance(read, WireThing):
        assert (read.id, read.name) == (whole["id"], whole["name"])
        assert [(tag.name, tag.value) for tag in read.tags] == [(t["name"], t["value"]) for t in whole.get("tags", ())]
    if isinstance(read, WirePage):
        assert read.markdown == whole["markdown"]
    if isinstance(read, WireShelf):
        assert [book.id for book in read.books] == [1]


@pytest.mark.parametrize("name", sorted(NOT_JSON))
def test_an_answer_that_is_no_json_is_a_failure_of_whatever_stands_in_front(name: str) -> None:
    with pytest.raises(SourceError) as caught:
        play(recording("bookstack", name))
    assert "url" in caught.value.hint


def test_after_too_many_requests_it_is_left_alone_for_as_long_as_it_wants() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return recording("bookstack", "error_rate_limited_429").answer()

    client = client_of(httpx.MockTransport(answer))
    for _ in range(3):
        with pytest.raises(Unreachable) as caught:
            client.page(1)
        assert (caught.value.code, caught.value.after_s) == ("busy", 59.0)
    assert len(asked) == 1


@pytest.mark.parametrize(("system", "version"), [("system_read", "v25.02.4"), ("error_route_missing_404", "")])
def test_the_version_is_told_where_the_server_tells_it(system: str, version: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return recording("bookstack", system if request.url.path == "/api/system" else "books_list").answer()

    assert client_of(httpx.MockTransport(answer)).version() == version


def test_a_search_is_asked_for_as_it_was_recorded() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params["query"])
        return recording("bookstack", "search_by_two_tags").answer()

    client = client_of(httpx.MockTransport(answer))
    assert [hit.id for hit in client.tagged("page", {"factory-run": "2041", "factory-page": "evidence"})] == [1]
    assert client.tagged("page", {"factory-run": "2042"}) == []  # the server was wrong: no hit has this tag
    assert client.tagged("book", {"factory-run": "2041"}) == []
    assert asked[0] == recording("bookstack", "search_by_two_tags").request["params"]["query"]


# The calls of one visit, in the order in which they were recorded: the fake has to say the same.
VISIT = [
    "books_create", "shelves_create", "chapters_create", "pages_create_markdown", "pages_create_same_name",
    "pages_update", "pages_update_unchanged", "pages_move", "pages_read_html", "pages_list_by_name",
    "search_by_tag", "search_by_two_tags", "search_no_result", "books_list", "shelves_list", "shelves_read",
    "shelves_update", "error_search_no_query_422", "error_page_missing_404", "error_parent_missing_404",
    "error_page_create_422", "error_page_name_too_long_422", "error_malformed_json_422", "error_method_405",
    "error_route_missing_404", "pages_delete", "error_deleted_page_404",
]  # fmt: skip
RENDERED = {"description", "description_html", "html", "raw_html", "preview_html"}
OF_THE_CLOCK = {"created_at", "updated_at", "created_by", "updated_by", "owned_by", "slug"}


def test_the_fake_server_answers_a_recorded_visit_as_the_real_one() -> None:
    fake = FakeBookStack()
    for name in VISIT:
        one = recording("bookstack", name)
        if name == "search_by_tag":
            fake.pages[1]["tags"].pop()  # somebody took the third tag off before it was recorded
        got, said = fake.answer(_request(one)), one.answer()
        assert (name, got.status_code, is_json(got)) == (name, said.status_code, is_json(said) and got.content != b"")
        if is_json(got) and got.is_success:
            _alike(name, got.json(), said.json())
        elif is_json(got):
            assert got.json()["error"]["code"] == said.json()["error"]["code"]


def _request(one: Recording) -> httpx.Request:
    sent = one.request
    content = sent["body"] if "body" in sent else json.dumps(sent["json"])
    url = f"http://wiki.test{sent['path']}"
    headers = {"authorization": f"Token {TOKEN}"}
    return httpx.Request(sent["method"], url, params=sent.get("params"), headers=headers, content=content)


def _alike(name: str, got: object, said: object) -> None:
    """Whatever the fake says, the real one says too."""
    if isinstance(got, dict) and isinstance(said, dict):
        for key in got.keys() & said.keys() - OF_THE_CLOCK - RENDERED:
            _alike(f"{name}.{key}", got[key], said[key])
    elif isinstance(got, list) and isinstance(said, list):
        assert len(got) == len(said), name
        for number, (mine, theirs) in enumerate(zip(got, said, strict=True)):
            _alike(f"{name}[{number}]", mine, theirs)
    else:
        assert got == said, name
