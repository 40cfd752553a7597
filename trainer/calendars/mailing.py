"""Files to send by mail: for each person concerned, one request or cancellation per session.

RFC 5546 (3.2) wants one UID in a file with METHOD, so a file tells of one session. Only here does
a file name a person, its one receiver.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from trainer.calendars.choice import Choice
from trainer.calendars.documents import Selection
from trainer.calendars.event import ADDRESS, CalendarDocument, Mailing, Method
from trainer.calendars.export import ExportedFile, make_folders, paths_of, write_whole
from trainer.calendars.facts import calendar_settings
from trainer.calendars.wording import Kind
from trainer.calendars.write import write_calendar
from trainer.errors import FileProblem, Refused
from trainer.office import Office

RECEIVERS: Final = (Kind.PERSON, Kind.TEACHER)
COLUMNS: Final = ("kind", "code", "address")


@dataclass(frozen=True, slots=True)
class Organizer:
    """In whose name the office writes: ``organizer`` and ``organizer_name`` of its settings."""

    name: str
    address: str


def organizer_of(office: Office) -> Organizer:
    """Return who writes; raise Refused where the office's settings name no usable address."""
    settings = calendar_settings(office)
    address = str(settings.get("organizer", ""))
    if not ADDRESS.fullmatch(address):
        raise Refused(
            "the office's settings name no mail address to write from; set organizer in "
            "[policies.calendars] of office.toml and import it"
        )
    return Organizer(str(settings.get("organizer_name", office.name)), address)


def read_addresses(path: Path) -> dict[Choice, str]:
    """Read a CSV file of ``kind,code,address`` (``kind``: person or teacher).

    Raises FileProblem where it cannot be read and Refused at the first row that is wrong.
    """
    rows = csv.DictReader(io.StringIO(_text(path), newline=""))
    if not set(COLUMNS) <= set(rows.fieldnames or ()):
        raise Refused(
            "the file {path} has not the columns kind, code and address; give it these headings",
            path=str(path),
        )
    found: dict[Choice, str] = {}
    for row in rows:
        kind, code, address = ((row[name] or "").strip() for name in COLUMNS)
        if kind not in RECEIVERS:
            raise Refused(
                "{path}, line {line}: “{kind}” is neither person nor teacher; correct the line",
                path=str(path),
                line=rows.line_num,
                kind=kind,
            )
        if not ADDRESS.fullmatch(address):
            raise Refused(
                "{path}, line {line}: “{address}” is no mail address; correct the line",
                path=str(path),
                line=rows.line_num,
                address=address,
            )
        found[Choice(Kind(kind), code)] = address
    return found


def export_letters(
    selection: Selection, folder: Path, organizer: Organizer, addresses: Mapping[Choice, str]
) -> Iterator[ExportedFile]:
    """Write a folder for each receiver with a numbered file per changed session; yield each file.

    A receiver without an address gets none and is yielded with no event and the folder that would
    have been its own. Raises FileProblem where a file cannot be written.
    """
    for choice, path in paths_of(selection, folder, in_folders=False).items():
        events = sorted(selection.events_of(choice), key=lambda each: (each.start, each.uid))
        if choice.kind not in RECEIVERS or not events:
            continue
        own = path.with_suffix("")
        address = addresses.get(choice)
        if address is None:
            yield ExportedFile(choice, own, 0)
            continue
        make_folders([own])
        for number, event in enumerate(events, 1):
            method = Method.CANCEL if event.cancelled else Method.REQUEST
            document = CalendarDocument(
                uid=f"{event.uid}-{event.sequence}",
                name=selection.names[choice],
                zone=selection.office.timezone,
                events=(event,),
                refresh=None,
                mailing=Mailing(
                    method, organizer.name, organizer.address, selection.names[choice], address
                ),
            )
            file = own / f"{number:02d}-{method.lower()}.ics"
            write_whole(file, write_calendar(document))
            yield ExportedFile(choice, file, 1)


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileProblem(
            "the file {file} cannot be read ({problem}); check its name and your permission",
            file=str(path),
            problem=error.strerror or type(error).__name__,
        ) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(
            "the file {path} is not in UTF-8; save it as UTF-8 and try again", path=str(path)
        ) from None
