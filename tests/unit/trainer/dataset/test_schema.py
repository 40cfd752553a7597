"""The schema against the tables of the database, its labels, and the page that explains it."""

from __future__ import annotations

import pytest

from db.work import table_of
from trainer.dataset.document import PAGE, page_with_tables
from trainer.dataset.files import FILES
from trainer.dataset.schema import File
from trainer.dataset.words_zh import LABELS

# what a table has for its own use
# numbers of the table's own, and what follows from other rows
OWN = {"version", "line", "stint", "last", "batch"}
FILE = pytest.mark.parametrize("file", FILES.values(), ids=str)


@FILE
def test_columns_are_those_of_the_table(file: File) -> None:
    """Every column of the table is in the file, and no other."""
    assert {*file.fields} == {*table_of(file.model).c.keys()} - OWN


@FILE
def test_a_column_that_may_not_be_null_is_required_or_has_a_default(file: File) -> None:
    """No blank that the schema lets pass is refused by the database."""
    table = table_of(file.model)
    filled_in = {
        "sessions": {"uid", "seq", "periods", "start", "end"},
        "scores": {"id"},
    }.get(file.name, set())
    for column in file.columns:
        if not table.c[column.field].nullable and column.name not in filled_in:
            assert column.required or column.default is not None, column.name


@FILE
def test_labels_are_unambiguous(file: File) -> None:
    """No header can mean two columns of a file."""
    labels = [label for column in file.columns for label in (column.name, *column.zh)]
    assert len(set(labels)) == len(labels)


def test_titles_are_unambiguous() -> None:
    """No sheet's name can mean two files."""
    titles = [title for file in FILES.values() for title in (file.name, *file.zh)]
    assert len(set(titles)) == len(titles)


@FILE
def test_words_have_chinese_labels_of_their_own(file: File) -> None:
    """Every closed word can be written in Chinese, and no label means two words of a column."""
    for column in file.columns:
        labels = [label for word in column.words for label in LABELS[word]]
        assert len(set(labels)) == len(labels), column.name


@FILE
def test_references_are_to_files_with_a_code(file: File) -> None:
    """A column refers to files that there are, whose key is one code."""
    for column in file.columns:
        for target in column.targets:
            assert len(FILES[target].key) == 1


def test_page_is_in_step_with_the_schema() -> None:
    """docs/dataset.md shows every column; if not: python -m trainer.dataset.document."""
    text = PAGE.read_text(encoding="utf-8")
    assert page_with_tables(text) == text
