"""The script: about ninety seconds, captions that fit on their line, moments in their order."""

from cockpit.cli.demo_check import captions_of
from cockpit.cli.demo_play import Checked
from cockpit.film.captions import CAPTIONS
from cockpit.film.scenes import _WANTED
from cockpit.film.script import CODE, COLUMNS, SHOTS, beats, scene_times


def test_the_film_takes_about_ninety_seconds_and_its_time_only_grows() -> None:
    times = [beat.at_s for beat in beats()]
    assert times == sorted(times)
    assert 85 <= times[-1] <= 95


def test_every_caption_is_shown_once_and_fits_on_its_line() -> None:
    shown = list(dict.fromkeys(shot.caption for shot in SHOTS))
    assert shown == [caption.name for caption in CAPTIONS]
    assert [caption.text for caption in CAPTIONS if len(caption.text) > COLUMNS - 2] == []


def test_every_recorded_moment_is_shown_in_its_order() -> None:
    assert list(scene_times()) == [wanted.name for wanted in _WANTED]
    assert list(scene_times().values()) == sorted(scene_times().values())


def test_the_code_is_typed_as_four_characters() -> None:
    typed = [beat.key for beat in beats() if beat.key.startswith(CODE)]
    assert typed == [f"{CODE}:{place}" for place in range(4)]


def test_a_caption_holds_only_with_the_file_of_its_step() -> None:
    steps = tuple(Checked(caption.step, True, f"/{caption.step}") for caption in CAPTIONS)
    assert all(one.ok and one.path for one in captions_of(steps))
    gone = captions_of(tuple(step for step in steps if step.name != "counterexample"))
    assert [(one.ok, one.path) for one in gone if not one.ok] == [(False, "")]
    untrue = captions_of((*steps, Checked("attempt 1", False, "/missing")))
    assert [one.path for one in untrue if not one.ok] == ["/missing"]
