"""Every answer that a real server gave, as our client reads it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from adapters.memory.lightrag_client import Inserted, LightRagClient
from adapters.memory.lightrag_names import document_id
from factory.errors import Refused, SourceError, Unreachable
from tests.support.recordings import recording, recordings

Call = Callable[[LightRagClient], Any]
insert: Call = lambda client: client.insert("a text", "name.md")  # noqa: E731
ask: Call = lambda client: client.ask("a question", 5)  # noqa: E731
track: Call = lambda client: client.track("insert_1")  # noqa: E731
find: Call = lambda client: client.find("factory-run-2041.md")  # noqa: E731
pipeline: Call = lambda client: client.pipeline()  # noqa: E731

TRACKS = {
    "track_status_after_reprocess": "processed", "track_status_cancelled": "failed",
    "track_status_batch_processed": "processed", "track_status_duplicate_content": "failed",
    "track_status_failed_embedding_500": "failed", "track_status_failed_llm_500": "failed",
    "track_status_failed_llm_hang": "failed", "track_status_failed_models_unreachable": "failed",
    "track_status_processed": "processed", "track_status_processing": "processing",
    "track_status_stale_after_crash": "processing",
}  # fmt: skip
NEVER_CALLED = {
    "cancel_pipeline", "delete_started", "delete_unknown_id", "delete_while_busy", "error_query_too_short_422",
    "error_texts_sources_mismatch_400", "insert_texts_ok", "query_answer_mix", "query_context_mix",
    "query_context_naive", "query_context_naive_llm_down", "query_embedding_down", "query_llm_down", "query_no_result",
}  # fmt: skip
"""Calls that the adapter does not contain, for the fake server alone."""
VALUES: dict[str, tuple[Call, Any]] = {
    "insert_text_ok": (insert, Inserted("taken", "insert_20261123_044113_3ce08dc4")),
    "insert_duplicate_content_accepted": (insert, Inserted("taken", "insert_20261123_044113_c2aa5d54")),
    "insert_source_reduced_to_basename": (insert, Inserted("taken", "insert_20261123_044113_82d01083")),
    "error_duplicate_source_409": (insert, Inserted("exists", "", "processed")),
    "error_duplicate_source_of_failed_409": (insert, Inserted("exists", "", "failed")),
    "query_data_no_result": (ask, ()),
    "query_data_mix": (lambda client: len(client.ask("a question", 2)), 2),
    "track_status_unknown": (track, None),
    "track_status_after_delete": (track, None),
    "documents_paginated": (lambda client: find(client).status, "processed"),
    "pipeline_status_busy": (lambda client: (pipeline(client).busy, pipeline(client).recovery_required), (True, False)),
    "pipeline_status_idle": (lambda client: pipeline(client).busy, False),
    "reprocess_failed": (lambda client: client.reprocess(), None),
    "status_counts": (lambda client: client.counts()["all"], 6),
    "health_authenticated": (lambda client: client.health().core_version, "1.5.7"),
    "health_busy": (lambda client: client.health().status, "healthy"),
    "health_unauthenticated": (lambda client: client.health().core_version, "1.5.7"),
    **{name: (lambda client: track(client).status, status) for name, status in TRACKS.items()},
}
ERRORS: dict[str, tuple[Call, type[SourceError], str]] = {
    "error_bad_key": (insert, Unreachable, "unauthorised"),
    "error_no_key": (insert, Unreachable, "unauthorised"),
    "error_body_too_large_413": (insert, Refused, "refused"),
    "error_empty_text_422": (insert, Refused, "refused"),
    "error_missing_source_400": (insert, Refused, "refused"),
    "error_page_size_422": (find, Refused, "refused"),
    "error_insert_while_deleting_409": (insert, Unreachable, "busy"),
    "error_pipeline_full_429": (insert, Unreachable, "busy"),
    "error_server_down": (lambda client: client.health(), Unreachable, "unreachable"),
    "query_data_embedding_down": (ask, Unreachable, "unreachable"),
    "query_data_llm_down": (ask, Unreachable, "unreachable"),
}


def client_of(name: str) -> LightRagClient:
    return LightRagClient(
        "http://memory.test",
        lambda: "test-key",
        transport=httpx.MockTransport(lambda _: recording("lightrag", name).answer()),
    )


def test_every_recording_has_a_meaning() -> None:
    assert sorted([*VALUES, *ERRORS, *NEVER_CALLED]) == [each.name for each in recordings("lightrag")]


@pytest.mark.parametrize("name", VALUES)
def test_an_answer_is_read(name: str) -> None:
    call, expected = VALUES[name]
    assert call(client_of(name)) == expected


@pytest.mark.parametrize("name", ERRORS)
def test_a_refusal_is_one_of_our_errors(name: str) -> None:
    call, kind, code = ERRORS[name]
    with pytest.raises(kind) as caught:
        call(client_of(name))
    assert caught.value.code == code
    assert caught.value.message.startswith("LightRAG")


def test_a_full_server_says_when_to_come_back() -> None:
    with pytest.raises(Unreachable) as caught:
        insert(client_of("error_pipeline_full_429"))
    assert caught.value.after_s == 30


def test_the_id_of_a_document_is_known_beforehand() -> None:
    listed = recording("lightrag", "documents_paginated").answer().json()["documents"]
    ours = [document for document in listed if document["id"].startswith("doc-")]
    assert ours
    for document in ours:
        assert document_id(document["file_path"]) == document["id"]
