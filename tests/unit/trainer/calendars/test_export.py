"""Calendars into files: where they stand, that they are whole, and that they stay the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from trainer.calendars.choice import Choice
from trainer.calendars.documents import Selection
from trainer.calendars.event import CalendarDocument
from trainer.calendars.export import export_calendars, write_whole
from trainer.calendars.lint import lint
from trainer.calendars.wording import Kind
from trainer.errors import FileProblem

Build = Callable[..., Any]


@dataclass
class Chosen:
    """A selection with one document for each choice."""

    document: CalendarDocument
    suffix: str = ""
    choices: tuple[Choice, ...] = field(
        default=(
            Choice(Kind.CLASS, "K1"),
            Choice(Kind.PERSON, "../P1"),
            Choice(Kind.TEACHER, "K1"),
        )
    )

    def documents(self) -> Iterator[tuple[Choice, CalendarDocument]]:
        """Yield every choice with the document."""
        for choice in self.choices:
            yield choice, self.document


@pytest.fixture
def selection(make_document: Build) -> Selection:
    """A selection of three calendars, one with a code that would leave the folder."""
    return cast("Selection", Chosen(make_document()))


def files(folder: Path) -> list[str]:
    """Return the files below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_export_of_choices_puts_the_kind_into_the_name(
    selection: Selection, tmp_path: Path
) -> None:
    """A class and a teacher of one code do not meet."""
    out = tmp_path / "new" / "out"
    done = list(export_calendars(selection, out, in_folders=False))
    assert files(out) == sorted(file.path.name for file in done)
    assert files(out)[0] == "class-K1.ics"
    assert files(out)[2] == "teacher-K1.ics"
    assert [file.events for file in done] == [1, 1, 1]
    assert all(lint(file.path.read_bytes()) == [] for file in done)


def test_export_of_all_has_one_folder_for_each_kind(selection: Selection, tmp_path: Path) -> None:
    """And no code leads out of it."""
    list(export_calendars(selection, tmp_path, in_folders=True))
    names = files(tmp_path)
    assert [name.split("/")[0] for name in names] == ["class", "person", "teacher"]
    assert "/P1-" in names[1]


def test_export_twice_gives_the_same_bytes(selection: Selection, tmp_path: Path) -> None:
    """Nothing is left over from the writing."""
    list(export_calendars(selection, tmp_path, in_folders=True))
    before = {name: (tmp_path / name).read_bytes() for name in files(tmp_path)}
    list(export_calendars(selection, tmp_path, in_folders=True))
    assert {name: (tmp_path / name).read_bytes() for name in files(tmp_path)} == before


def test_export_where_a_file_stands_in_the_way_is_a_sentence(
    selection: Selection, tmp_path: Path
) -> None:
    """The folder cannot be made."""
    (tmp_path / "out").write_text("x")
    with pytest.raises(FileProblem, match="cannot be made"):
        list(export_calendars(selection, tmp_path / "out", in_folders=True))


def test_write_whole_leaves_the_old_file_where_the_new_one_fails(tmp_path: Path) -> None:
    """A folder of the same name cannot be replaced; nothing half-written stays."""
    (tmp_path / "a.ics").mkdir()
    with pytest.raises(FileProblem, match="cannot be written"):
        write_whole(tmp_path / "a.ics", b"x")
    assert files(tmp_path) == []
