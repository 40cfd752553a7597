"""Marks that arrive: union of sets, all or nothing, everything wrong listed, conflicts counted."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from pathlib import Path
from random import Random

import pytest
from sqlmodel import select

from db.tables import Mark, MarkState, TrainingSession
from tests.factories.registers import Register, day
from trainer.attendance.alerts import find_alerts
from trainer.attendance.conflicts import list_conflicts
from trainer.attendance.incoming import import_marks, merge_marks
from trainer.attendance.odd import KINDS
from trainer.attendance.outgoing import export_marks
from trainer.attendance.record import keep_mark, record_many, record_mark
from trainer.dataset.parse import BATCH
from trainer.desk import Desk
from trainer.errors import FileProblem, Refused
from trainer.reports.attendance import attendance_report

HEADER = "id,session,person,status,minutes,at,by,device,counter,replaces,note"
AT = "2023-02-01T08:40:00+08:00"


def write(path: Path, *rows: str, header: str = HEADER) -> Path:
    """Write a CSV file."""
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def log(desk: Desk) -> set[tuple[str, str, str]]:
    """Return id, person and status of every event."""
    with desk.reading() as session:
        return {(m.id, m.person, m.status) for m in session.exec(select(Mark))}


def states(desk: Desk) -> dict[str, tuple[str, bool]]:
    """Return what counts for each person."""
    with desk.reading() as session:
        return {s.person: (s.status, s.conflict) for s in session.exec(select(MarkState))}


def test_import_twice_changes_nothing(desk: Desk, meeting: str, tmp_path: Path) -> None:
    """Two marks are new the first time and known the second."""
    path = write(
        tmp_path / "today.csv",
        f"a,{meeting},P1,present,,{AT},王,d,1,,",
        f"b,{meeting},P2,late,5,{AT},王,d,2,,堵车",
    )
    first = import_marks(desk, path)
    second = import_marks(desk, path)
    assert (first.new, first.known, second.new, second.known) == (2, 0, 0, 2)
    assert states(desk) == {"P1": ("present", False), "P2": ("late", False)}


def test_import_without_ids_makes_the_same_ids_each_time(
    desk: Desk, meeting: str, tmp_path: Path
) -> None:
    """Rows of session, person and status alone are events of their own content."""
    path = write(
        tmp_path / "typed.csv",
        f"{meeting},P1,present",
        f"{meeting},P2,absent",
        header="session,person,status",
    )
    assert import_marks(desk, path).new == 2
    again = import_marks(desk, path)
    assert (again.new, again.known) == (0, 2)
    with desk.reading() as session:
        start = session.exec(select(TrainingSession)).one().start
        assert {m.at for m in session.exec(select(Mark))} == {start}


def test_import_lists_every_problem_and_changes_nothing(
    desk: Desk, register: Register, meeting: str, tmp_path: Path
) -> None:
    """Unknown session, person and status, a bad instant, a cancelled session: five problems."""
    gone = register.meeting("C1", day(2), status="cancelled")
    path = write(
        tmp_path / "bad.csv",
        f"a,{meeting},P1,present,,{AT},,d,1,,",
        f"b,nowhere,P1,present,,{AT},,d,2,,",
        f"c,{meeting},P9,present,,{AT},,d,3,,",
        f"d,{meeting},P1,here,,{AT},,d,4,,",
        f"e,{meeting},P1,present,,yesterday,,d,5,,",
        f"f,{gone},P1,present,,{AT},,d,6,,",
    )
    found = import_marks(desk, path)
    assert [(p.file, p.row, p.column) for p in found.problems] == [
        ("bad.csv", 3, "session"),
        ("bad.csv", 4, "person"),
        ("bad.csv", 5, "status"),
        ("bad.csv", 6, "at"),
        ("bad.csv", 7, "session"),
    ]
    last = found.problems[-1].message
    assert last.text("en") == "the session is cancelled: its marks count nowhere"
    assert last.text("zh") == "所属课次已取消，不计入任何统计"
    assert log(desk) == set()


def test_import_of_a_known_id_with_other_facts_is_refused(
    desk: Desk, meeting: str, tmp_path: Path
) -> None:
    """An event never changes: the row is named, and the good one beside it is not taken."""
    import_marks(desk, write(tmp_path / "a.csv", f"a,{meeting},P1,present,,{AT},,d,1,,"))
    found = import_marks(
        desk,
        write(
            tmp_path / "b.csv",
            f"a,{meeting},P1,absent,,{AT},,d,1,,",
            f"b,{meeting},P2,present,,{AT},,d,2,,",
        ),
    )
    assert [(p.row, p.column) for p in found.problems] == [(2, "status")]
    assert log(desk) == {("a", "P1", "present")}


def test_a_device_may_count_in_milliseconds(desk: Desk, meeting: str, tmp_path: Path) -> None:
    """Counts of 13 and of 16 digits are kept and decide; one above 2**53 - 1 is named."""
    counts = (1_700_000_000_000, 2**53 - 1)
    lines = [
        f"m{number},{meeting},P1,{status},,{AT},,d,{count},,"
        for number, status, count in zip((1, 2), ("late", "present"), counts, strict=True)
    ]
    assert import_marks(desk, write(tmp_path / "a.csv", *lines)).new == 2
    with desk.reading() as session:
        assert session.get_one(Mark, "m1").counter == counts[0]
        assert session.get_one(Mark, "m2").counter == counts[1]
        assert session.get_one(MarkState, (meeting, "P1")).status == "present"
    row = f"m3,{meeting},P1,absent,,{AT},,d,{2**53},,"
    found = import_marks(desk, write(tmp_path / "b.csv", row))
    assert [(p.row, p.column) for p in found.problems] == [(2, "counter")]


def test_import_lists_what_is_odd_and_takes_it(
    desk: Desk, register: Register, meeting: str, tmp_path: Path
) -> None:
    """A guest, a mark from before its session, one from the future, a dangling correction."""
    register.people("G1")
    path = write(
        tmp_path / "odd.csv",
        f"a,{meeting},G1,present,,{AT},,d,1,,",
        f"b,{meeting},P1,present,,2023-01-01T08:00:00+08:00,,d,2,,",
        f"c,{meeting},P2,present,,2030-01-01T08:00:00+08:00,,d,3,,",
        f"d,{meeting},P3,present,,{AT},,d,4,later,",
    )
    found = import_marks(desk, path)
    assert [(odd.kind, odd.mark) for odd in found.odd] == [
        ("guest", "a"),
        ("early", "b"),
        ("future", "c"),
        ("dangling", "d"),
    ]
    assert found.new == 4


def test_dry_run_says_what_would_come_and_writes_nothing(
    desk: Desk, meeting: str, tmp_path: Path
) -> None:
    """One new mark, told and not taken."""
    path = write(tmp_path / "a.csv", f"a,{meeting},P1,present,,{AT},,d,1,,")
    assert import_marks(desk, path, dry_run=True).new == 1
    assert log(desk) == set()


def test_import_names_what_is_no_file_of_marks(desk: Desk, tmp_path: Path) -> None:
    """A missing file, a folder and a picture are refused in words."""
    (tmp_path / "x.png").write_bytes(b"\x89PNG")
    with pytest.raises(FileProblem, match="there is no file"):
        import_marks(desk, tmp_path / "nothing.csv")
    with pytest.raises(Refused, match="is a folder"):
        import_marks(desk, tmp_path)
    with pytest.raises(Refused, match="not a file of marks"):
        import_marks(desk, tmp_path / "x.png")


@pytest.fixture
def laptops(sqlite_url: str, tmp_path: Path) -> list[Desk]:
    """Three offices of the same roster and timetable: copies of one database."""
    register = Register(Desk(sqlite_url, "office"))
    register.people(*(f"P{n}" for n in range(8)))
    register.training("C1", [f"P{n}" for n in range(8)])
    for number in range(1, 5):
        register.meeting("C1", day(number))
    source = tmp_path / "office.db"
    desks = []
    for name in ("one", "two", "three"):
        copy = tmp_path / f"{name}.db"
        with register.desk.writing():
            shutil.copy(source, copy)
            wal = Path(f"{source}-wal")
            if wal.exists():
                shutil.copy(wal, f"{copy}-wal")
        desks.append(Desk(f"sqlite:///{copy}", name))
    return desks


def test_merge_is_union_whatever_the_order_and_repetition(
    laptops: list[Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three laptops mark and correct on their own, then exchange in any order, by either way."""
    chance = Random(7)  # noqa: S311 - the same exchanges each time
    for desk in laptops:
        monkeypatch.setenv("TRAINER_DEVICE", desk.actor)
        with desk.writing() as work:
            uids = [s.uid for s in work.session.exec(select(TrainingSession))]
            for _ in range(40):
                record_mark(
                    work,
                    session=chance.choice(uids),
                    person=f"P{chance.randrange(8)}",
                    status=chance.choice(("present", "late", "absent")),
                )
            work.commit()
    everything = set().union(*(log(desk) for desk in laptops))
    folders = []
    for desk in laptops:
        folders.append(tmp_path / f"from-{desk.actor}")
        export_marks(desk, folders[-1])
    ways = [str(folder) for folder in folders] + [
        str(tmp_path / f"{desk.actor}.db") for desk in laptops
    ]
    for desk in laptops:
        for way in chance.sample(ways * 2, len(ways) * 2):
            merge_marks(desk, way)
    found = [(log(desk), sorted(_all_states(desk))) for desk in laptops]
    assert found[0][0] == everything
    assert found[0] == found[1] == found[2]
    assert any(conflict for *_rest, conflict in found[0][1])


