"""BookStack's API (v24.10 and later), as far as pages need it. Nothing in it is unique and nothing idempotent."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import httpx

from adapters.http import WHOLE_S, is_json, open_client, read, speaking_to
from adapters.knowledge.bookstack_wire import Tags, Wire, WireList, WirePage, WireShelf, WireSystem, WireThing
from adapters.pace import Pace
from factory.errors import Malformed, Unreachable

W = TypeVar("W", bound=Wire)

SYSTEM = "BookStack"
PER_S = 2.0
"""The server allows 180 a minute for each user."""
BURST = 12
"""What the pages of one run need."""
READ_S = 15.0
REST_S = 10.0
"""After a 429 that does not say how long."""
_COUNT = 100


class BookStackClient:
    """One BookStack, spoken to with a token and without cookies: one would be stronger than the token.

    Every method may raise `Unreachable`, `Refused`, `Missing` or `Malformed`. Nothing is tried twice: what became of a
    write without an answer is found out by looking.

    Args:
        token: `ID:SECRET`.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        read_s: float = READ_S,
        whole_s: float = WHOLE_S,
        pace: Pace | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._pace = pace or Pace(PER_S, BURST)
        self._http = open_client(url, {"Authorization": f"Token {token}"}, read_s, whole_s=whole_s, transport=transport)

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def version(self) -> str:
        """The version after an authenticated read; empty for one that is too old to say."""
        self._call(WireList, "GET", "/api/books", params={"count": 1})
        try:
            return self._call(WireSystem, "GET", "/api/system").version
        except Unreachable as error:
            if error.code != "no_route":
                raise
            return ""

    def page(self, page_id: int) -> WirePage:
        """A page with its Markdown and tags. Raises `Missing` also for one in the recycle bin."""
        return self._call(WirePage, "GET", f"/api/pages/{page_id}")

    def tagged(self, kind: str, tags: Tags) -> list[WireThing]:
        """What really has all of these tags, lowest id first.

        Args:
            kind: `page`, `book` or `bookshelf`.
        """
        wanted = " ".join(f"[{name}={value}]" for name, value in tags.items())
        query = {"query": f"{wanted} {{type:{kind}}}", "count": _COUNT}
        hits = self._call(WireList, "GET", "/api/search", params=query).data
        return sorted((hit for hit in hits if hit.type == kind and hit.is_tagged(tags)), key=lambda hit: hit.id)

    def named(self, shelves_or_books: str, name: str) -> list[WireThing]:
        """Shelves or books that really have this name, lowest id first."""
        query = {"filter[name]": name, "sort": "+id", "count": _COUNT}
        found = self._call(WireList, "GET", f"/api/{shelves_or_books}", params=query).data
        return sorted((one for one in found if one.name == name), key=lambda one: one.id)

    def create_page(self, book_id: int, name: str, markdown: str, tags: Sequence[Mapping[str, str]]) -> WirePage:
        """A new page. Raises `Missing` when the book is not there."""
        body = {"book_id": book_id, "name": name, "markdown": markdown, "tags": tags}
        return self._call(WirePage, "POST", "/api/pages", json=body)

    def update_page(self, page_id: int, markdown: str, tags: Sequence[Mapping[str, str]]) -> WirePage:
        """Replace its Markdown and all of its tags; each call makes a revision, changed or not."""
        return self._call(WirePage, "PUT", f"/api/pages/{page_id}", json={"markdown": markdown, "tags": tags})

    def create(
        self, shelves_or_books: str, name: str, description: str, tags: Sequence[Mapping[str, str]]
    ) -> WireThing:
        """A new shelf or book."""
        body = {"name": name, "description": description, "tags": tags}
        return self._call(WireThing, "POST", f"/api/{shelves_or_books}", json=body)

    def shelf(self, shelf_id: int) -> WireShelf:
        """A shelf with its books."""
        return self._call(WireShelf, "GET", f"/api/shelves/{shelf_id}")

    def put_books(self, shelf_id: int, books: Sequence[int]) -> WireThing:
        """Replace the list of books on a shelf."""
        return self._call(WireThing, "PUT", f"/api/shelves/{shelf_id}", json={"books": list(books)})

    def _call(self, wire: type[W], method: str, path: str, **what: Any) -> W:
        if rest_s := self._pace.rest_s:
            raise Unreachable(f"{SYSTEM} wants to be left alone for {rest_s:.0f} s more.", "", "busy", rest_s)
        self._pace.turn()
        try:
            with speaking_to(SYSTEM):
                response = self._http.request(method, path, **what)
                if response.is_success and not is_json(response):
                    raise Malformed(f"{SYSTEM} answers with a web page.", "Correct [knowledge] url in config.toml.")
                return read(wire, response)
        except Unreachable as error:
            if error.code == "busy":
                self._pace.rest(error.after_s or REST_S)
            raise
