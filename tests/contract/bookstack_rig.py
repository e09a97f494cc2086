"""A BookStack target in front of a fake server, and the items that it is given."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from adapters.knowledge.bookstack import BookStackTarget
from adapters.knowledge.bookstack_book import Book
from adapters.knowledge.bookstack_client import BookStackClient
from adapters.knowledge.plain import BEGIN, END
from adapters.pace import Pace
from factory.model.outbox import OutboxItem
from tests.support.fake_bookstack import TOKEN, FakeBookStack
from tests.support.faults import Faults, faulty

BEGAN = datetime(2026, 11, 23, 5, tzinfo=UTC)
NOTES = "\n\n## Notes\n\nYours to write in."


class Time:
    """A clock that stands still until somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


@dataclass
class Wiki:
    """A fake server with its faults, and a target that writes to it."""

    server: FakeBookStack = field(default_factory=FakeBookStack)
    faults: Faults = field(default_factory=Faults)
    time: Time = field(default_factory=Time)
    shelf: str = ""

    def __post_init__(self) -> None:
        self.target = self.another()

    def answer(self, request: httpx.Request) -> httpx.Response:
        """What the server says at this time."""
        self.server.now = BEGAN + timedelta(seconds=self.time.now)
        return self.server.answer(request)

    def another(self) -> BookStackTarget:
        """A target of a new process, which knows nothing yet."""
        client = client_of(faulty(self.answer, self.faults), self.time)
        return BookStackTarget(client, Book(client, "Ledger Service", self.shelf))

    def put(self, body: str, known: str = "", **of: str) -> tuple[str, str]:
        """Deliver a page; the reference and the warning. Raises what the target raises."""
        outcome, ref, *warned = self.target.deliver(page_of(body, **of), lambda _: known)
        assert outcome == "delivered"
        return ref, " ".join(warned)


def client_of(transport: httpx.BaseTransport, time: Time | None = None) -> BookStackClient:
    """A client without a network that never really waits."""
    time = time or Time()
    pace = Pace(2.0, 12, lambda: time.now, time.sleep)
    return BookStackClient("http://wiki.test", TOKEN, pace=pace, transport=transport)


def page_text(body: str, role: str = "status") -> str:
    """A page as the templates render it."""
    return f'---\ntemplate: "{role}"\nrun: "run_1"\n---\n{BEGIN}\n\n{body}\n\n{END}{NOTES}\n'


def page_of(body: str, run: str = "run_1", role: str = "status", title: str = "Fix split()") -> OutboxItem:
    """The item that writes a page."""
    ref = f"{run}/{role}"
    payload = {"ref": ref, "role": role, "title": title, "text": page_text(body, role)}
    return OutboxItem(
        id=f"out_{run}_{role}",
        run=run,
        target="bookstack",
        op="page",
        dedupe_key=f"bookstack:page:{run}:{ref}:{body}",
        order_key=ref,
        payload=json.dumps(payload),
    )
