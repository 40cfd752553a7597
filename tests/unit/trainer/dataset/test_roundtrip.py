"""Any dataset that can be imported comes back from an export as it went in."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from db.engine import open_engine
from db.tables import Person
from trainer.dataset.cells import NEUTRALISED, printable
from trainer.dataset.export import export_dataset
from trainer.dataset.files import FILES
from trainer.dataset.files_plan import UNAVAILABLE_TARGETS
from trainer.dataset.load import import_dataset
from trainer.dataset.schema import LISTS, Column, File
from trainer.dataset.text import cell_text
from trainer.desk import Desk
from trainer.office import Office

Codes = dict[str, list[str]]
Rows = dict[str, list[dict[str, str]]]
PERIODS = list(Office().period_index)[:8]
ODD = st.sampled_from(
    ["=1+1", "+86", "-x", "@a", "'=x", "''+y", "'z", '"', ",", "\n", "，", "a|b", "１"]
)
#: Rows of a file; more in all would be more chances than an example can hold.
SEVERAL, FEW = 3, 1
# what an import keeps of a text: it may be trimmed to nothing
TEXT = st.one_of(st.text(max_size=8), st.tuples(ODD, st.text(max_size=4)).map("".join)).map(
    printable
)
CODE = st.text("abzAZ09-_.=+@'（一）楼", min_size=1, max_size=6).map(printable).filter(bool)
DAYS = st.dates(dt.date(1901, 1, 1), dt.date(2998, 12, 31))


def cell(draw: st.DrawFn, column: Column, codes: Codes) -> str:
    """Draw the text of a cell that an import takes."""
    if column.target_by or (not column.required and draw(st.integers(0, 3)) == 0):
        return ""
    if column.kind == "text":
        return guarded(draw(TEXT) or ("x" if column.required else ""))
    known = {
        "items": TEXT.map(no_bar),
        "word": st.sampled_from(column.words or ("",)),
        "words": st.sampled_from(column.words or ("",)),
        "weekdays": st.sampled_from("1234567"),
        "ref": st.sampled_from([code for name in column.targets for code in codes[name]] or [""]),
        "refs": st.sampled_from([code for name in column.targets for code in codes[name]] or [""]),
        "bool": st.sampled_from(["true", "false", "是", "否", "1", "0"]),
        "period": st.sampled_from(PERIODS),
    }
    if column.kind not in known:
        return plain(draw, column)
    most = 3 if column.kind in LISTS else 1
    return guarded("|".join(draw(st.lists(known[column.kind], min_size=1, max_size=most))))


def plain(draw: st.DrawFn, column: Column) -> str:
    """Draw a number, a date, a time or a code of no importance."""
    low, high = column.low, column.high
    match column.kind:
        case "int":
            least = int(low or 0)
            most = 2 if column.name in ("periods", "count") else int(high or 2**31 - 1)
            return str(draw(st.integers(least, most)))
        case "number":
            bounds: dict[str, Any] = {"min_value": low, "max_value": high}
            return repr(draw(st.floats(**bounds, allow_nan=False, allow_infinity=False)))
        case "date":
            return draw(DAYS).isoformat()
        case "time":
            return draw(st.times()).strftime("%H:%M")
        case "instant":
            moment = draw(st.datetimes(*(dt.datetime(year, 1, 1) for year in (1950, 2100))))  # noqa: DTZ001 - its zone comes next
            offset = dt.timezone(dt.timedelta(minutes=draw(st.integers(-700, 700))))
            return moment.replace(tzinfo=offset).isoformat()
        case "month_day":
            return draw(DAYS).strftime("%m-%d")
        case "facts":
            texts = st.dictionaries(CODE, CODE, max_size=2)
            return json.dumps(draw(texts), ensure_ascii=draw(st.booleans()))
    return guarded(draw(CODE))


def guarded(text: str) -> str:
    """Write a text as a careful program does: with an apostrophe before what would be a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") or NEUTRALISED.match(text) else text


def no_bar(text: str) -> str:
    """Return a text that can be an item of a list."""
    return text.replace("|", "").replace("｜", "")


@st.composite
def datasets(draw: st.DrawFn) -> Rows:
    """Draw a dataset of a few rows in every file, without a mistake."""
    codes = {
        file.name: draw(st.lists(CODE, min_size=rows, max_size=rows, unique=True))
        for file in FILES.values()
        if file.columns[0].kind == "code"
        for rows in [FEW if file.optional else SEVERAL]
    }
    return {file.name: rows_of(draw, file, codes) for file in FILES.values()}


def rows_of(draw: st.DrawFn, file: File, codes: Codes) -> list[dict[str, str]]:
    """Draw the rows of a file."""
    rows = []
    own = codes.get(file.name)
    for place in range(FEW if file.optional else SEVERAL):
        row = {column.name: cell(draw, column, codes) for column in file.columns}
        if own:
            row[file.key[0]] = guarded(own[place])
        for chain in file.chains:
            row[chain] = ""
        for span in file.spans:
            first, last = row[span.first], row[span.last]
            if first and last and not (first < last):
                row[span.last] = first if span.equal else ""
        mend(row, file.name, place, codes)
        rows.append(row)
    if file.key and not own:
        rows = list({tuple(row[name] for name in file.key): row for row in rows}.values())
    return rows