def _all_states(desk: Desk) -> list[tuple[str, str, str, str, bool]]:
    with desk.reading() as session:
        rows = session.exec(select(MarkState)).all()
        return [(s.session, s.person, s.status, s.mark, s.conflict) for s in rows]


def test_merge_counts_conflicts_which_a_person_resolves(
    desk: Desk, meeting: str, tmp_path: Path
) -> None:
    """Here P1 is present, there absent: one conflict, both sides shown; keeping one ends it."""
    with desk.writing() as work:
        record_mark(work, session=meeting, person="P1", status="present")
        work.commit()
    there = tmp_path / "there"
    there.mkdir()
    write(there / "marks.csv", f"x,{meeting},P1,absent,,{AT},李,other,1,,")
    arrival = merge_marks(desk, str(there))
    assert (arrival.new, arrival.conflicts, arrival.open) == (1, 1, 1)
    with desk.reading() as session:
        (conflict,) = list_conflicts(session)
    assert {mark["status"] for mark in conflict.marks} == {"present", "absent"}
    with desk.writing() as work:
        keep_mark(work, mark="x", note="签到表")
        work.commit()
    assert states(desk) == {"P1": ("absent", False)}
    again = merge_marks(desk, str(there))
    assert (again.new, again.open) == (0, 0)


