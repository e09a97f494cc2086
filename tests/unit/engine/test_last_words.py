"""The last words of a worker."""

from pathlib import Path

from adapters.engine.last_words import last_words


def test_the_last_error_counts_more_than_what_follows_it(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    log.write_text("INFO begins\n2026 ERROR worker: no room\nhint: make room\n")
    assert last_words(log) == "worker: no room"


def test_without_an_error_it_is_the_last_line_that_says_anything(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    log.write_text("Traceback\nZeroDivisionError: division by zero\n\n")
    assert last_words(log) == "ZeroDivisionError: division by zero"


def test_what_stood_there_before_is_not_its_own(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    log.write_text("2026 ERROR of yesterday\n")
    since = log.stat().st_size
    with log.open("a") as file:
        file.write("of today\n")
    assert last_words(log, since) == "of today"


def test_a_log_that_was_begun_anew_is_read_from_its_start(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    log.write_text("short\n")
    assert last_words(log, since=10_000) == "short"


def test_a_worker_that_wrote_nothing_or_has_no_log_is_said_to(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert last_words(tmp_path / "empty") == "it wrote nothing"
    assert last_words(tmp_path / "none") == "its log cannot be read (No such file or directory)"


def test_only_the_end_of_a_long_log_is_read(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    log.write_text("x" * 100_000 + "\n\xff the end\n", encoding="latin-1")
    assert last_words(log) == "\ufffd the end"
