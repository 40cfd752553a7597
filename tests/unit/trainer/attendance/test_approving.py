"""Leave goes up the ladder step by step, each by another person (LV-4)."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from sqlmodel import select

from db.tables import AuditEntry, Leave, LeaveStep, OfficeSettings
from tests.factories.registers import Register, day
from trainer.attendance.approving import approve_step
from trainer.attendance.carry import carry_classes
from trainer.attendance.incoming import merge_marks
from trainer.attendance.leave import Stretch, ask_leave, cancel_leave
from trainer.attendance.outgoing import export_marks
from trainer.dataset.export import export_dataset
from trainer.dataset.load import import_dataset
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.office import Office
from trainer.phrases import set_language, text_of

HALF_A_DAY = Stretch(day(1), day(1), "AM1", "AM4")
TWO_DAYS = Stretch(day(1), day(2))


def ask(desk: Desk, stretch: Stretch = TWO_DAYS) -> str:
    """Ask for leave of P1 from C1 and return its id."""
    with desk.writing() as work:
        row = ask_leave(work, desk.office(), person="P1", class_code="C1", stretch=stretch)
        work.session.flush()
        id_ = row.id
        work.commit()
    return id_


def give(
    desk: Desk, leave: str, by: str, step: str | None = None, override: str | None = None
) -> str | None:
    """Give a step; return the state of the request."""
    with desk.writing(override) as work:
        row = approve_step(work, desk.office(), leave, by=by, step=step, override=override)
        work.commit()
        return row.status


def steps(desk: Desk) -> list[tuple[str, str | None, str | None]]:
    """Return step, approver and reason of all that was given, in the order of steps' names."""
    with desk.reading() as session:
        rows = session.exec(select(LeaveStep)).all()
        return sorted((row.step, row.approver, row.reason) for row in rows)


def level(desk: Desk, word: str) -> None:
    """Set the level of LV-4."""
    document = Office.model_validate({"levels": {"LV-4": word}}).document()
    with desk.writing() as work:
        work.session.merge(OfficeSettings(id=1, document=document))
        work.commit()


def test_a_ladder_that_has_become_shorter_holds_nobody_up(desk: Desk, meeting: str) -> None:
    """Two of three steps are given when the office does without the third."""
    leave = ask(desk)
    assert [give(desk, leave, by) for by in ("班主任", "教务科")] == ["requested", "requested"]
    ladder = [{"by": "teaching_office"}]
    document = Office.model_validate({"policies": {"attendance": {"ladder": ladder}}}).document()
    with desk.writing() as work:
        work.session.merge(OfficeSettings(id=1, document=document))
        work.commit()
    assert give(desk, leave, "教务科") == "approved"


def test_the_length_says_how_many_have_to_approve(desk: Desk, meeting: str) -> None:
    """Half a day: the head teacher. Two days: teaching office and vice principal as well."""
    assert give(desk, ask(desk, HALF_A_DAY), "班主任") == "approved"
    leave = ask(desk)
    states = [give(desk, leave, by) for by in ("班主任", "教务科", "副校长")]
    assert states == ["requested", "requested", "approved"]
    with desk.reading() as session:
        row = session.get_one(Leave, leave)
        assert (row.approved_by, row.version) == ("副校长", 2)
        given = session.exec(select(LeaveStep).where(LeaveStep.leave == leave)).all()
        days = {(one.by, one.at.astimezone(desk.office().zone).date()) for one in given}
        assert days == {("clerk", day(1, 3))}
    with pytest.raises(Refused, match="is approved"):
        give(desk, leave, "部长")


def test_what_is_out_of_order_is_refused_and_changes_nothing(desk: Desk, meeting: str) -> None:
    """A later step, one that was given, one that is not needed, and one person twice."""
    leave = ask(desk)
    with pytest.raises(Refused, match="is the head teacher, not the vice principal") as caught:
        give(desk, leave, "副校长", "vice_principal")
    set_language("zh")
    with pytest.raises(Refused) as caught:
        give(desk, leave, "副校长", "vice_principal")
    assert "的下一审批环节是班主任，不是" in text_of(caught.value)
    set_language("en")
    give(desk, leave, "班主任")
    with pytest.raises(Refused, match="already; the next step is the teaching office"):
        give(desk, leave, "别人", "head_teacher", "again")
    with pytest.raises(UsageError, match="needs no approval by “the organisation department”"):
        give(desk, leave, "部长", "organisation_department")
    with pytest.raises(Refused, match=r"班主任 has approved .* as the head teacher; the next step"):
        give(desk, leave, "班主任")
    assert steps(desk) == [("head_teacher", "班主任", None)]


