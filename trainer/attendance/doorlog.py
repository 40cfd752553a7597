"""The raw log of a door device as a table: which column says what, and what each line says.

Devices have no common format. What a column means is said once, or known by its usual titles, and
is kept in the office's settings under ``[policies.attendance.doors.DEVICE]``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from trainer.dataset.packed import too_much
from trainer.errors import FileProblem, Refused, UsageError
from trainer.office import Office
from trainer.phrases import Phrase, phrase

#: What a column may be, with the titles that say so by themselves.
TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    "who": ("卡号", "工号", "人员编号", "编号", "手机号", "姓名", "card", "person", "name"),
    "time": ("刷卡时间", "打卡时间", "通行时间", "时间", "日期时间", "time", "datetime"),
    "date": ("日期", "刷卡日期", "打卡日期", "date"),
    "direction": ("进出", "出入", "方向", "进出方向", "direction"),
}
_NEEDED: Final = ("who", "time")
_LONGEST_LINE: Final = 1 << 20
_IN: Final = ("进", "入", "in", "entry")
_OUT: Final = ("出", "离", "out", "exit")
_MOMENT: Final = re.compile(
    r"(?:(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]*)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?"
)
_DAY: Final = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T].*)?")


@dataclass(frozen=True, slots=True)
class Swipe:
    """What one line says: somebody, by whatever name, at an instant; its number in the file."""

    line: int
    who: str
    at: dt.datetime
    direction: str | None


@dataclass(frozen=True, slots=True)
class Log:
    """A log as read: its swipes, and the lines that make no sense, each with why."""

    swipes: tuple[Swipe, ...]
    problems: tuple[Phrase, ...]


def read_rows(path: Path) -> list[list[str]]:
    """Return a file's rows as text; raise FileProblem where it is missing, Refused for no table."""
    return [row for row in read_table(path) if any(cell.strip() for cell in row)]


def read_table(path: Path) -> list[list[str]]:
    """Return the same with blank rows in their places, so that a place is a row's number."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileProblem(
            "{path} cannot be read ({problem}); name the log that the device wrote",
            path=str(path),
            problem=error.strerror or type(error).__name__,
        ) from None
    rows = _workbook_rows(path) if data.startswith(b"PK") else _text_rows(path, data)
    filled = sum(any(cell.strip() for cell in row) for row in rows)
    if filled < 2:  # noqa: PLR2004 - titles and one line
        raise Refused(
            "{path} has no lines below its titles; name the log that the device wrote",
            path=str(path),
        )
    return rows


def columns_for(
    office: Office, titles: Sequence[str], *, device: str, given: Mapping[str, str]
) -> Mapping[str, str]:
    """Return the title of each column that matters: as given, as kept, or by its usual title.

    Raise UsageError naming the columns there are where who or when stays unknown.
    """
    unknown = [what for what in given if what not in TITLES]
    if unknown:
        raise UsageError(
            "a column of a log cannot be “{what}”; it may be one of: {known}",
            what=unknown[0],
            known=", ".join(TITLES),
        )
    kept = {what: title for what, title in kept_columns(office, device).items() if title in titles}
    usual = {
        what: title
        for what, names in TITLES.items()
        for title in reversed([name for name in names if name in titles])
    }
    found = {**usual, **kept, **given} if not given else {**kept, **usual, **given}
    missing = [what for what in _NEEDED if found.get(what) not in titles]
    missing += [what for what, title in given.items() if title not in titles]
    if missing:
        raise UsageError(
            "the log does not say which column is “{what}”; its columns are {columns}: say so with "
            "--map {what}=COLUMN",
            what=missing[0],
            columns=", ".join(titles),
        )
    return {what: found[what] for what in TITLES if what in found}


def kept_columns(office: Office, device: str) -> Mapping[str, str]:
    """Return what the office knows of a device's columns; nothing for an unknown one."""
    place: Any = office.policies
    for name in ("attendance", "doors", device):
        place = place.get(name) if isinstance(place, Mapping) else None
    return {str(k): str(v) for k, v in place.items()} if isinstance(place, Mapping) else {}


def read_log(rows: Sequence[Sequence[str]], columns: Mapping[str, str], zone: ZoneInfo) -> Log:
    """Return what the lines say; times are those of the office's zone."""
    titles = [title.strip() for title in rows[0]]
    places = {what: titles.index(title) for what, title in columns.items()}
    swipes, problems = [], []
    for line, row in enumerate(rows[1:], 2):
        cells = {
            what: row[place].strip() if place < len(row) else "" for what, place in places.items()
        }
        at = _instant(cells["time"], cells.get("date", ""), zone)
        if not cells["who"]:
            problems.append(phrase("line {line}: nobody is named", line=line))
        elif at is None:
            text = f"{cells.get('date', '')} {cells['time']}".strip()
            problems.append(phrase("line {line}: “{text}” is no time", line=line, text=text))
        else:
            direction = _direction(cells.get("direction", ""))
            swipes.append(Swipe(line, cells["who"], at, direction))
    return Log(tuple(swipes), tuple(problems))


def _text_rows(path: Path, data: bytes) -> list[list[str]]:
    for number, line in enumerate(io.BytesIO(data), start=1):
        if len(line) > _LONGEST_LINE:
            raise Refused(
                "line {number} of {path} is longer than any line of a log; save the log as CSV or "
                "XLSX and try again",
                number=number,
                path=str(path),
            )
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        first = text.split("\n", 1)[0]
        mark = max(",\t;", key=first.count)
        try:
            return list(csv.reader(io.StringIO(text), delimiter=mark))
        except csv.Error:
            break
    raise Refused(
        "{path} is no table in UTF-8 or GBK; save the log as CSV or XLSX and try again",
        path=str(path),
    )


def _workbook_rows(path: Path) -> list[list[str]]:
    # only workbooks need it
    from python_calamine import CalamineError, CalamineWorkbook

    excess = too_much(path)
    if excess is not None:
        raise Refused(
            "{path} cannot be read: {problem}; save the log as CSV and try again",
            path=str(path),
            problem=excess,
        )
    try:
        with CalamineWorkbook.from_path(path) as book:
            sheet = book.get_sheet_by_index(0)
            # what is read begins at the first row that has anything
            above = sheet.start[0] if sheet.start else 0
            rows: list[list[Any]] = [[] for _row in range(above)]
            rows += sheet.to_python()
    except CalamineError:
        raise Refused(
            "{path} is no workbook that can be read; save the log as CSV or XLSX and try again",
            path=str(path),
        ) from None
    return [[_cell(cell) for cell in row] for row in rows]


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        # a spreadsheet keeps a card's number as a number
        return str(int(value))
    return str(value)


def _instant(time: str, date: str, zone: ZoneInfo) -> dt.datetime | None:
    found = _MOMENT.fullmatch(time.strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = found.groups()
    if year is None:
        whole = _DAY.fullmatch(date.strip())
        if whole is None:
            return None
        year, month, day = whole.groups()
    try:
        local = dt.datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=zone
        )
    except ValueError:
        return None
    return local.astimezone(dt.UTC)


def _direction(text: str) -> str | None:
    plain = text.casefold()
    for word, marks in (("in", _IN), ("out", _OUT)):
        if any(plain.startswith(one) for one in marks):
            return word
    return None
