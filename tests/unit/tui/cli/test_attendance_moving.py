"""Scenes of marks that come and go on the command line: import, export, merge, conflicts, undo."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories.played import MISSING, REFUSED, USAGE, Player
from tests.factories.registers import Register, day
from trainer.attendance.sheet import sessions_on
from trainer.desk import Desk

SESSION = ("C1", "2023-02-01", "AM1")


@pytest.fixture
def uid(register: Register) -> str:
    """The uid of the session of 1 February."""
    with register.desk.reading() as session:
        ((found, _period, _count),) = sessions_on(session, register.office, "C1", day(1))
        return found


def marks(folder: Path, *rows: str, name: str = "marks.csv") -> Path:
    """Write a file of marks, each row "id,session,person,status,device"."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("\n".join(["id,session,person,status,device", *rows]) + "\n", encoding="utf-8")
    return path


def counts(play: Player) -> dict[str, int]:
    """Return the counts of the session's sheet."""
    (sheet,) = play("attendance", "sheet", *SESSION, "--json").document["sheets"]
    return {key: value for key, value in sheet["counts"].items() if value}


def test_a_file_is_tried_imported_and_known_the_second_time(
    play: Player, uid: str, tmp_path: Path
) -> None:
    """Two new, tried first without a trace; again: both known, nothing of a new import."""
    file = marks(tmp_path, f"a,{uid},P1,present,x", f"b,{uid},P2,late,x")
    tried = play("attendance", "import", file, "--dry-run", "--json").document
    assert (tried["ok"], tried["new"], tried["import"]) == (True, 2, None)
    assert counts(play) == {"expected": 3, "unmarked": 3}
    assert "新增记录 2 条；已有 0 条" in play("attendance", "import", file, lang="zh").out
    again = play("attendance", "import", file, "--json").document
    assert (again["new"], again["known"], again["import"]) == (0, 2, None)
    assert counts(play) == {"expected": 3, "attended": 2, "present": 1, "late": 1, "unmarked": 1}


def test_bad_files_are_refused_line_by_line(play: Player, uid: str, tmp_path: Path) -> None:
    """Every problem with row and column, in both languages; JSON lists them too; all or nothing."""
    bad = marks(tmp_path, f"a,{uid},P1,present,x", "b,nowhere,P8,here,x", name="bad.csv")
    said = play.refused(REFUSED, "bad.csv, row 3, column person", "attendance", "import", bad)
    assert "bad.csv 第 3 行 status 列" in said
    assert "未导入任何记录" in said
    listed = play("attendance", "import", bad, "--json", code=1).document
    assert (listed["ok"], len(listed["problems"])) == (False, 3)
    assert counts(play) == {"expected": 3, "unmarked": 3}
    play.refused(MISSING, "no file", "attendance", "import", tmp_path / "none.csv")
    play.refused(REFUSED, "is a folder", "attendance", "import", tmp_path)
    blank = tmp_path / "blank.csv"
    blank.write_bytes(b"")
    assert "没有考勤记录" in play("attendance", "import", blank, lang="zh").err


def test_what_is_odd_is_told_and_taken(play: Player, uid: str, tmp_path: Path) -> None:
    """A guest, and a mark at a session that was closed meanwhile."""
    play("attendance", "close", *SESSION)
    file = marks(tmp_path, f"a,{uid},P9,present,x")
    odd = play("attendance", "import", file, "--dry-run", "--json").document["odd"]
    assert sorted(one["kind"] for one in odd) == ["closed", "guest"]
    said = play("attendance", "import", file, lang="zh").err
    assert "异常但已收录：1 条：课次此前已关闭" in said
    assert counts(play)["guests"] == 1


def test_imports_are_listed_and_undone_once(play: Player, uid: str, tmp_path: Path) -> None:
    """The state is as before; the second undoing, a strange number and a word are refused."""
    play("attendance", "mark", *SESSION, "P1", "present")
    before = counts(play)
    file = marks(tmp_path, f"b,{uid},P2,late,x")
    number = play("attendance", "import", file, "--json").document["import"]
    assert "clerk 导入 marks.csv" in play("attendance", "imports", lang="zh").out
    (row,) = play("attendance", "imports", "--json").document["imports"]
    assert (row["number"], row["source"], row["new"], row["undone_at"]) == (
        number, "marks.csv", 1, None,
    )  # fmt: skip
    undo = ("attendance", "undo-import", number)
    done = play(*undo, "--reason", "选错文件", "--json").document
    assert done["undone"] == number
    assert counts(play) == before
    rows = {
        one["number"]: one for one in play("attendance", "imports", "--json").document["imports"]
    }
    row = rows[number]
    assert (row["undone_by"], row["undone_reason"]) == ("clerk", "选错文件")
    play.refused(REFUSED, "undone by clerk already", *undo)
    play.refused(REFUSED, "trainer attendance imports", "attendance", "undo-import", 99)
    play.refused(USAGE, "a whole number", "attendance", "undo-import", "x")
    restored = play("attendance", "import", file, "--json").document["restored"]
    assert (restored, counts(play)["late"]) == (1, 1)


