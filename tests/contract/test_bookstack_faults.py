"""Whatever happens between us and a BookStack: in the end each page is there once, with the last text and the notes."""

from collections.abc import Callable

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.knowledge.bookstack import BookStackTarget
from adapters.knowledge.bookstack_book import Book
from adapters.knowledge.bookstack_client import BookStackClient
from factory.errors import SourceError, Unreachable
from factory.model.outbox import OutboxItem
from factory.model.run import Run
from factory.rules.outbox import outbox_item
from factory.workflow.delivery import deliver_due
from tests.contract.bookstack_rig import Wiki, page_of, page_text
from tests.fakes.clock import FixedClock
from tests.fakes.ledger import MemoryLedger
from tests.support.fake_bookstack import TOKEN, FakeBookStack
from tests.support.faults import FAULTS, SOCKET_FAULTS, Fault, Faults
from tests.support.loopback import served
from tests.unit.knowledge.post_room import ports_of

NOTES_OF_PEOPLE = "We know better."


def nth(number: int) -> Callable[[httpx.Request], bool]:
    """Only the request with this number."""
    left = [number]

    def only(_: httpx.Request) -> bool:
        left[0] -= 1
        return left[0] == 0

    return only


def put_until_there(wiki: Wiki, body: str, known: str = "") -> str:
    """Try again as the outbox does, each time as a worker that was started again."""
    for _ in range(3):
        try:
            return wiki.put(body, known=known)[0]
        except SourceError:
            wiki.time.sleep(60)
            wiki.target = wiki.another()
    raise AssertionError("it never arrived")


@pytest.mark.parametrize("has_effect", [False, True])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("number", range(1, 9))
def test_a_fault_at_any_request_makes_nothing_twice_and_loses_nothing(
    fault: Fault, number: int, has_effect: bool
) -> None:
    wiki = Wiki(shelf="Factory")
    wiki.faults.set(fault, has_effect=has_effect, only=nth(number))
    known = put_until_there(wiki, "first")
    wiki.server.edit(1, "Yours to write in.", NOTES_OF_PEOPLE)
    wiki.faults.set(fault, has_effect=has_effect, only=nth(number % 4))
    put_until_there(wiki, "second", known=known if number % 2 else "")
    assert wiki.faults.met >= 1
    assert [len(wiki.server.things[plural]) for plural in ("shelves", "books", "pages")] == [1, 1, 1]
    assert wiki.server.things["shelves"][1]["books"] == [1]
    (text,) = wiki.server.texts().values()
    assert "second" in text
    assert "first" not in text
    assert NOTES_OF_PEOPLE in text


@pytest.mark.parametrize("fault", SOCKET_FAULTS)
def test_a_real_connection_that_fails_is_an_outage_and_ends(fault: Fault) -> None:
    server, faults = FakeBookStack(), Faults()
    with served(server.answer, faults) as url:
        hasty, patient = BookStackClient(url, TOKEN, read_s=0.2, whole_s=0.4), BookStackClient(url, TOKEN)
        faults.set(fault, only=lambda request: request.method == "POST" and "pages" in request.url.path)
        with pytest.raises(Unreachable) as caught:
            BookStackTarget(hasty, Book(hasty, "Ledger Service")).deliver(page_of("first"))
        assert caught.value.code in ("timeout", "unreachable")
        faults.clear()
        target = BookStackTarget(patient, Book(patient, "Ledger Service"))
        assert target.deliver(page_of("first"))[:2] == ("delivered", "page:1")
        target.close()
        hasty.close()
    assert len(server.pages) == 1
    client = BookStackClient(url, TOKEN)
    with pytest.raises(Unreachable):
        client.page(1)


Step = tuple[str, int, Fault | None, bool]


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["status", "request"]),
            st.integers(1, 5),
            st.sampled_from([None, *FAULTS]),
            st.booleans(),
        ),
        max_size=12,
    )
)
@settings(max_examples=40, deadline=None)
def test_the_outbox_brings_every_page_there_once_whatever_fails(steps: list[Step]) -> None:
    wiki, clock = Wiki(), FixedClock()
    ledger = MemoryLedger(clock)
    ledger.write("operator", lambda tx: tx.put(Run(id="run_1", goal="g", state="running"), "run.start"))
    noted: set[int] = set()

    def look() -> None:
        deliver_due(ports_of(clock, ledger, wiki.target), clock.now())
        clock.advance(400)
        wiki.time.sleep(400)

    last: dict[str, str] = {}
    for number, (role, after, fault, has_effect) in enumerate(steps):
        if fault:
            wiki.faults.set(fault, left=1, has_effect=has_effect, only=nth(after))
        last[role] = f"text {number}."
        payload = {"ref": f"run_1/{role}", "role": role, "text": page_text(last[role], role)}
        item = outbox_item("run_1", "bookstack", "page", payload, f"run_1/{role}")
        ledger.write("worker", lambda tx, item=item: tx.put(item, "outbox.queue"))  # type: ignore[misc]
        look()
        for page_id in wiki.server.pages.keys() - noted:
            wiki.server.edit(page_id, "Yours to write in.", NOTES_OF_PEOPLE)
            noted.add(page_id)
    wiki.faults.clear()
    for _ in range(3):
        look()
    assert {item.state for item in ledger.find(OutboxItem)} <= {"delivered"}
    pages = {
        tag["value"]: page
        for page in wiki.server.pages.values()
        for tag in page["tags"]
        if tag["name"] == "factory-page"
    }
    assert pages.keys() == last.keys()
    assert len(wiki.server.pages) == len(last)
    for role, text in last.items():
        assert text in pages[role]["markdown"]
    assert all(NOTES_OF_PEOPLE in wiki.server.pages[page_id]["markdown"] for page_id in noted)
