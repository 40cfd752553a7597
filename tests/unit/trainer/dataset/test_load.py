"""Importing: what a dataset would change, all or nothing, and nothing the second time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import func, select

from db.engine import database_exists
from db.tables import (
    AuditEntry,
    Enrolment,
    MarkState,
    OfficeSettings,
    Person,
    SyllabusItem,
    TrainingSession,
    Unavailability,
    Unit,
    metadata,
)
from trainer.dataset.export import export_dataset
from trainer.dataset.load import Outcome, import_dataset
from trainer.desk import Desk
from trainer.errors import FileProblem, Refused

WriteFolder = Callable[[Mapping[str, str]], Path]
Files = dict[str, str]
FIXTURES = Path(__file__).parents[4] / "fixtures"
UNITS = "code,name,parent\n"
PEOPLE = "code,name,unit,phone\n"


def texts(folder: Path) -> Files:
    """Return every file of an exported folder."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def rows_of(desk: Desk) -> dict[str, int]:
    """Return the number of rows of every table."""
    with desk.reading() as session:
        return {
            name: session.connection().execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


def problems_of(outcome: Outcome) -> list[tuple[str, int | None, str | None]]:
    """Return where each problem is."""
    return [(one.file, one.row, one.column) for one in outcome.problems]


def test_import_stores_every_file(desk: Desk, county: Files, write_folder: WriteFolder) -> None:
    """Each file's rows are there afterwards, as the values that they mean."""
    outcome = import_dataset(desk, write_folder(county))
    assert outcome.problems == ()
    assert outcome.written
    assert all(counts["new"] >= 1 for counts in outcome.changes.values())
    with desk.reading() as session:
        stays = session.connection().execute(
            select(Enrolment.stint, Enrolment.from_date).where(Enrolment.person == "P2")  # type: ignore[call-overload]
        )
        assert [stint for stint, _ in stays] == [1, 2]
        state = session.get(MarkState, ("11111111-1111-4111-8111-111111111111", "P1"))
        assert state is not None
        assert (state.status, state.minutes, state.mark) == ("late", 5, "m2")
        assert session.get(OfficeSettings, 1) is not None


def test_import_twice_changes_nothing(desk: Desk, county: Files, write_folder: WriteFolder) -> None:
    """The second import finds all of it there: not one row is written, audit included."""
    folder = write_folder(county)
    import_dataset(desk, folder)
    before = rows_of(desk)
    outcome = import_dataset(desk, folder)
    assert outcome.total("unchanged") > 30
    assert [outcome.total(name) for name in ("new", "changed", "removed")] == [0, 0, 0]
    assert rows_of(desk) == before


def test_export_imported_elsewhere_gives_the_same_bytes(
    desk: Desk,
    county: Files,
    write_folder: WriteFolder,
    new_desk: Callable[[], Desk],
    tmp_path: Path,
) -> None:
    """Export, import into an empty database, export: the files are the same, byte by byte."""
    import_dataset(desk, write_folder(county))
    export_dataset(desk, tmp_path / "one")
    other = new_desk()
    outcome = import_dataset(other, tmp_path / "one")
    assert outcome.problems == ()
    export_dataset(other, tmp_path / "two")
    assert texts(tmp_path / "one") == texts(tmp_path / "two")


@pytest.mark.parametrize("name", ["zoucheng", "jining"])
def test_fixture_round_trip(
    name: str, url: str, new_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    """The real-sized datasets are without problems and come back as they went in."""
    desk = Desk(url, "clerk")
    assert import_dataset(desk, FIXTURES / name).problems == ()
    assert import_dataset(desk, FIXTURES / name).total("unchanged") > 10_000
    export_dataset(desk, tmp_path / "one")
    other = new_desk()
    assert import_dataset(other, tmp_path / "one").problems == ()
    export_dataset(other, tmp_path / "two")
    assert texts(tmp_path / "one") == texts(tmp_path / "two")


def test_ten_mistakes_of_ten_kinds_are_all_named(
    desk: Desk, county: Files, write_folder: WriteFolder
) -> None:
    """One run names each mistake with file, row and column, and nothing is stored."""
    import_dataset(desk, write_folder({"units.csv": UNITS + "OLD,旧单位,\n"}))
    before = rows_of(desk)
    county["units.csv"] = (
        "code,name,parent,colour\nU1,甲,U2,red\nU2,乙,U1,\nU3,,,\nU1,又一个,,\n"  # 4 kinds
    )
    county["people.csv"] = (
        "code,name,unit,tier,birth_year\nP1,甲,U9,goose,19九0\nP2,乙,OLD,,\nP3,丙,,,\n"
    )
    county["classes.csv"] = "code,title,earliest,latest\nK1,班,2023-02-30,\n"
    county["surveys.csv"] = "code,title,opened,closed\nS1,调查,2023-02-01,2023-01-01\n"
    county["venues.csv"] = (
        "code,name,kind,season_from\nV1,教室,classroom,\nV2,镇,field_site,13-01\n"
    )
    county["syllabus.csv"] = "class,course,period\nK1,C1,AM1\nK1,C1,NIGHT\n"
    outcome = import_dataset(desk, write_folder(county))
    assert set(problems_of(outcome)) >= {
        ("units.csv", 1, "colour"),
        ("units.csv", 2, "parent"),
        ("units.csv", 4, "name"),
        ("units.csv", 5, "code"),
        ("people.csv", 2, "unit"),
        ("people.csv", 2, "tier"),
        ("people.csv", 2, "birth_year"),
        ("classes.csv", 2, "earliest"),
        ("surveys.csv", 2, "closed"),
        ("venues.csv", 3, "season_from"),
        ("syllabus.csv", 3, "period"),
    }
    assert problems_of(outcome) == sorted(problems_of(outcome), key=lambda one: one[:2])
    assert all(one.message.text("zh") != one.message.text("en") for one in outcome.problems)
    assert all(one.mend.text("zh") != one.mend.text("en") for one in outcome.problems)
    assert rows_of(desk) == before


def test_every_problem_is_listed(desk: Desk, write_folder: WriteFolder) -> None:
    """A thousand bad rows are a thousand problems."""
    rows = "".join(f"P{n},甲,NOBODY{n},\n" for n in range(1000))
    outcome = import_dataset(desk, write_folder({"people.csv": PEOPLE + rows}))
    assert len(outcome.problems) == 1000
    assert [one.row for one in outcome.problems] == list(range(2, 1002))


def test_unreadable_file_does_not_stop_the_others(
    desk: Desk, county: Files, write_folder: WriteFolder
) -> None:
    """Bytes that are no text are one file's problem; the others are checked all the same."""
    county["people.csv"] = PEOPLE + "P1,甲,U9,\n"
    folder = write_folder(county)
    (folder / "units.csv").write_bytes(b"code,name\nU1,\xff\xfe\xff\n")
    (folder / "courses.csv").write_text('code,title\nC1,"开班\nC2,x\n', encoding="utf-8")
    outcome = import_dataset(desk, folder)
    places = problems_of(outcome)
    assert ("units.csv", 2, None) in places
    assert ("courses.csv", 2, None) in places
    # nobody can say what an unreadable file lacks
    assert not [place for place in places if place[2] == "unit"]


def test_dry_run_writes_nothing(desk: Desk, county: Files, write_folder: WriteFolder) -> None:
    """A dry run counts what an import would do and leaves the database as it is."""
    folder = write_folder(county)
    before = rows_of(desk)
    dry = import_dataset(desk, folder, dry_run=True)
    assert rows_of(desk) == before
    assert not dry.written
    assert dry.changes == import_dataset(desk, folder).changes


def test_neither_dry_run_nor_refusal_makes_a_database(
    county: Files, write_folder: WriteFolder, tmp_path: Path
) -> None:
    """Where there is no database, only an import that succeeds makes one."""
    desk = Desk(f"sqlite:///{tmp_path / 'new.db'}", "clerk")
    assert import_dataset(desk, write_folder(county), dry_run=True).ok
    assert not import_dataset(desk, write_folder({"people.csv": PEOPLE + "P1,甲,U9,\n"})).ok
    assert not database_exists(desk.url)
    assert import_dataset(desk, write_folder(county)).written
    assert database_exists(desk.url)


def test_keyed_rows_are_updated_and_never_deleted(desk: Desk, write_folder: WriteFolder) -> None:
    """A file changes the rows it names; the others stay; a missing column is blank."""
    import_dataset(
        desk,
        write_folder(
            {
                "units.csv": UNITS + "U1,甲,\nU2,乙,U1\n",
                "people.csv": PEOPLE + "P1,甲,U1,123\nP2,乙,U1,\n",
            }
        ),
    )
    outcome = import_dataset(desk, write_folder({"people.csv": "code,name,unit\nP1,甲改,U2\n"}))
    assert outcome.changes == {"people.csv": {"new": 0, "changed": 1, "unchanged": 0, "removed": 0}}
    with desk.reading() as session:
        person = session.get(Person, "P1")
        assert person is not None
        assert (person.name, person.unit, person.phone) == ("甲改", "U2", None)
        assert session.get(Person, "P2") is not None


def test_references_may_be_to_stored_rows(desk: Desk, write_folder: WriteFolder) -> None:
    """A file alone may name what the database holds."""
    import_dataset(desk, write_folder({"units.csv": UNITS + "U1,甲,\n"}))
    assert import_dataset(desk, write_folder({"people.csv": PEOPLE + "P1,甲,U1,\n"})).written


def test_rows_without_key_are_whole_for_each_owner(
    desk: Desk, county: Files, write_folder: WriteFolder
) -> None:
    """A syllabus and unavailable days are stated anew for the owners named; others keep theirs."""
    import_dataset(desk, write_folder(county))
    outcome = import_dataset(
        desk,
        write_folder(
            {
                "syllabus.csv": "class,course,count\nK1,C2,3\n",
                "unavailable.csv": "kind,code,date_from,date_to\nvenue,V2,2023-01-01,2023-01-02\n",
            }
        ),
    )
    assert outcome.changes == {
        "syllabus.csv": {"new": 0, "changed": 1, "unchanged": 0, "removed": 1},
        "unavailable.csv": {"new": 1, "changed": 0, "unchanged": 0, "removed": 1},
    }
    with desk.reading() as session:
        items = session.connection().execute(select(SyllabusItem.course, SyllabusItem.count))  # type: ignore[call-overload]
        assert [tuple(row) for row in items] == [("C2", 3)]
        codes = session.connection().scalars(select(Unavailability.code))  # type: ignore[call-overload]
        assert sorted(codes) == ["T1", "U2", "V2"]


def test_unavailable_days_without_a_state_leave_bookings_alone(
    desk: Desk, county: Files, write_folder: WriteFolder
) -> None:
    """A list of closures that somebody keeps by hand removes no booking; one with states does."""
    import_dataset(desk, write_folder(county))
    plain, booked = "kind,code,date_from,date_to", "venue,V2,2023-01-01,2023-01-02"
    rows = {"unavailable.csv": f"{plain},applicant,state\n{booked},县总工会,approved\n"}
    import_dataset(desk, write_folder(rows))
    for columns, extra, counts in (
        (plain, "", {"new": 1, "changed": 0, "unchanged": 0, "removed": 0}),
        (plain, "", {"new": 0, "changed": 0, "unchanged": 1, "removed": 0}),
        (f"{plain},applicant,state", ",,", {"new": 0, "changed": 0, "unchanged": 1, "removed": 1}),
    ):
        rows = {"unavailable.csv": f"{columns}\nvenue,V2,2023-02-01,2023-02-02{extra}\n"}
        found = import_dataset(desk, write_folder(rows))
        assert found.changes == {"unavailable.csv": counts}


def test_sessions_without_uid_and_instants(
    desk: Desk, county: Files, write_folder: WriteFolder
) -> None:
    """What a session leaves out is filled in, and found again by the next import."""
    import_dataset(desk, write_folder(county))
    rows = "class,course,seq,date,period\nK1,C2,1,2023-03-14,AM1\nK1,C2,,2023-03-15,PM1\n"
    files = {"sessions.csv": rows}
    assert import_dataset(desk, write_folder(files)).changes["sessions.csv"]["new"] == 2
    with desk.reading() as session:
        found = session.connection().execute(
            select(TrainingSession.seq, TrainingSession.periods, TrainingSession.start)  # type: ignore[call-overload]
            .where(TrainingSession.course == "C2")
            .order_by("seq")
        )
        assert [(seq, periods, start.isoformat()) for seq, periods, start in found] == [
            (1, 2, "2023-03-14T00:30:00+00:00"),
            (2, 2, "2023-03-15T06:00:00+00:00"),
        ]
    again = import_dataset(desk, write_folder(files)).changes["sessions.csv"]
    assert (again["new"], again["changed"]) == (0, 0)


def test_two_sessions_swap_their_numbers(
    desk: Desk, county: Files, write_folder: WriteFolder
) -> None:
    """Numbers are unique in a course of a class, and may still be exchanged in one import."""
    header = "uid,class,course,seq,date,period\n"
    county["sessions.csv"] = header + "a,K1,C2,1,2023-03-14,AM1\nb,K1,C2,2,2023-03-15,AM1\n"
    del county["marks.csv"]
    import_dataset(desk, write_folder(county))
    swapped = header + "a,K1,C2,2,2023-03-14,AM1\nb,K1,C2,1,2023-03-15,AM1\n"
    assert import_dataset(desk, write_folder({"sessions.csv": swapped})).written


def test_marks_are_a_set_of_events(desk: Desk, county: Files, write_folder: WriteFolder) -> None:
    """The same event twice is one; the same id with other facts is a problem."""
    lines = county["marks.csv"].splitlines(keepends=True)
    county["marks.csv"] = "".join([*lines, lines[-1]])
    assert import_dataset(desk, write_folder(county)).changes["marks.csv"]["new"] == 2
    changed = {"marks.csv": county["marks.csv"].replace("late,5", "late,6")}
    outcome = import_dataset(desk, write_folder(changed))
    assert problems_of(outcome) == [("marks.csv", 3, "minutes"), ("marks.csv", 4, "minutes")]


def test_same_session_under_another_uid_is_a_problem(
    desk: Desk, county: Files, write_folder: WriteFolder
) -> None:
    """A meeting of the database may not come again under a new uid."""
    import_dataset(desk, write_folder(county))
    twin = "uid,class,course,seq,date,period\nother,K1,C1,1,2023-03-14,AM1\n"
    outcome = import_dataset(desk, write_folder({"sessions.csv": twin}))
    assert problems_of(outcome) == [("sessions.csv", 2, "seq")]


def test_office_may_not_lose_a_period_in_use(
    desk: Desk, county: Files, write_folder: WriteFolder
) -> None:
    """New settings without a period that stored rows name are refused."""
    import_dataset(desk, write_folder(county))
    office = '[[periods]]\ncode = "PM1"\nstart = "14:00"\nend = "14:45"\n'
    outcome = import_dataset(desk, write_folder({"office.toml": office}))
    assert {one.message.params["code"] for one in outcome.problems} == {"AM1", "AM4"}


def test_import_is_audited(desk: Desk, county: Files, write_folder: WriteFolder) -> None:
    """The trail names the import and the rows it wrote."""
    import_dataset(desk, write_folder(county))
    with desk.reading() as session:
        entries = session.connection().execute(
            select(AuditEntry.actor, AuditEntry.entity, AuditEntry.reason).distinct()  # type: ignore[call-overload]
        )
        found = {tuple(entry) for entry in entries}
    assert ("clerk", Unit.__tablename__, "import dataset-1") in found


def test_missing_path_and_empty_folder(desk: Desk, tmp_path: Path) -> None:
    """Nothing at the path is a file's problem; a folder without any known file is no dataset."""
    with pytest.raises(FileProblem):
        import_dataset(desk, tmp_path / "nowhere")
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(Refused):
        import_dataset(desk, tmp_path)


def test_one_file_alone(desk: Desk, write_folder: WriteFolder) -> None:
    """A single CSV file is a dataset of one file."""
    folder = write_folder({"units.csv": UNITS + "U1,甲,\n", "people.csv": "nonsense\n"})
    assert import_dataset(desk, folder / "units.csv").changes["units.csv"]["new"] == 1
