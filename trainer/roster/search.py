"""Finding people by what one types: name, code, pinyin (``wangxiaoming``) or initials (``wxm``).

A character may be read in several ways, and in a surname differently from everywhere else: 单 is
Shan, 曾 Zeng, 尉迟 Yuchi. All readings of a name find it, those of dictionaries included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, product
from typing import Final

#: Surnames whose reading dictionaries give late or not at all.
SURNAMES: Final = {
    "万俟": ("mo", "qi"), "尉迟": ("yu", "chi"), "长孙": ("zhang", "sun"),
    "澹台": ("tan", "tai"), "令狐": ("ling", "hu"), "鲜于": ("xian", "yu"),
    "夏侯": ("xia", "hou"), "皇甫": ("huang", "fu"), "宰父": ("zai", "fu"),
    "亓官": ("qi", "guan"), "谷梁": ("gu", "liang"), "公冶": ("gong", "ye"),
    "单": ("shan",), "曾": ("zeng",), "仇": ("qiu",), "解": ("xie",), "区": ("ou",),
    "查": ("zha",), "朴": ("piao",), "盖": ("ge",), "乐": ("yue",), "任": ("ren",),
    "华": ("hua",), "宁": ("ning",), "翟": ("zhai",), "缪": ("miao",), "召": ("shao",),
    "种": ("chong",), "折": ("she",), "繁": ("po",), "秘": ("bi",), "隗": ("wei",),
    "员": ("yun",), "燕": ("yan",), "过": ("guo",), "黑": ("he",), "牟": ("mu",),
    "宓": ("mi",), "洗": ("xian",), "冼": ("xian",), "覃": ("qin",), "祭": ("zhai",),
    "纪": ("ji",), "葛": ("ge",), "车": ("che",), "那": ("na",), "能": ("nai",),
    "瞿": ("qu",), "应": ("ying",), "於": ("yu",), "句": ("gou",), "谌": ("chen",),
    "郗": ("xi",), "阚": ("kan",), "莘": ("shen",), "相": ("xiang",), "褚": ("chu",),
    "佟": ("tong",), "逄": ("pang",), "尹": ("yin",), "邢": ("xing",), "郇": ("xun",),
    "臧": ("zang",), "藏": ("zang",), "强": ("qiang",), "少": ("shao",), "行": ("xing",),
    "重": ("chong",), "哈": ("ha",), "石": ("shi",), "沈": ("shen",), "贾": ("jia",),
    "柏": ("bai",), "卜": ("bu",), "尉": ("wei",), "晁": ("chao",), "晟": ("cheng",),
    "殷": ("yin",), "都": ("du",), "耶律": ("ye", "lv"), "叶": ("ye",), "薄": ("bo",),
    "俞": ("yu",), "涂": ("tu",), "仉": ("zhang",), "逯": ("lu",), "訾": ("zi",),
}  # fmt: skip

#: A longer text is a unit's or a course's name, of which nobody types a rare reading.
_LONGEST_NAME: Final = 5
_MOST_READINGS: Final = 24


@lru_cache(maxsize=100_000)
def pinyin_of(name: str) -> tuple[tuple[str, str], ...]:
    """Return the ways to read a name, the most usual first: pinyin without tones, and initials.

    Letters that are not Chinese stay as they are.
    """
    found = dict.fromkeys(_joined(reading) for reading in _readings(name))
    return tuple(found)


def search_text(name: str, *others: str) -> str:
    """Return what a search for a person looks in, in lower case."""
    pinyin = dict.fromkeys(part for reading in pinyin_of(name) for part in reading)
    return " ".join((name.lower(), *pinyin, *(other.lower() for other in others)))


def _readings(name: str) -> Iterator[tuple[str, ...]]:
    # its dictionary takes a tenth of a second to load, and only searching needs it
    from pypinyin import Style, lazy_pinyin, pinyin

    yield tuple(lazy_pinyin(name, style=Style.NORMAL))
    if len(name) > _LONGEST_NAME:
        return
    surname, given = _split(name)
    if surname:
        yield SURNAMES[surname] + tuple(lazy_pinyin(given, style=Style.NORMAL))
    # each character by itself: in a phrase (解放) a dictionary knows one reading only
    every = [pinyin(letter, style=Style.NORMAL, heteronym=True)[0] for letter in name]
    if surname:
        first = [SURNAMES[surname][place : place + 1] for place in range(len(surname))]
        every[: len(surname)] = [
            list(dict.fromkeys((*own, *known)))
            for own, known in zip(first, every[: len(surname)], strict=True)
        ]
    yield from islice(product(*every), _MOST_READINGS)


def _split(name: str) -> tuple[str, str]:
    for length in (2, 1):
        if name[:length] in SURNAMES and len(name) > length:
            return name[:length], name[length:]
    return "", name


def _joined(reading: Iterable[str]) -> tuple[str, str]:
    parts = [part for part in reading if part.strip()]
    letters = "".join(parts).replace(" ", "").lower()
    return letters, "".join(part[0] for part in parts).lower()