def mend(row: dict[str, str], name: str, place: int, codes: Codes) -> None:
    """Take out of a row what would be a mistake by its meaning."""
    if name == "sessions":
        row |= {"seq": str(place + 1), "start": "", "end": ""}
    if name == "enrolments":
        row["status"] = "reserve" if place else row["status"]
    if name == "leaves":
        late = row["time_to"] if row["time_from"] < row["time_to"] else ""
        row |= {"period_from": "", "period_to": "", "time_to": late}
    if "replaces" in row:
        own = row[FILES[name].key[0]]
        row["replaces"] = "" if row["replaces"] == own else row["replaces"]
    if name == "make_ups":
        row |= dict(zip(("session", "missed"), map(guarded, codes["sessions"]), strict=False))
    if name == "beds":
        row |= {"from": "2023-03-01", "to": "2023-03-04"}
    if name == "exits":
        row |= {"out_at": "2023-03-01T18:00:00+08:00", "due_at": "2023-03-01T21:30:00+08:00"}
    row |= published(name, place)
    if name == "unavailable":
        row["code"] = guarded(codes[UNAVAILABLE_TARGETS[row["kind"]]][0])
    if name == "venues" and row["open_from"] and row["open_to"]:
        row["open_to"] = ""


def published(name: str, place: int) -> dict[str, str]:
    """Return what rows of the publications must hold: versions in order, and UIDs of their own."""
    match name:
        case "publications":
            return {"number": str(place + 1)}
        case "published_sessions":
            return {"publication": "1", "end": "2150-01-01T00:00:00Z"}
        case "extra_events":
            return {"uid": f"W{place}", "publication": ""}
    return {}


def write(folder: Path, rows: Rows) -> Path:
    """Write a dataset's folder."""
    folder.mkdir()
    (folder / "office.toml").write_text('timezone = "Asia/Urumqi"\n', encoding="utf-8")
    for name, found in rows.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, FILES[name].place)
            writer.writeheader()
            writer.writerows(found)
    return folder


@contextmanager
def places(template: Path) -> Iterator[tuple[Path, Desk, Desk]]:
    """Yield a folder and two desks at empty databases in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        desks = []
        for which in ("one", "two"):
            shutil.copy(template, folder / f"{which}.db")
            desks.append(Desk(f"sqlite:///{folder / which}.db", "clerk"))
        yield folder, desks[0], desks[1]
        for desk in desks:
            open_engine(desk.url).dispose()


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of a folder's files."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# shrinking a whole dataset takes minutes and says little more than the first one found
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)


@given(rows=datasets())
@settings(max_examples=12, suppress_health_check=list(HealthCheck), phases=UNSHRUNK)
def test_round_trip(rows: Rows, sqlite_template: Path) -> None:
    """Import, export, import elsewhere, export: the same bytes; imported again: no change."""
    with places(sqlite_template) as (folder, one, two):
        outcome = import_dataset(one, write(folder / "in", rows))
        assert [problem.text() for problem in outcome.problems] == []
        export_dataset(one, folder / "first")
        again = import_dataset(one, folder / "first")
        touched = {
            file: n for file, n in again.changes.items() if n["unchanged"] != sum(n.values())
        }
        assert touched == {}
        assert import_dataset(two, folder / "first").problems == ()
        export_dataset(two, folder / "second")
        assert contents(folder / "first") == contents(folder / "second")
        for file in FILES.values():
            assert again.changes[file.csv]["unchanged"] == len(rows[file.name])


@given(rows=datasets())
@settings(max_examples=4, suppress_health_check=list(HealthCheck), phases=UNSHRUNK)
def test_workbook_holds_the_same_facts(rows: Rows, sqlite_template: Path) -> None:
    """A workbook brings exactly what the folder brings."""
    with places(sqlite_template) as (folder, one, two):
        import_dataset(one, write(folder / "in", rows))
        export_dataset(one, folder / "first")
        export_dataset(one, folder / "book.xlsx")
        outcome = import_dataset(two, folder / "book.xlsx")
        assert [problem.text() for problem in outcome.problems] == []
        export_dataset(two, folder / "second")
        assert contents(folder / "first") == contents(folder / "second")


@given(names=st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=5))
@settings(max_examples=25)
def test_names_that_came_in_by_another_way(names: list[str], sqlite_template: Path) -> None:
    """Whatever was typed elsewhere, the export of it can be imported and comes back the same."""
    with places(sqlite_template) as (folder, one, two):
        with one.writing() as work:
            for number, name in enumerate(names):
                kept = name.encode("utf-8", "ignore").decode()
                work.session.add(Person(code=f"P{number}", name=kept or "x", position=kept))
            work.commit()
        export_dataset(one, folder / "first")
        outcome = import_dataset(two, folder / "first")
        if outcome.ok:
            export_dataset(two, folder / "second")
            assert contents(folder / "first") == contents(folder / "second")
        else:
            # a name of nothing but blanks and control characters is no name
            assert {problem.column for problem in outcome.problems} == {"name"}


@given(text=st.text(max_size=12))
def test_neutralising_is_undone_exactly(text: str) -> None:
    """No exported text begins as a formula does, and each reads back as it was."""
    from zoneinfo import ZoneInfo

    from trainer.dataset.cells import parser
    from trainer.dataset.export import neutralised

    file = FILES["groups"]
    kept = printable(text.encode("utf-8", "ignore").decode())
    written = neutralised(file, ("c", kept, "", ""))[1]
    assert written[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert (parser(file.column("kind"), ZoneInfo("UTC"))(written) or "") == kept
    # and through a CSV file too
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([written])
    assert next(csv.reader(io.StringIO(out.getvalue(), newline="")))[0] == written


def test_numbers_below_zero_are_not_touched() -> None:
    """A negative number is a number: no apostrophe stands before it."""
    from trainer.dataset.export import neutralised

    file = FILES["units"]
    row = ("U1", "-x", "", "", "", cell_text(file.column("lat"), -12.5), "")
    assert neutralised(file, row) == ("U1", "'-x", "", "", "", "-12.5", "")
