"""What the BookStack target does on a server on which people work too."""

import httpx
import pytest

from adapters.knowledge.plain import BEGIN, END
from factory.errors import Refused
from tests.contract.bookstack_rig import NOTES, Wiki, page_of

NAME = "Fix split() · status · run_1"
UPDATE = f"{NAME} (factory update)"


@pytest.fixture
def wiki() -> Wiki:
    return Wiki()


def generated(body: str) -> str:
    return f'{BEGIN}\n```yaml\ntemplate: "status"\nrun: "run_1"\n```\n\n{body}\n{END}'


def test_a_page_is_made_once_with_its_three_tags_and_found_by_its_id(wiki: Wiki) -> None:
    ref, warning = wiki.put("first")
    assert (ref, warning) == ("page:1", "")
    (page,) = wiki.server.pages.values()
    assert page["markdown"] == generated("first") + NOTES
    assert page["name"] == NAME
    tags = {tag["name"]: tag["value"] for tag in page["tags"]}
    assert tags.keys() == {"factory-run", "factory-page", "factory-digest"}
    assert (tags["factory-run"], tags["factory-page"], len(tags["factory-digest"])) == ("run_1", "status", 32)
    wiki.server.asked.clear()
    assert wiki.put("second", known=ref)[0] == ref
    assert wiki.server.asked == ["GET /api/pages/1", "PUT /api/pages/1"]
    assert wiki.server.texts() == {NAME: generated("second") + NOTES}


def test_the_page_about_all_runs_is_one_page_whichever_run_ended_last(wiki: Wiki) -> None:
    ref, _ = wiki.put("one run", run="run_1", role="metrics", title="Metrics of all runs")
    assert wiki.put("two runs", run="run_2", role="metrics", title="Metrics of all runs")[0] == ref
    (page,) = wiki.server.pages.values()
    assert page["name"] == "Metrics of all runs · metrics · all-runs"
    assert {"name": "factory-run", "value": "all-runs"} in [
        {"name": tag["name"], "value": tag["value"]} for tag in page["tags"]
    ]


def test_what_is_there_already_is_not_sent(wiki: Wiki) -> None:
    ref, _ = wiki.put("the same")
    wiki.server.asked.clear()
    for known in (ref, "", "page:99", "nonsense"):
        assert wiki.put("the same", known=known)[0] == ref
    assert wiki.server.writes() == []
    assert wiki.server.pages[1]["revision_count"] == 1


def test_what_people_write_around_the_block_stays_with_its_tags_name_and_place(wiki: Wiki) -> None:
    ref, _ = wiki.put("old")
    wiki.server.edit(1, BEGIN, f"Read this first.\n\n{BEGIN}")
    wiki.server.edit(1, NOTES.strip()[-5:], f"in.\n\n{END}\n\nOurs: keep!")
    wiki.server.pages[1]["tags"] += [{"name": "team", "value": "a"}, {"name": "team", "value": "b"}]
    wiki.server.pages[1].update(name="Our split", book_id=7)
    assert wiki.put("new", known=ref) == (ref, "")
    page = wiki.server.pages[1]
    before, rest = page["markdown"].split(BEGIN)
    assert before == "Read this first.\r\n\r\n"
    assert rest.startswith(generated("new").removeprefix(BEGIN))
    assert rest.endswith(f"in.\r\n\r\n{END}\r\n\r\nOurs: keep!")
    assert [(tag["name"], tag["value"]) for tag in page["tags"]][:2] == [("team", "a"), ("team", "b")]
    assert (page["name"], page["book_id"], len(page["tags"])) == ("Our split", 7, 5)


def take_over_the_block(wiki: Wiki) -> None:
    wiki.server.edit(1, "old", "old, but wrong")


def save_visually(wiki: Wiki) -> None:
    wiki.server.edit_visually(1, "<p>Mine.</p>")


def remove_a_marker(wiki: Wiki) -> None:
    wiki.server.edit(1, END, "")


@pytest.mark.parametrize("edit", [take_over_the_block, save_visually, remove_a_marker])
def test_a_page_that_people_took_over_is_theirs_and_ours_stands_beside_it(wiki: Wiki, edit: object) -> None:
    ref, _ = wiki.put("old")
    edit(wiki)  # type: ignore[operator]
    theirs = dict(wiki.server.pages[1])
    ref, warning = wiki.put("new", known=ref)
    assert ref == "page:1 update:2"
    assert "page 1" in warning
    assert wiki.put("newer", known=ref)[0] == ref
    assert wiki.put("newest")[0] == ref
    assert wiki.server.pages[1] == theirs
    assert wiki.server.texts() == {NAME: theirs["markdown"], UPDATE: generated("newest") + NOTES}


def test_a_page_whose_block_is_taken_back_is_ours_again(wiki: Wiki) -> None:
    ref, _ = wiki.put("old")
    take_over_the_block(wiki)
    ref, warning = wiki.put("new", known=ref)
    assert warning
    wiki.server.edit(1, "old, but wrong", "old")
    assert wiki.put("newer", known=ref) == ("page:1", "")
    assert wiki.server.texts()[NAME].startswith(generated("newer"))


