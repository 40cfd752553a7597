"""Class life taken along and brought back; out to a dataset folder and in again."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest
from sqlmodel import select

from db.engine import open_engine
from db.tables import Course, DutyEntry, Mark, Room, TrainingSession
from tests.factories.classlife import FIRST
from trainer.attendance.carry import carry_classes
from trainer.attendance.record import record_mark
from trainer.classlife.branch import found_branch
from trainer.classlife.duty import plan_rota, read_duty_log, write_entry
from trainer.classlife.exits import approve_exit, ask_exit, overdue_exits
from trainer.classlife.facts import ClassFacts
from trainer.classlife.groups import groups_of, propose_groups, store_groups
from trainer.classlife.merge import bring_back, merge_class_life
from trainer.classlife.nights import open_evening, record_check
from trainer.classlife.page import read_page
from trainer.classlife.posts import Seat, appoint
from trainer.classlife.rooms import add_room, allocate_rooms, list_rooms, lodgers, place_person
from trainer.classlife.rules import rules_of
from trainer.dataset.export import export_dataset
from trainer.dataset.load import import_dataset
from trainer.desk import Desk
from trainer.errors import FileProblem, Refused
from trainer.office import Office

OFFICE = Office()


def live(desk: Desk, facts: ClassFacts) -> None:
    """Let everything happen that is kept."""
    with desk.writing() as work:
        store_groups(work, facts, propose_groups(work.session, facts, FIRST, count=2))
        found_branch(work, facts, rules_of(OFFICE))
        appoint(work, facts, Seat("branch", "书记"), "P1")
        plan_rota(work, facts)
        write_entry(work, facts, FIRST, "=一切正常", person="P2")
        allocate_rooms(work, facts, mode="together")
        record_check(work, facts, FIRST, {"P1": "in_room", "P2": "missing"}, note="电话联系")
        permit = ask_exit(
            work, facts, "P3",
            out_at=OFFICE.instant(FIRST, dt.time(18)), due_at=OFFICE.instant(FIRST, dt.time(21)),
        )  # fmt: skip
        work.session.flush()
        approve_exit(work, permit.id)
        work.commit()


def page(desk: Desk) -> object:
    with desk.reading() as session:
        now = OFFICE.instant(FIRST, dt.time(22))
        return read_page(session, "C1", today=FIRST, now=now).document()


def test_a_dataset_brings_all_of_it(desk: Desk, facts: ClassFacts, tmp_path: Path) -> None:
    """Exported, imported elsewhere and exported again it has the same bytes; twice is once."""
    live(desk, facts)
    export_dataset(desk, tmp_path / "one")
    other = Desk(f"sqlite:///{tmp_path / 'other.db'}", "clerk", desk.clock)
    assert import_dataset(other, tmp_path / "one").ok
    again = import_dataset(other, tmp_path / "one")
    assert (again.total("new"), again.total("changed")) == (0, 0)
    assert page(other) == page(desk)
    export_dataset(other, tmp_path / "two")
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert {"rooms.csv", "class_groups.csv", "exit_steps.csv", "night_checks.csv"} <= set(names)
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    open_engine(other.url).dispose()


def test_a_changed_record_is_refused(desk: Desk, facts: ClassFacts, tmp_path: Path) -> None:
    live(desk, facts)
    export_dataset(desk, tmp_path / "one")
    path = tmp_path / "one" / "duty_log.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("正常", "反常"), encoding="utf-8")
    (problem,) = import_dataset(desk, tmp_path / "one").problems
    assert "stored already and says something else" in str(problem)


@pytest.mark.parametrize("seed", range(3))
def test_several_laptops_in_any_order(
    desk: Desk, facts: ClassFacts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Three copies write apart; merged in any order, some twice, everything is there once."""
    live(desk, facts)
    copies = []
    for number in range(3):
        path = tmp_path / f"{number}" / "office.db"
        carry_classes(desk, path, ["C1"])
        away = Desk(f"sqlite:///{path}", "班主任", desk.clock)
        assert page(away) == page(desk)
        monkeypatch.setenv("TRAINER_DEVICE", f"laptop {number}")
        with away.writing() as work:
            write_entry(work, facts, FIRST, f"日志{number}")
            record_check(work, facts, FIRST, {"P4": ("in_room", "missing", "in_room")[number]})
            work.commit()
        copies.append(path)
    order = [*copies, copies[0], copies[2].parent]
    random.Random(seed).shuffle(order)  # noqa: S311 - a draw to be repeated
    assert sum(merge_class_life(desk, str(path)).count for path in order) == 6
    with desk.reading() as session:
        assert {one.text for one in read_duty_log(session, facts)} == {
            "=一切正常", "日志0", "日志1", "日志2",
        }  # fmt: skip
        lines = {line.person: line for line in open_evening(session, OFFICE, facts, FIRST).lines}
        assert lines["P4"].disagreed
        assert len(groups_of(session, "C1", FIRST)) == len(lodgers(session)) == 8
        assert [one.person for one in overdue_exits(session, OFFICE.instant(FIRST, dt.time(22)))]