def test_a_reason_overrules_and_is_kept(desk: Desk, meeting: str) -> None:
    """The vice principal first, and twice the same person: each with its reason in the trail."""
    leave = ask(desk)
    assert give(desk, leave, "副校长", "vice_principal", "急病") == "requested"
    assert give(desk, leave, "班主任") == "requested"
    assert give(desk, leave, "班主任", None, "代教务科") == "approved"
    assert steps(desk) == [
        ("head_teacher", "班主任", None),
        ("teaching_office", "班主任", "代教务科"),
        ("vice_principal", "副校长", "急病"),
    ]
    with desk.reading() as session:
        trail = session.exec(select(AuditEntry).where(AuditEntry.action == "override")).all()
        assert [(one.entity, one.key) for one in trail] == [("leave_request", leave)] * 2


@pytest.mark.parametrize(("word", "wanted"), [("report", "requested"), ("off", "approved")])
def test_the_level_says_how_strict_it_is(desk: Desk, meeting: str, word: str, wanted: str) -> None:
    """Block: no reason helps. Report: none is needed. Off: one approval, whoever gives it."""
    level(desk, "block")
    leave = ask(desk)
    with pytest.raises(Refused):
        give(desk, leave, "副校长", "vice_principal", "急病")
    level(desk, word)
    assert give(desk, leave, "副校长", "vice_principal") == wanted


def test_steps_given_on_two_machines_meet(
    desk: Desk, register: Register, meeting: str, tmp_path: Path
) -> None:
    """The head teacher on the laptop, the office here: approved when they meet; twice is once.

    A folder brings them as a database does, and a cancelled request stays cancelled.
    """
    one_day = Stretch(day(1), day(1))
    leave, cancelled = ask(desk, one_day), ask(desk, Stretch(day(2), day(2)))
    carry_classes(desk, tmp_path / "away.db", ["C1"])
    laptop = dataclasses.replace(desk, url=f"sqlite:///{tmp_path / 'away.db'}")
    for each in (leave, cancelled):
        give(laptop, each, "班主任")
        give(desk, each, "教务科", "teaching_office", "班主任在外")
    with desk.writing() as work:
        cancel_leave(work, cancelled)
        work.commit()
    export_marks(laptop, tmp_path / "folder")
    sources = [str(tmp_path / "away.db"), str(tmp_path / "folder")]
    for source in (*sources, *sources):
        assert not merge_marks(desk, source).problems
        with desk.reading() as session:
            row = session.get_one(Leave, leave)
            assert (row.status, row.approved_by) == ("approved", "教务科")
            assert session.get_one(Leave, cancelled).status == "cancelled"
        assert len(steps(desk)) == 4


def test_a_dataset_keeps_the_steps_and_needs_none(desk: Desk, meeting: str, tmp_path: Path) -> None:
    """Exported, imported and exported again the bytes are the same; what was approved stays so."""
    leave = ask(desk)
    give(desk, leave, "班主任")
    export_dataset(desk, tmp_path / "one")
    other = Desk(f"sqlite:///{tmp_path / 'other.db'}", "clerk", desk.clock)
    assert import_dataset(other, tmp_path / "one").ok
    export_dataset(other, tmp_path / "two")
    for name in ("leaves.csv", "leave_steps.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert give(other, leave, "教务科") == "requested"
    (tmp_path / "three").mkdir()
    (tmp_path / "three" / "leaves.csv").write_text(
        "id,person,class,date_from,date_to,status,approved_by\n"
        "L1,P1,C1,2023-02-06,2023-02-10,approved,部长\n",
        encoding="utf-8",
    )
    assert import_dataset(other, tmp_path / "three").ok
    with other.reading() as session:
        assert session.get_one(Leave, "L1").status == "approved"
