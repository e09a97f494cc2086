"""The fake server answers in the forms that were recorded, and has the quirks of the real one."""

import json
from typing import Any

import httpx
import pytest

from tests.support.fake_lightrag import KEY, FakeLightRag
from tests.support.recordings import recording

TEXT = {"text": "Parts of split must add up", "file_source": "a.md"}
COPY = {"text": "Parts of split must add up", "file_source": "copy.md"}
ASKED = {"query": "split the parts", "mode": "naive"}


def call(server: FakeLightRag, method: str, path: str, body: Any = None, key: str = KEY) -> httpx.Response:
    headers = {"X-API-Key": key} if key else {}
    return server.answer(httpx.Request(method, f"http://memory.test{path}", headers=headers, json=body))


def insert(server: FakeLightRag, body: dict[str, str] = TEXT) -> httpx.Response:
    return call(server, "POST", "/documents/text", body)


def track(server: FakeLightRag, inserted: httpx.Response) -> Any:
    return call(server, "GET", f"/documents/track_status/{inserted.json()['track_id']}").json()


def filled() -> FakeLightRag:
    server = FakeLightRag()
    insert(server)
    server.documents.settle()
    return server


@pytest.mark.parametrize(
    ("name", "method", "path", "body"),
    [
        ("insert_text_ok", "POST", "/documents/text", {**TEXT, "text": "other", "file_source": "b.md"}),
        ("error_duplicate_source_409", "POST", "/documents/text", TEXT),
        ("error_missing_source_400", "POST", "/documents/text", {"text": "x"}),
        ("error_empty_text_422", "POST", "/documents/text", {"text": "", "file_source": "c.md"}),
        ("track_status_unknown", "GET", "/documents/track_status/nobody", None),
        ("documents_paginated", "POST", "/documents/paginated", {"page": 1, "page_size": 10}),
        ("error_page_size_422", "POST", "/documents/paginated", {"page": 1, "page_size": 5}),
        ("status_counts", "GET", "/documents/status_counts", None),
        ("pipeline_status_idle", "GET", "/documents/pipeline_status", None),
        ("reprocess_failed", "POST", "/documents/reprocess_failed", None),
        ("delete_started", "DELETE", "/documents/delete_document", {"doc_ids": ["doc-1"]}),
        ("query_context_naive", "POST", "/query", ASKED),
        ("query_data_no_result", "POST", "/query/data", {"query": "zzz", "mode": "naive"}),
        ("health_unauthenticated", "GET", "/health", None),
    ],
)
def test_an_answer_has_the_recorded_form(name: str, method: str, path: str, body: Any) -> None:
    said = call(filled(), method, path, body)
    real = recording("lightrag", name).answer()
    assert said.status_code == real.status_code
    assert set(said.json()) <= set(real.json())
    if isinstance(real.json().get("detail"), str):
        assert said.json()["detail"].split("'")[0] == real.json()["detail"].split("'")[0]


def test_keys_are_checked_except_for_the_health_page() -> None:
    server = FakeLightRag()
    for key, said in (("", "API Key required"), ("wrong", "Invalid API Key")):
        refused = call(server, "GET", "/documents/status_counts", key=key)
        assert (refused.status_code, refused.json()["detail"]) == (403, said)
        assert call(server, "GET", "/health", key=key).status_code == 200


def test_what_was_taken_is_lost_with_the_server() -> None:
    server = FakeLightRag()
    taken = insert(server)
    server.documents.kill()
    server.documents.work()
    assert track(server, taken)["documents"] == []


def test_nothing_resumes_after_a_start() -> None:
    server = FakeLightRag()
    taken = insert(server)
    server.documents.work()
    server.documents.work()
    server.documents.kill()
    server.documents.settle()
    assert track(server, taken)["documents"][0]["status"] == "processing"
    call(server, "POST", "/documents/reprocess_failed")
    server.documents.settle()
    assert track(server, taken)["documents"][0]["status"] == "processed"


def test_a_failed_document_still_owns_its_name() -> None:
    server = FakeLightRag()
    server.documents.llm_down = True
    taken = insert(server)
    server.documents.settle()
    assert track(server, taken)["documents"][0]["status"] == "failed"
    assert insert(server).status_code == 409
    server.documents.llm_down = False
    call(server, "POST", "/documents/reprocess_failed")
    server.documents.settle()
    assert track(server, taken)["documents"][0]["status"] == "processed"


def test_the_same_text_under_another_name_fails_as_a_duplicate() -> None:
    server = filled()
    said = track(server, insert(server, COPY))
    assert said["documents"] == []
    taken = insert(server, {**COPY, "file_source": "third.md"})
    server.documents.settle()
    (document,) = track(server, taken)["documents"]
    real = recording("lightrag", "track_status_duplicate_content").answer().json()["documents"][0]
    assert set(document) == set(real)
    assert set(document["metadata"]) == set(real["metadata"])
    assert (document["status"], document["id"][:4]) == ("failed", "dup-")


def test_a_delete_while_it_works_does_nothing_and_says_200() -> None:
    server = FakeLightRag()
    insert(server)
    said = call(server, "DELETE", "/documents/delete_document", {"doc_ids": ["doc-1"]})
    assert (said.status_code, said.json()["status"]) == (200, "busy")


def test_a_question_without_models_is_honest_on_one_path_only() -> None:
    server = filled()
    server.documents.embedding_down = True
    lied = call(server, "POST", "/query", ASKED)
    assert (lied.status_code, lied.json()["references"]) == (200, [])
    assert call(server, "POST", "/query/data", ASKED).status_code == 500


def test_an_answer_names_the_documents() -> None:
    said = json.loads(call(filled(), "POST", "/query/data", ASKED).content)
    real = recording("lightrag", "query_data_mix").answer().json()
    assert set(said["data"]) == set(real["data"])
    assert said["data"]["chunks"][0]["file_path"] == "a.md"
    assert set(said["data"]["chunks"][0]) <= set(real["data"]["chunks"][0])