def test_what_is_damaged_or_foreign_changes_nothing(
    desk: Desk, facts: ClassFacts, tmp_path: Path
) -> None:
    live(desk, facts)
    letter = tmp_path / "letter.db"
    letter.write_bytes(b"by no means a database" * 100)
    with pytest.raises(Refused, match="damaged"):
        merge_class_life(desk, str(letter))
    with pytest.raises(FileProblem, match="no database"):
        merge_class_life(desk, str(tmp_path / "none"))
    carry_classes(desk, tmp_path / "bag" / "office.db", ["C1"])
    away = Desk(f"sqlite:///{tmp_path / 'bag' / 'office.db'}", "x", desk.clock)
    with away.writing() as work:
        row = work.session.exec(select(DutyEntry)).one()
        row.text = "改过"
        work.commit()
    before = page(desk)
    (problem,) = merge_class_life(desk, str(tmp_path / "bag")).problems
    assert "says something else" in str(problem)
    assert page(desk) == before


def test_marks_and_class_life_come_home_together_or_not_at_all(
    desk: Desk, facts: ClassFacts, tmp_path: Path
) -> None:
    """A mark, an entry and a room of the field arrive; where the entry may not, nothing does."""
    _met(desk)
    live(desk, facts)
    path = tmp_path / "bag" / "office.db"
    carry_classes(desk, path, ["C1"])
    away = Desk(f"sqlite:///{path}", "班主任", desk.clock)
    with away.writing() as work:
        record_mark(work, session="S1", person="P1", status="present")
        write_entry(work, facts, FIRST, "换了房间")
        add_room(work, "F1", beds=2, name="农家院")
        work.session.flush()
        place_person(work, facts, "P1", "F1", bed=1)
        work.commit()
    with desk.writing() as work:
        work.session.get_one(Room, "R1").note = "本单位改过"
        work.commit()
    spoilt = tmp_path / "spoilt" / "office.db"
    spoilt.parent.mkdir()
    spoilt.write_bytes(path.read_bytes())
    with Desk(f"sqlite:///{spoilt}", "x", desk.clock).writing() as work:
        work.session.exec(select(DutyEntry).where(DutyEntry.text == "=一切正常")).one().text = "改"
        work.commit()

    before = page(desk)
    refused = bring_back(desk, str(spoilt))
    assert [problem.file for problem in refused.marks.problems] == ["office.db"]
    assert (refused.life, page(desk), _log(desk)) == (None, before, [])

    home = bring_back(desk, str(path))
    assert home.document()["class_life"]["new"] == {
        "rooms.csv": 1, "duty_log.csv": 1, "beds.csv": 1,
    }  # fmt: skip
    assert (home.marks.new, _log(desk)) == (1, ["P1"])
    with desk.reading() as session:
        rooms = {room.code: room.note for room in list_rooms(session)}
        assert rooms == {"F1": None, "R1": "本单位改过", "R2": None}
        assert {one.room for one in lodgers(session) if one.person == "P1"} == {"F1"}
    again = bring_back(desk, str(path))
    assert (again.marks.new, again.life and again.life.count) == (0, 0)


def _met(desk: Desk) -> None:
    with desk.writing() as work:
        work.session.add(Course(code="K1", title="课程", strand="theory"))
        work.session.flush()
        work.session.add(
            TrainingSession(
                uid="S1", class_code="C1", course="K1", seq=1, date=FIRST, period="AM", periods=1,
                start=OFFICE.instant(FIRST, dt.time(9)), end=OFFICE.instant(FIRST, dt.time(11)),
                venue="V1", status="planned",
            )
        )  # fmt: skip
        work.commit()


def _log(desk: Desk) -> list[str]:
    with desk.reading() as session:
        return [mark.person for mark in session.exec(select(Mark))]
