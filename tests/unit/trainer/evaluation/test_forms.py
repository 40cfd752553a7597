"""Questionnaires: the ready-made ones, an office's own, and versions that never change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories.evaluations import opened
from trainer.desk import Desk
from trainer.errors import FileProblem, Refused
from trainer.evaluation.forms import (
    Form,
    Loaded,
    find_form,
    load_forms,
    read_forms,
    ready_made,
    stored_forms,
)

OWN = """
[[forms]]
name = "standard"
version = 2
title = "评估表"
[[forms.questions]]
key = "content"
asks = "class"
kind = "scale"
text = "内容"
choices = ["差", "好"]
"""


def _load(desk: Desk, text: str, folder: Path) -> Loaded:
    path = folder / "forms.toml"
    path.write_text(text, encoding="utf-8")
    with desk.writing() as work:
        loaded = load_forms(work, read_forms(path))
        work.commit()
    return loaded


def _latest(desk: Desk) -> Form:
    with desk.reading() as session:
        return find_form(session, "standard")


def test_the_ready_made_questionnaires_ask_of_all_three() -> None:
    standard = next(form for form in ready_made() if form.name == "standard")
    assert [len(standard.asked(of)) for of in ("class", "teaching", "field")] == [7, 2, 1]


def test_a_new_version_is_used_from_then_on(office: Desk, tmp_path: Path) -> None:
    assert [form.code for form in _load(office, OWN, tmp_path).new] == ["standard@2"]
    assert [form.code for form in _load(office, OWN, tmp_path).known] == ["standard@2"]
    assert _latest(office).version == 2
    assert opened(office).form == _latest(office)
    with office.reading() as session:
        assert stored_forms(session) == [_latest(office)]


def test_a_version_that_is_known_never_changes(office: Desk, tmp_path: Path) -> None:
    _load(office, OWN, tmp_path)
    with pytest.raises(Refused, match="the version 3"):
        _load(office, OWN.replace("内容", "别的"), tmp_path)
    with pytest.raises(Refused, match="the version 3"):
        _load(office, OWN.replace("version = 2", "version = 1"), tmp_path)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('["差", "好"]', '["差"]', "give 2 to 9 choices"),
        ('["差", "好"]', '["差", "差"]', "two choices are the same"),
        ('kind = "scale"', 'kind = "text"', "has no choices"),
        ('key = "content"', 'key = "*"', "pattern"),
        ('asks = "class"', 'asks = "weather"', "forms.0.questions.0.asks"),
        ("[[forms]]", "[[forms", "is no TOML"),
    ],
)
def test_a_questionnaire_that_cannot_be_used_is_refused_with_its_place(
    office: Desk, tmp_path: Path, before: str, after: str, said: str
) -> None:
    with pytest.raises(Refused, match=said.replace(".", r"\.")):
        _load(office, OWN.replace(before, after), tmp_path)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="cannot be read"):
        read_forms(tmp_path / "nothing.toml")
