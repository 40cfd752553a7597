"""Calendars into files: each written whole or not at all, and the same bytes for the same facts."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from trainer.calendars.choice import Choice
from trainer.calendars.documents import Selection
from trainer.calendars.filenames import file_names
from trainer.calendars.wording import Kind
from trainer.calendars.write import write_calendar
from trainer.errors import FileProblem


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file that was written: whose calendar it is, where it stands, and how many events."""

    choice: Choice
    path: Path
    events: int


def export_calendars(
    selection: Selection, folder: Path, *, in_folders: bool, utc: bool = False
) -> Iterator[ExportedFile]:
    """Write each calendar and yield what was written, one at a time.

    ``in_folders`` puts each kind into a folder of its own (``class/CODE.ics``); otherwise the kind
    is part of the name (``class-CODE.ics``). Changes since a publication are named after both
    (``class-CODE.changes-2-3.ics``). Raises FileProblem where a file cannot be written.
    """
    paths = paths_of(selection, folder, in_folders=in_folders)
    make_folders(path.parent for path in paths.values())
    for choice, document in selection.documents():
        write_whole(paths[choice], write_calendar(document, utc=utc))
        yield ExportedFile(choice, paths[choice], len(document.events))


def left_over(written: Iterable[ExportedFile], folder: Path, kinds: Iterable[Kind]) -> list[Path]:
    """Return the whole calendars of an earlier export of ``kinds`` that this one did not write."""
    fresh = {file.path for file in written}
    return [
        path
        for kind in sorted(kinds)
        for path in sorted((folder / kind).glob("*.ics"))
        if path not in fresh and ".changes-" not in path.name
    ]


def make_folders(folders: Iterable[Path]) -> None:
    """Make folders that are not there yet; raise FileProblem where one cannot be made."""
    for folder in sorted(set(folders)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileProblem(
                "the folder {path} cannot be made ({problem}); choose another with --out",
                path=str(folder),
                problem=error.strerror or str(error),
            ) from error


def write_whole(path: Path, data: bytes, mode: int | None = None) -> None:
    """Write a file so that a reader sees the old or the new, never a part; raise FileProblem.

    ``mode`` are its permissions from the first moment on, where the usual ones will not do.
    """
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        try:
            if mode is not None:
                new.touch(mode)
            new.write_bytes(data)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise FileProblem(
            "the file {path} cannot be written ({problem}); free the place or choose another "
            "folder with --out",
            path=str(path),
            problem=error.strerror or str(error),
        ) from error


def paths_of(selection: Selection, folder: Path, *, in_folders: bool) -> dict[Choice, Path]:
    """Return where each calendar's file stands; the same for the same codes."""
    codes: dict[str, list[str]] = defaultdict(list)
    for choice in selection.choices:
        codes[choice.kind].append(_plain(choice))
    names = {kind: file_names(listed) for kind, listed in codes.items()}
    paths = {}
    for choice in selection.choices:
        name = f"{names[choice.kind][_plain(choice)]}{selection.suffix}.ics"
        paths[choice] = (
            folder / choice.kind / name if in_folders else folder / f"{choice.kind}-{name}"
        )
    return paths


def _plain(choice: Choice) -> str:
    # a field day's code is CLASS:DATE, and some file systems take no colon
    return "_".join(choice.code.rsplit(":", 1)) if choice.kind is Kind.FIELD_DAY else choice.code