def test_words_that_are_saved_between_our_look_and_our_write_are_named(wiki: Wiki) -> None:
    ref, _ = wiki.put("old")

    def somebody_saves(request: httpx.Request) -> bool:
        if request.method == "PUT":
            wiki.server.edit(1, "Yours to write in.", "Mine, at the same moment.")
        return False

    wiki.faults.set("refuse", only=somebody_saves)
    _, warning = wiki.put("new", known=ref)
    assert "revisions" in warning
    assert "page 1" in warning
    wiki.faults.clear()
    assert wiki.put("newer", known=ref) == (ref, "")


def test_who_takes_over_every_update_gets_no_more_of_them(wiki: Wiki) -> None:
    ref, _ = wiki.put("text 0")
    for number in range(1, 5):
        wiki.server.edit(number, "text", "my text")
        ref, _ = wiki.put(f"text {number}", known=ref)
        assert len(wiki.server.pages) == number + 1
    wiki.server.edit(5, "text", "my text")
    with pytest.raises(Refused) as caught:
        wiki.put("text 5", known=ref)
    assert caught.value.code == "taken_over"
    assert len(wiki.server.pages) == 5


def test_a_deleted_page_is_made_again_and_a_second_one_is_found_by_its_tags(wiki: Wiki) -> None:
    ref, _ = wiki.put("text")
    wiki.server.delete("pages", 1)
    assert wiki.put("text", known=ref)[0] == "page:2"
    assert wiki.put("more", known=ref)[0] == "page:2"


def test_of_two_pages_the_lowest_is_kept_up_to_date_and_the_other_is_named(wiki: Wiki) -> None:
    wiki.put("text")
    wiki.server.things["pages"][9] = {**wiki.server.pages[1], "id": 9}
    ref, warning = wiki.put("more")
    assert ref == "page:1"
    assert "page 1" in warning
    assert "9" in warning
    assert "text" in wiki.server.pages[9]["markdown"]


def test_pages_of_other_runs_and_roles_are_other_pages(wiki: Wiki) -> None:
    refs = {
        wiki.put("x", run=run, role=role)[0] for run in ("run_1", "run_2", "run_12") for role in ("status", "request")
    }
    assert len(refs) == len(wiki.server.pages) == 6


@pytest.mark.parametrize(("run", "role"), [("2041", "status"), ("läuft]", "a=b"), ("r" * 500, "s" * 300)])
def test_any_name_becomes_tags_that_can_be_searched(wiki: Wiki, run: str, role: str) -> None:
    ref, _ = wiki.put("x", run=run, role=role, title="t" * 400)
    assert wiki.put("y", run=run, role=role, title="t" * 400) == (ref, "")
    assert wiki.put("x", run=f"{run}0", role=role)[0] != ref
    assert max(len(page["name"]) for page in wiki.server.pages.values()) <= 255


def test_the_book_and_its_shelf_are_made_once_and_found_again() -> None:
    wiki = Wiki(shelf="Factory")
    wiki.put("x")
    wiki.target = wiki.another()
    wiki.put("y", run="run_2")
    (book,), (shelf,) = wiki.server.things["books"].values(), wiki.server.things["shelves"].values()
    assert (book["name"], shelf["name"], shelf["books"]) == ("Ledger Service", "Factory", [book["id"]])
    book["name"] = "Renamed"
    wiki.target = wiki.another()
    wiki.put("z", run="run_3")
    assert len(wiki.server.things["books"]) == 1


def test_a_shelf_and_a_book_that_people_made_are_used_and_keep_what_is_on_them() -> None:
    wiki = Wiki(shelf="Factory")
    books, shelves = wiki.server.things["books"], wiki.server.things["shelves"]
    books[5] = {"id": 5, "name": "Another", "tags": []}
    books[6] = {"id": 6, "name": "Ledger Service", "tags": []}
    shelves[3] = {"id": 3, "name": "Factory", "tags": [], "books": [5]}
    wiki.put("x")
    assert (sorted(books), sorted(shelves), shelves[3]["books"]) == ([5, 6], [3], [5, 6])
    assert wiki.server.pages[1]["book_id"] == 6


def test_a_book_that_was_deleted_is_made_again(wiki: Wiki) -> None:
    wiki.put("x")
    wiki.server.delete("books", 1)
    ref, _ = wiki.put("x", run="run_2")
    assert wiki.server.pages[2]["book_id"] == 2
    assert ref == "page:2"


def test_it_waits_for_its_turn_and_stays_under_the_limit(wiki: Wiki) -> None:
    for number in range(150):
        wiki.put("x", run=f"run_{number}")
    assert len(wiki.server.asked) > wiki.server.per_minute
    assert wiki.time.now >= (len(wiki.server.asked) - 12) / 2.0


def test_it_keeps_no_cookie(wiki: Wiki) -> None:
    wiki.target._client._http.get("/status")
    wiki.put("x")
    assert len(wiki.server.pages) == 1


def test_a_page_that_went_away_before_it_was_read_back_is_refused(wiki: Wiki) -> None:
    wiki.put("x")
    assert wiki.target.confirm(page_of("x"))
    wiki.server.delete("pages", 1)
    with pytest.raises(Refused) as caught:
        wiki.target.confirm(page_of("x"))
    assert caught.value.code == "gone"
