"""Help of attendance, class life and certificates: there in both languages, on every line."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

_CHINESE = re.compile("[\N{CJK UNIFIED IDEOGRAPH-4E00}-\N{CJK UNIFIED IDEOGRAPH-9FA5}]")
#: Values to be typed are the same in both languages, and some examples are Chinese in both.
_VALUES = re.compile(r"[a-z_|]+")
_EXAMPLES = re.compile("书记|班长|男|女")

#: Prints the help of each verb and of each of its parameters, by where it stands. A process of its
#: own for each language, because a program speaks the language that it began with.
_SCRIPT = """
import json, sys
from typer.main import get_command
from trainer.phrases import set_language

set_language(sys.argv[1])
from tui.cli.main import build


def walk(command, path):
    yield path, command.help or ""
    for parameter in command.params:
        yield f"{path} {parameter.name}", getattr(parameter, "help", None) or ""
    for name, below in sorted(getattr(command, "commands", {}).items()):
        yield from walk(below, f"{path} {name}")


root = get_command(build())
nouns = ("attendance", "class", "certificate")
print(json.dumps([dict(walk(root.commands[noun], noun)) for noun in nouns]))
"""


def texts(lang: str) -> dict[str, str]:
    """Return the help of these nouns in a language."""
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, lang],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return {place: text for noun in json.loads(done.stdout) for place, text in noun.items()}


@pytest.fixture(scope="module")
def both() -> tuple[dict[str, str], dict[str, str]]:
    """The help in English and in Chinese."""
    return texts("en"), texts("zh")


def test_help_says_something_everywhere(both: tuple[dict[str, str], dict[str, str]]) -> None:
    """Every verb and every parameter, the same ones in both languages."""
    english, chinese = both
    assert english.keys() == chinese.keys()
    assert len(english) > 250
    assert [place for place, text in {**english, **chinese}.items() if not text] == []


def test_help_speaks_both_languages(both: tuple[dict[str, str], dict[str, str]]) -> None:
    """Chinese has Chinese words throughout, English has none but in examples."""
    english, chinese = both
    said = {place: text for place, text in english.items() if not _VALUES.fullmatch(text)}
    assert [place for place in said if not _CHINESE.search(chinese[place])] == []
    assert [p for p, text in said.items() if _CHINESE.search(_EXAMPLES.sub("", text))] == []
