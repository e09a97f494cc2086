"""A BookStack in memory with the quirks of the real one: nothing is unique, nothing idempotent, cookies win.

`answer` is a function from a request to its answer, for httpx's mock transport and for `loopback.served`. What people
do there with their browsers are methods.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import httpx

from tests.support.bookstack_search import hits, listed
from tests.support.recordings import recording

TOKEN = "wiki-token-id:wiki-token-secret"
KINDS = {"shelves": "bookshelf", "books": "book", "chapters": "chapter", "pages": "page"}
_PARENTS = (("book_id", "books"), ("chapter_id", "chapters"))
Thing = dict[str, Any]


class Stop(Exception):
    """The answer is known before the end."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        self.response = response


@dataclass
class FakeBookStack:
    """What it holds, and what was asked of it."""

    per_minute: int = 180
    things: dict[str, dict[int, Thing]] = field(default_factory=lambda: {plural: {} for plural in KINDS})
    asked: list[str] = field(default_factory=list)
    """`GET /api/pages/1`, one for each request that came in."""
    is_expired: bool = False
    now: datetime = datetime(2026, 11, 23, 5, tzinfo=UTC)
    _minute: list[datetime] = field(default_factory=list)
    _last: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))

    @property
    def pages(self) -> dict[int, Thing]:
        """Those that are not in the recycle bin."""
        return self.things["pages"]

    def texts(self) -> dict[str, str]:
        """Markdown by name."""
        return {page["name"]: page["markdown"] for page in self.pages.values()}

    def edit(self, page_id: int, old: str, new: str) -> None:
        """Somebody changes a page in the Markdown editor; a browser sends other line ends."""
        page = self.pages[page_id]
        assert old in page["markdown"]
        text = page["markdown"].replace(old, new, 1).replace("\r\n", "\n").replace("\n", "\r\n")
        page.update(markdown=text, revision_count=page["revision_count"] + 1)

    def edit_visually(self, page_id: int, html: str) -> None:
        """Somebody saves a page with the visual editor: its Markdown is gone."""
        self.pages[page_id].update(markdown="", html=html, editor="wysiwyg")

    def delete(self, plural: str, thing_id: int) -> None:
        """Somebody puts a thing into the recycle bin, and with a book all of its pages."""
        del self.things[plural][thing_id]
        if plural == "books":
            inside = [page["id"] for page in self.pages.values() if page["book_id"] == thing_id]
            for page_id in inside:
                del self.pages[page_id]

    def writes(self) -> list[str]:
        """The requests that change something."""
        return [asked for asked in self.asked if not asked.startswith("GET")]

    def answer(self, request: httpx.Request) -> httpx.Response:
        """What it says."""
        path = unquote(request.url.path)
        self.asked.append(f"{request.method} {path}")
        if path == "/status":
            healthy = recording("bookstack", "status_healthy").answer()
            healthy.headers["set-cookie"] = "bookstack_session=abc; path=/; httponly"
            return healthy
        try:
            self._let_in(request)
            return self._route(request, path.removeprefix("/api/").split("/"))
        except Stop as stop:
            return stop.response

    def _let_in(self, request: httpx.Request) -> None:
        said = request.headers.get("authorization", "")
        self._minute = [at for at in self._minute if at > self.now - timedelta(minutes=1)]
        self._minute.append(self.now)
        checks = {
            "error_rate_limited_429": len(self._minute) > self.per_minute,
            "error_session_cookie_403": "cookie" in request.headers,
            "error_no_token_401": not said,
            "error_bad_format_401": not re.fullmatch(r"Token [^:]+:.+", said),
            "error_unknown_token_401": not said.startswith(f"Token {TOKEN.split(':')[0]}:"),
            "error_bad_secret_401": said != f"Token {TOKEN}",
            "error_expired_token_403": self.is_expired,
        }
        for name, failed in checks.items():
            if failed:
                raise Stop(recording("bookstack", name).answer())

    def _route(self, request: httpx.Request, parts: list[str]) -> httpx.Response:
        if parts == ["search"] and request.method == "GET":
            return self._search(request)
        plural, number = parts[0], parts[1] if len(parts) > 1 else ""
        if plural not in KINDS or len(parts) > 2 or (number and not number.isdigit()):
            return recording("bookstack", "error_route_missing_404").answer()
        if not number:
            calls = {"GET": self._list, "POST": self._create}
            return calls[request.method](request, plural) if request.method in calls else _error_405()
        if request.method not in ("GET", "PUT", "DELETE"):
            return _error_405()
        thing = self.things[plural].get(int(number))
        if thing is None:
            return _error(404, f"{KINDS[plural].capitalize()} not found")
        if request.method == "DELETE":
            self.delete(plural, int(number))
            return httpx.Response(204)
        if request.method == "PUT":
            self._change(plural, thing, _body(request))
        return _json(self._whole(plural, thing))

    def _search(self, request: httpx.Request) -> httpx.Response:
        query = request.url.params.get("query", "")
        if not query:
            return recording("bookstack", "error_search_no_query_422").answer()
        all_of_them = [{**thing, "type": KINDS[plural]} for plural in KINDS for thing in self.things[plural].values()]
        found = hits(all_of_them, query)
        return _json({"data": [_shown(hit, "type", "tags") for hit in found], "total": len(found)})

    def _list(self, request: httpx.Request, plural: str) -> httpx.Response:
        found, total = listed(list(self.things[plural].values()), request.url.params)
        return _json({"data": [_shown(thing) for thing in found], "total": total})

    def _create(self, request: httpx.Request, plural: str) -> httpx.Response:
        body = _body(request)
        self._check(plural, body)
        self._last[plural] = number = self._last[plural] + 1
        thing: Thing = {"id": number, "tags": [], "created_at": self._time()}
        if plural == "pages":
            thing |= {"book_id": 0, "chapter_id": 0, "markdown": "", "html": "", "revision_count": 0, "draft": False}
        self.things[plural][number] = thing
        self._change(plural, thing, body)
        return _json(self._whole(plural, thing))

    def _check(self, plural: str, body: Thing) -> None:
        wrong: dict[str, list[str]] = {}
        if not body.get("name"):
            wrong["name"] = ["The name field is required."]
        if len(body.get("name", "")) > 255:
            wrong["name"] = ["The name may not be greater than 255 characters."]
        if plural == "pages":
            if not any(body.get(key) for key, _ in _PARENTS):
                wrong |= {key: [f"The {key.replace('_', ' ')} field is required."] for key, _ in _PARENTS}
            if not body.get("markdown") and not body.get("html"):
                wrong |= {key: [f"The {key} field is required."] for key in ("html", "markdown")}
        if wrong:
            raise Stop(_error(422, "The given data was invalid.", wrong))
        self._parents(body)

    def _parents(self, body: Thing) -> None:
        for key, plural in _PARENTS:
            if body.get(key) and body[key] not in self.things[plural]:
                model = KINDS[plural].capitalize()
                raise Stop(
                    _error(404, f"No query results for model [BookStack\\Entities\\Models\\{model}] {body[key]}")
                )

    def _change(self, plural: str, thing: Thing, body: Thing) -> None:
        """What POST and PUT do alike; each counts as an edit, changed or not."""
        self._parents(body)
        tags = body.pop("tags", None)
        if body.get("markdown"):
            body.pop("html", None)
            body["editor"], body["html"] = "markdown", f"<p>{body['markdown']}</p>"
        elif body.get("html"):
            body["markdown"], body["editor"] = "", "wysiwyg"
        if body.get("chapter_id"):
            body["book_id"] = self.things["chapters"][body["chapter_id"]]["book_id"]
        elif plural == "pages" and body.get("book_id"):
            body["chapter_id"] = 0
        thing |= body | {"updated_at": self._time()}
        if "name" in body:
            thing["slug"] = re.sub(r"[^a-z0-9]+", "-", thing["name"].lower()).strip("-")
        if "revision_count" in thing:
            thing["revision_count"] += 1
        if tags is not None:
            if not all(isinstance(tag, dict) for tag in tags):
                raise Stop(_error(500, "Cannot access offset of type string on string"))
            cut = [{"name": tag["name"][:191], "value": (tag.get("value") or "")[:191], "order": 0} for tag in tags]
            thing["tags"] = cut

    def _whole(self, plural: str, thing: Thing) -> Thing:
        if plural != "shelves":
            return thing
        books = [self.things["books"][number] for number in thing.get("books", ()) if number in self.things["books"]]
        return {**thing, "books": [_shown(book) for book in books]}

    def _time(self) -> str:
        return self.now.strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def _shown(thing: Thing, *more: str) -> Thing:
    """As a list shows it: without content, and tags only where they are named."""
    fields = ("id", "name", "slug", "book_id", "chapter_id", "draft", "created_at", "updated_at", *more)
    return {name: thing[name] for name in fields if name in thing}


def _body(request: httpx.Request) -> Thing:
    """The JSON that was sent; broken JSON reads as nothing. Every text is trimmed."""
    try:
        sent = json.loads(request.content)
    except ValueError:
        return {}
    trimmed = _trimmed(sent)
    return trimmed if isinstance(trimmed, dict) else {}


def _trimmed(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict):
        return {key: _trimmed(one) for key, one in value.items()}
    return [_trimmed(one) for one in value] if isinstance(value, list) else value


def _json(value: Any) -> httpx.Response:
    return httpx.Response(200, json=value)


def _error(code: int, message: str, validation: Thing | None = None) -> httpx.Response:
    more = {"validation": validation} if validation else {}
    return httpx.Response(code, json={"error": {"code": code, "message": message, **more}})


def _error_405() -> httpx.Response:
    return recording("bookstack", "error_method_405").answer()