def test_merge_keeps_marks_of_a_session_cancelled_here(
    desk: Desk, register: Register, tmp_path: Path
) -> None:
    """What was recorded elsewhere before the cancelling is kept in the log and listed."""
    gone = register.meeting("C1", day(2), status="cancelled")
    there = tmp_path / "there"
    there.mkdir()
    write(there / "marks.csv", f"x,{gone},P1,absent,,{AT},李,other,1,,")
    arrival = merge_marks(desk, str(there))
    assert (arrival.new, [odd.kind for odd in arrival.odd]) == (1, ["early", "cancelled"])
    assert KINDS["cancelled"].text("zh") == "条：所属课次已取消，不计入任何统计"
    # two devices that disagree about it disagree about nothing
    write(there / "marks.csv", f"y,{gone},P1,late,,{AT},李,third,1,,")
    arrival = merge_marks(desk, str(there))
    assert (arrival.new, arrival.conflicts, arrival.open) == (1, 0, 0)
    assert find_alerts(desk) == []
    total = attendance_report(desk).total
    assert {total[name] for name in ("sessions", "expected", "late", "absent", "conflicts")} == {0}


def test_merge_of_damaged_or_foreign_files_is_refused(
    desk: Desk, meeting: str, sqlite_template: Path, tmp_path: Path
) -> None:
    """Another program's database, a torn one, a text, an empty folder, nothing: a sentence each."""
    import sqlite3

    foreign = tmp_path / "foreign.db"
    connection = sqlite3.connect(foreign)
    connection.execute("CREATE TABLE mark (colour TEXT)")
    connection.commit()
    connection.close()
    before = foreign.read_bytes()
    torn = tmp_path / "torn.db"
    whole = bytearray(sqlite_template.read_bytes())
    whole[4096 : len(whole) // 2] = b"\xff" * (len(whole) // 2 - 4096)
    torn.write_bytes(whole)
    text = tmp_path / "text.db"
    text.write_text("not a database", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for path in (foreign, torn, text):
        with pytest.raises(Refused, match="database of this program"):
            merge_marks(desk, str(path))
    with pytest.raises(Refused, match=r"there is no marks\.csv"):
        merge_marks(desk, str(tmp_path / "empty"))
    with pytest.raises(FileProblem, match="there is nothing at"):
        merge_marks(desk, str(tmp_path / "nothing.db"))
    assert foreign.read_bytes() == before
    assert log(desk) == set()


def test_export_gives_the_same_bytes_and_only_the_classes_asked_for(
    desk: Desk, register: Register, meeting: str, tmp_path: Path
) -> None:
    """Two classes, one mark each; a note that a sheet would run is neutralised and comes back."""
    register.training("C2", ["P1"])
    other = register.meeting("C2", day(3))
    with desk.writing() as work:
        record_mark(work, session=meeting, person="P1", status="present", note="=1+1")
        record_mark(work, session=other, person="P1", status="present")
        work.commit()
    assert export_marks(desk, tmp_path / "a") == 2
    assert export_marks(desk, tmp_path / "b") == 2
    data = (tmp_path / "a" / "marks.csv").read_bytes()
    assert data == (tmp_path / "b" / "marks.csv").read_bytes()
    assert export_marks(desk, tmp_path / "c", ["C1"]) == 1
    text = (tmp_path / "c" / "marks.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert rows[0]["note"] == "'=1+1"
    assert import_marks(desk, tmp_path / "a" / "marks.csv").known == 2
    with pytest.raises(Refused, match="no class C9"):
        export_marks(desk, tmp_path / "d", ["C9"])


def test_record_many_is_fast_enough_for_a_year(sqlite_url: str) -> None:
    """60,000 marks of 100 sessions with their state take seconds, not minutes."""
    import time

    desk = Desk(sqlite_url, "office")
    register = Register(desk)
    register.people(*(f"P{n}" for n in range(600)))
    register.training("C1")
    uids = [register.meeting("C1", day(1) + dt.timedelta(days=n)) for n in range(100)]
    rows = [
        {
            "session": uid,
            "person": f"P{n}",
            "status": "present",
            "at": dt.datetime(2023, 2, 1, tzinfo=dt.UTC),
            "device": "d",
            "counter": n,
        }
        for uid in uids
        for n in range(600)
    ]
    started = time.process_time()
    with desk.writing() as work:
        assert record_many(work, rows) == 60_000
        work.commit()
    assert time.process_time() - started < 20


def _long(meeting: str, count: int) -> list[str]:
    return [f"m{n},{meeting},P{1 + n % 3},present,,{AT},,d,{n},," for n in range(count)]


def test_import_of_several_batches_is_one_import(sqlite_url: str, tmp_path: Path) -> None:
    """More rows than are read at a time: all are new once, and a row that comes twice is one."""
    desk = Desk(sqlite_url, "clerk")
    meeting = _three(desk)
    rows = _long(meeting, BATCH + 10)
    path = write(tmp_path / "long.csv", *rows, rows[0])
    first = import_marks(desk, path)
    again = import_marks(desk, path)
    assert (first.problems, first.new, first.known) == ((), BATCH + 10, 1)
    assert (again.new, again.known) == (0, BATCH + 11)
    assert len(log(desk)) == BATCH + 10


def test_problems_in_several_batches_are_all_listed(sqlite_url: str, tmp_path: Path) -> None:
    """A bad row in each batch, and an id of the first one with other facts in the second."""
    desk = Desk(sqlite_url, "clerk")
    meeting = _three(desk)
    rows = _long(meeting, BATCH + 10)
    rows[3] = rows[3].replace("present", "here")
    rows[BATCH + 3] = rows[BATCH + 3].replace("P2", "P9").replace("P1", "P9").replace("P3", "P9")
    rows.append(rows[0].replace("present", "absent"))
    found = import_marks(desk, write(tmp_path / "long.csv", *rows))
    assert [(p.row, p.column) for p in found.problems] == [
        (5, "status"),
        (BATCH + 5, "person"),
        (BATCH + 12, "id"),
    ]
    assert log(desk) == set()


def _three(desk: Desk) -> str:
    register = Register(desk)
    register.people("P1", "P2", "P3")
    register.training("C1", ["P1", "P2", "P3"])
    return register.meeting("C1", day(1))
