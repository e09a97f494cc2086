"""Outbox items: named for their content, free of secrets."""

import json

from factory.rules.outbox import outbox_item


def test_an_outbox_item_is_named_for_its_content() -> None:
    one = outbox_item("run_1", "knowledge", "page", {"ref": "a", "text": "x"}, "a")
    same = outbox_item("run_1", "knowledge", "page", {"text": "x", "ref": "a"}, "a")
    other = outbox_item("run_1", "knowledge", "page", {"ref": "a", "text": "y"}, "a")
    assert (one.id, one.dedupe_key) == (same.id, same.dedupe_key)
    assert one.id != other.id
    assert one.dedupe_key == f"knowledge:page:run_1:a:{one.payload_sha256}"
    assert outbox_item("run_1", "memory", "remember", {"id": "n"}).dedupe_key.startswith("memory:remember:run_1:n:")


def test_no_secret_gets_into_an_outbox_item() -> None:
    secret = "ghp_" + "a1B2" * 9
    item = outbox_item("run_1", "knowledge", "page", {"ref": "a", "text": f'token: "{secret}"\nfine'})
    assert secret not in item.payload
    assert json.loads(item.payload)["text"].endswith("\nfine")


def test_bytes_that_were_no_utf_8_can_be_queued() -> None:
    item = outbox_item("run_1", "knowledge", "page", {"ref": "a", "text": "x\udc80y"})
    assert json.loads(item.payload)["text"] == "x\\udc80y"
