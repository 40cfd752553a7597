"""Searching: names are found by every way in which they are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.roster.search import SURNAMES, pinyin_of, search_text

NAMES = {
    "单雪梅": ("shanxuemei", "sxm", "danxuemei", "dxm"),
    "曾国强": ("zengguoqiang", "zgq", "cengguoqiang"),
    "仇立新": ("qiulixin", "qlx", "choulixin"),
    "解放军": ("xiefangjun", "xfj", "jiefangjun", "jfj"),
    "区大明": ("oudaming", "odm", "qudaming"),
    "查良玉": ("zhaliangyu", "zly", "chaliangyu"),
    "尉迟恭": ("yuchigong", "ycg", "weichigong"),
    "万俟雨": ("moqiyu", "mqy"),
    "翟天晴": ("zhaitianqing", "ztq"),
    "朴永顺": ("piaoyongshun", "pys"),
    "盖立民": ("gelimin", "glm"),
    "任长乐": ("renchangle", "renchangyue", "rcl"),
    "李茜": ("liqian", "lixi", "lx", "lq"),
    "王晓明": ("wangxiaoming", "wxm"),
}


@pytest.mark.parametrize("name", NAMES)
def test_every_reading_of_a_name_finds_it(name: str) -> None:
    """The surname's own reading, the common one, and the initials of both."""
    text = search_text(name, "P01")
    words = text.split()
    assert [typed for typed in NAMES[name] if typed not in words] == []
    assert name in words
    assert "p01" in words


def test_the_usual_reading_comes_first() -> None:
    """What most people would type is the first of the readings."""
    assert pinyin_of("王晓明")[0] == ("wangxiaoming", "wxm")


def test_letters_that_are_no_chinese_stay() -> None:
    """A name in other letters is searched as it is written, without its blanks."""
    assert pinyin_of("Anna Li")[0][0] == "annali"
    assert search_text("").split() == []


def test_a_long_name_has_one_reading() -> None:
    """A unit's name is not multiplied."""
    assert len(pinyin_of("乐行重长单曾仇解区查")) == 1


@given(st.text(max_size=8))
def test_any_text_can_be_searched(name: str) -> None:
    """Nothing that stands in a name's place breaks the search, and its own letters find it."""
    assert name.lower() in search_text(name)
    assert len(pinyin_of(name)) <= 26


def test_the_table_has_a_syllable_for_each_character() -> None:
    """A compound surname is read by as many syllables as it has characters."""
    assert [name for name, read in SURNAMES.items() if len(name) != len(read)] == []
