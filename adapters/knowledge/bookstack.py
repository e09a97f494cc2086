"""The outbox's target in a BookStack: each page once, and not a word of people overwritten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from adapters.knowledge.bookstack_book import Book
from adapters.knowledge.bookstack_client import BookStackClient
from adapters.knowledge.bookstack_wire import ASKS, Tags, WirePage, short_name, tag_list, tag_value
from adapters.knowledge.generated import digest, fresh, split
from adapters.knowledge.page_item import PageItem, page_item
from factory.errors import Missing, Refused
from factory.model.outbox import METRICS, OutboxItem
from factory.ports.knowledge import Known, Receipt, nothing_known
from factory.rules.visible import one_line

RUN, PAGE, DIGEST = "factory-run", "factory-page", "factory-digest"
OURS = frozenset({RUN, PAGE, DIGEST})
EDITIONS = 5
"""A page and its updates beside it; whoever edits them all wants no more of them."""
TITLE_CHARS = 120
ALL_RUNS = "all-runs"
"""Stands for the run in the tags of a page that is about no single one."""
NAMED = 10
"""Pages that one warning names."""


@dataclass(frozen=True)
class _Edition:
    """A page of ours: the first, or one beside a page that people took over."""

    tags: Tags
    name: str
    key: str
    """Before its id in a remote reference."""


class BookStackTarget:
    """`Target` "bookstack": operation `page` writes a page, known by its tags and never by its name.

    People may write around the generated block, rename the page and move it. Where they changed the block itself, or
    saved the page with the visual editor, it is theirs: our text goes to a page beside it, with a warning.
    """

    name = "bookstack"
    asks = ASKS

    def __init__(self, client: BookStackClient, book: Book) -> None:
        self._client = client
        self._book = book

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def probe(self) -> str:
        """Its version; empty for one that is too old to say. Raises what the client raises."""
        return self._client.version()

    def deliver(self, item: OutboxItem, known: Known = nothing_known) -> Receipt:
        """Write one page and return `page:ID`, or `page:ID update:ID` when people took the first one over.

        Raises:
            Unreachable, Missing, Malformed: try again later. Refused: never.
        """
        page = page_item(item)
        block, notes = fresh(page.text)
        ids = _ids(known(item.order_key))
        refs: list[str] = []
        warnings: list[str] = []
        for edition in _editions(item, page):
            found, more = self._find(edition, ids.get(edition.key, 0))
            if found is None:
                found = self._create(edition, block + notes, digest(block))
                refs.append(f"{edition.key}:{found.id}")
                break
            refs.append(f"{edition.key}:{found.id}")
            warnings += [_said_twice(found, more)] if more else []
            if _is_ours(found, block):
                warnings += self._update(found, edition, block)
                break
            warnings.append(_taken_over(found))
        else:
            raise Refused(
                f"People took over all {EDITIONS} pages of {page.ref} on the wiki.",
                "Delete one of them, then requeue the item.",
                "taken_over",
            )
        return "delivered", " ".join(refs), " ".join(warnings)

    def confirm(self, item: OutboxItem) -> bool:
        """Whether the page is there (nobody read its id before a kill).

        Raises:
            Refused: `gone`, it has to be written again.
        """
        page = page_item(item)
        ids = _ids(item.remote_ref)
        first = next(_editions(item, page))
        if self._find(first, ids.get(first.key, 0))[0] is None:
            raise Refused(f"The page {page.ref} is not on the wiki any more.", code="gone")
        return True

    def _find(self, edition: _Edition, page_id: int) -> tuple[WirePage | None, list[int]]:
        """The page of an edition, as it is now, and the ids of others that claim to be it."""
        try:
            if page_id and (page := self._client.page(page_id)).is_tagged(edition.tags):
                return page, []
        except Missing:
            pass  # deleted, or not for us to see; there may be another one by now
        hits = [hit.id for hit in self._client.tagged("page", edition.tags)]
        return (self._client.page(hits[0]), hits[1:]) if hits else (None, [])

    def _create(self, edition: _Edition, text: str, mark: str) -> WirePage:
        tags = tag_list(edition.tags, {DIGEST: mark})
        try:
            return self._client.create_page(self._book.id(), edition.name, text, tags)
        except Missing:
            self._book.forget()
        return self._client.create_page(self._book.id(), edition.name, text, tags)

    def _update(self, page: WirePage, edition: _Edition, block: str) -> list[str]:
        """Bring the block up to date, unless it is; what has to be said of it."""
        mark = digest(block)
        parts = split(page.markdown)
        assert parts is not None  # it is ours
        before, old, after = parts
        if old == block and page.tag(DIGEST) == mark:
            return []
        theirs = [{"name": tag.name, "value": tag.value or ""} for tag in page.tags if tag.name not in OURS]
        tags = [*theirs, *tag_list(edition.tags, {DIGEST: mark})]
        now = self._client.update_page(page.id, f"{before}{block}{after}", tags)
        return [_overtaken(now)] if now.revision_count > page.revision_count + 1 else []


def _editions(item: OutboxItem, page: PageItem) -> Iterator[_Edition]:
    """The page itself, then those beside it, as far as people make them needed."""
    owner = ALL_RUNS if page.role == METRICS else item.run
    run = tag_value(owner)
    name = f"{(page.title or 'Goal')[:TITLE_CHARS]} · {page.role} · {owner}"
    for number in range(EDITIONS):
        key = ("page", "update")[number] if number < 2 else f"update{number}"
        beside = ("", " (factory update)")[number] if number < 2 else f" (factory update {number})"
        kind = page.role if number == 0 else f"{page.role}-{key}"
        yield _Edition({RUN: run, PAGE: tag_value(kind)}, short_name(name, beside), key)


def _ids(ref: str) -> dict[str, int]:
    """The ids in a remote reference of ours."""
    return {key: int(number) for key, number in re.findall(r"(\w+):(\d+)", ref)}


def _is_ours(page: WirePage, block: str) -> bool:
    """Whether its block is as we left it, or as we want it."""
    parts = split(page.markdown)
    return parts is not None and (parts[1] == block or page.tag(DIGEST) == digest(parts[1]))


def _overtaken(page: WirePage) -> str:
    return (
        f"Somebody saved “{_shown(page)}” (page {page.id}) while we wrote it; their words are in its revisions on the "
        "wiki, take them from there."
    )


def _taken_over(page: WirePage) -> str:
    return (
        f"People changed the generated part of “{_shown(page)}” (page {page.id}) on the wiki, so our text goes to a "
        "page beside it; move their words below the block, or take its last revision of ours back."
    )


def _said_twice(page: WirePage, more: list[int]) -> str:
    others = ", ".join(map(str, more[:NAMED]))
    return f"“{_shown(page)}” is on the wiki more than once: page {page.id} is kept up to date; delete {others}."


def _shown(page: WirePage) -> str:
    return one_line(page.name[:TITLE_CHARS])
