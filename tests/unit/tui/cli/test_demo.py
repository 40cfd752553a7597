"""What ``trainer demo`` says at its end."""

import pytest

from trainer.demo.run import Year
from trainer.phrases import set_language
from tui.cli.demo import _told


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "2023: nothing held yet"), ("zh", "2023 年：尚未开课")],
)
def test_a_year_that_is_still_to_come_has_no_share(language: str, words: str) -> None:
    """Before the first session nobody was there or missing."""
    set_language(language)
    assert _told(Year(2023, 80, 2300, 0, None)).strip() == words


def test_a_year_is_told_with_its_share() -> None:
    """The share has one place after the point, and thousands are parted."""
    set_language("en")
    told = _told(Year(2022, 13, 450, 6491, 0.9634))
    assert "13 trainings, 6,491 person-times, attendance 96.3%" in told
