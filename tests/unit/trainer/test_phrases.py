"""Sentences in both languages; and the catalogues are complete."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from trainer.errors import UsageError
from trainer.locale.__main__ import HERE, untranslated
from trainer.phrases import (
    current_language,
    language_of_environment,
    phrase,
    say,
    set_language,
    text_of,
)

CATALOGUES = sorted(HERE.glob("*/LC_MESSAGES/*.po"))


def test_a_sentence_is_said_in_the_language_spoken() -> None:
    assert say("“{text}” is not a date; write it as 2023-03-01", text="x").startswith("“x” is not")
    set_language("zh")
    assert say("“{text}” is not a date; write it as 2023-03-01", text="x").startswith("“x”不是日期")


def test_a_kept_sentence_can_be_said_in_either_language() -> None:
    kept = phrase("there is no language “{language}”; use zh or en", language="fr")
    assert kept.text("en") != kept.text("zh")
    assert "fr" in kept.text("zh")


def test_braces_in_a_value_are_not_filled_again() -> None:
    assert "{evil.__class__}" in say(
        "“{text}” is not a date; write it as 2023-03-01", text="{evil.__class__}"
    )


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        set_language("fr")
    assert "fr" in text_of(caught.value)
    assert current_language() == "en"


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
    ],
)
def test_the_language_follows_the_locale(environ: dict[str, str], language: str) -> None:
    assert language_of_environment(environ) == language


def test_every_sentence_of_the_source_is_translated() -> None:
    assert untranslated() == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_translations_fill_the_same_fields(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        for text in _texts(message.string):
            assert _fields(text) <= set().union(*map(_fields, ids)), text
            if len(ids) == 1:
                assert _fields(text) == _fields(ids[0]), text


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_the_compiled_catalogue_is_that_of_the_text(path: Path) -> None:
    with path.open("rb") as file:
        wanted = {_texts(m.id)[0]: _texts(m.string) for m in read_po(file) if m.id and m.string}
    with path.with_suffix(".mo").open("rb") as file:
        compiled = {_texts(m.id)[0]: _texts(m.string) for m in read_mo(file) if m.id}
    assert compiled == wanted


def _texts(found: Any) -> list[str]:
    return [found] if isinstance(found, str) else list(found or ())


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
