"""The book that our pages go into, and the shelf that it stands on: found, or made once."""

from adapters.knowledge.bookstack_client import BookStackClient
from adapters.knowledge.bookstack_wire import WireThing, short_name, tag_list, tag_value

PROJECT = "factory-project"
_ABOUT = "Pages that the factory writes: one set for each goal."


class Book:
    """A book by its name in our settings. For one thread: two that look at once would make two books.

    Args:
        shelf: Name of the shelf; empty = on none.
    """

    def __init__(self, client: BookStackClient, book: str, shelf: str = "") -> None:
        self._client = client
        self._book = book
        self._shelf = shelf
        self._id = 0

    def id(self) -> int:
        """Its id; the server is asked once. Raises what the client raises."""
        if not self._id:
            book = self._found("book", self._book)
            if self._shelf:
                self._put_on(self._found("bookshelf", self._shelf).id, book.id)
            self._id = book.id
        return self._id

    def forget(self) -> None:
        """Look for it again: it is not where it was."""
        self._id = 0

    def _found(self, kind: str, name: str) -> WireThing:
        """By our tag, whatever people call it by now; else by its name; else a new one."""
        name = short_name(name)
        plural = {"book": "books", "bookshelf": "shelves"}[kind]
        tags = {PROJECT: tag_value(name)}
        known = self._client.tagged(kind, tags) or self._client.named(plural, name)
        return known[0] if known else self._client.create(plural, name, _ABOUT, tag_list(tags))

    def _put_on(self, shelf_id: int, book_id: int) -> None:
        books = [book.id for book in self._client.shelf(shelf_id).books]
        if book_id not in books:
            self._client.put_books(shelf_id, [*books, book_id])