def test_an_export_comes_back_from_a_folder_as_what_is_known(play: Player, tmp_path: Path) -> None:
    """Of all classes, or of one; of a class that there is not: refused, and no folder is made."""
    play("attendance", "mark", *SESSION, "P1", "present")
    out = tmp_path / "out"
    assert play("attendance", "export", out, "--json").document == {
        "marks": 1, "file": str(out / "marks.csv"),
    }  # fmt: skip
    merged = play("attendance", "merge", out, "--json").document
    assert (merged["ok"], merged["new"], merged["known"]) == (True, 0, 1)
    other = play("attendance", "export", tmp_path / "c2", "--class", "C2", "--json")
    assert other.document["marks"] == 0
    said = play("attendance", "export", out, lang="zh").out
    assert "已将 1 条考勤记录写入" in said
    play.refused(REFUSED, "no class C9", "attendance", "export", tmp_path / "no", "--class", "C9")
    file = tmp_path / "file"
    file.write_text("")
    play.refused(MISSING, "choose another place", "attendance", "export", file)


def test_a_class_goes_along_as_a_database_and_comes_home(
    play: Player, register: Register, tmp_path: Path
) -> None:
    """The roll is called there; merged twice it is one mark; the place is not used again."""
    away = tmp_path / "away"
    export = ("attendance", "export", away, "--database")
    play.refused(USAGE, "--class", *export)
    play.refused(REFUSED, "no class C9", *export, "--class", "C9")
    told = play(*export, "--class", "C1", "--json").document
    assert told == {"people": 3, "database": str(away / "office.db")}
    play.refused(REFUSED, "is there already", *export, "--class", "C1")
    laptop = Desk(f"sqlite:///{away / 'office.db'}", "teacher")
    home, play.url = play.url, laptop.url
    play("attendance", "mark", *SESSION, "P1", "present")
    play.url = home
    first = play("attendance", "merge", away, "--json").document
    again = play("attendance", "merge", away / "office.db", "--json").document
    assert [(one["new"], one["known"]) for one in (first, again)] == [(1, 0), (0, 1)]
    assert counts(play)["present"] == 1


def test_merging_is_refused_for_what_is_no_record(play: Player, tmp_path: Path) -> None:
    """An empty folder, nothing at all, an empty file, half a database: a sentence each."""
    (tmp_path / "empty").mkdir()
    blank, half = tmp_path / "blank.db", tmp_path / "half.db"
    blank.write_bytes(b"")
    half.write_bytes(Path(play.url.removeprefix("sqlite:///")).read_bytes()[:5000])
    merge = ("attendance", "merge")
    play.refused(REFUSED, "no marks.csv", *merge, tmp_path / "empty")
    play.refused(MISSING, "name a folder", *merge, tmp_path / "none")
    play.refused(REFUSED, "neither", *merge, blank)
    play.refused(REFUSED, "is damaged", *merge, half)
    assert play(*merge, half, "--json", code=REFUSED).out == ""


def test_a_conflict_is_listed_and_decided(play: Player, uid: str, tmp_path: Path) -> None:
    """Exit 0 and counted; both sides with who, when, where; the decision keeps one in force."""
    play("attendance", "mark", *SESSION, "P1", "present")
    there = marks(tmp_path / "there", f"theirs,{uid},P1,absent,laptop")
    assert "1 conflict is to be resolved" in play("attendance", "merge", there.parent).out
    (conflict,) = play("attendance", "conflicts", "--json").document["conflicts"]
    assert (conflict["person"], conflict["name"], conflict["class"]) == ("P1", "学员P1", "C1")
    assert {mark["status"] for mark in conflict["marks"]} == {"present", "absent"}
    said = play("attendance", "conflicts", "--class", "C1", lang="zh").out
    assert "暂以此为准" in said
    assert "旷课" in said
    assert play("attendance", "conflicts", "--class", "C2", "--json").document == {"conflicts": []}
    play.refused(REFUSED, "no class C9", "attendance", "conflicts", "--class", "C9")
    play.refused(REFUSED, "trainer attendance conflicts", "attendance", "resolve", "nothing")
    kept = play("attendance", "resolve", "theirs", "--note", "签到表为准", lang="zh").out
    assert "1 条" in kept
    assert counts(play)["absent"] == 1
    assert "没有冲突" in play("attendance", "conflicts", lang="zh").err
