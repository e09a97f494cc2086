"""How the outbox reads."""

from dataclasses import replace

from factory.model.outbox import OutboxItem
from widgets.lines import text_of, width_of
from widgets.viewers.outbox_rows import outbox_rows

NOW = "2026-01-01T12:10:00.000Z"
ITEM = OutboxItem(
    id="out_1", run="run_0001", target="bookstack", op="page", dedupe_key="k", order_key="run_0001/status",
    created_at="2026-01-01T12:00:00.000Z",
)  # fmt: skip


def said(*items: OutboxItem, width: int = 100) -> str:
    return text_of(outbox_rows(items, NOW, width))


def test_an_empty_outbox_says_so() -> None:
    assert "nothing waits" in said()


def test_what_waits_is_shown_with_its_age_its_tries_and_its_last_error() -> None:
    text = said(replace(ITEM, tries=3, next_at="2026-01-01T12:10:40.000Z", last_error="BookStack does not answer."))
    assert "bookstack" in text
    assert "10m" in text
    assert "3 tries, next in 40s" in text
    assert "BookStack does not answer." in text


def test_what_arrived_shows_where_it_went() -> None:
    assert "page:123" in said(replace(ITEM, state="delivered", tries=1, remote_ref="page:123"))


def test_what_was_given_up_comes_first_with_its_key() -> None:
    lines = said(ITEM, replace(ITEM, id="out_2", state="dead", last_error="No such book.")).splitlines()
    assert "1 given up · 1 waiting" in lines[0]
    assert "given up" in lines[1]
    assert "Q requeues it: out_2" in lines[3]


def test_hostile_text_stays_on_its_line() -> None:
    item = replace(ITEM, target="sink:\x1b[31mx", last_error="a\nb\x1b]52;c;x\x07", remote_ref="[red]" * 200)
    rows = outbox_rows([item], NOW, 80)
    assert all(width_of(row) <= 80 for row in rows)
    assert "\x1b" not in text_of(rows)
