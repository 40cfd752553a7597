"""Nobody passes the ladder (LV-4) twice, by another name, for himself, or by a file."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from db.tables import Leave, LeaveStep, OfficeSettings, Person, Teacher, TrainingClass
from tests.factories.registers import Register, day
from trainer.attendance.alerts import find_alerts
from trainer.attendance.approvers import doubts_about
from trainer.attendance.approving import approve_step, steps_given
from trainer.attendance.carry import carry_classes
from trainer.attendance.incoming import Arrival, merge_marks
from trainer.attendance.leave import Stretch, ask_leave
from trainer.clock import Clock
from trainer.dataset.load import import_dataset
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.office import Office
from trainer.phrases import text_of

HEAD = (
    "id,person,class,date_from,period_from,date_to,period_to,time_from,time_to,status,approved_by\n"
)
STEPS = "id,leave,step,approver,reason,at,by\n"


@pytest.fixture
def desk(sqlite_url: str) -> Desk:
    """A desk at a fresh database; its clock stands on 1 March 2023."""
    return Desk(sqlite_url, "clerk", Clock(fixed=dt.date(2023, 3, 1)))


@pytest.fixture
def office(register: Register, meeting: str, desk: Desk) -> Desk:
    """The office with P2 as head teacher, P3 as a teacher T3, and two of the same name."""
    with desk.writing() as work:
        work.session.get_one(TrainingClass, "C1").head_teacher = "P2"
        work.session.add(Teacher(code="T3", name="学员P3", person="P3"))
        work.session.add(Teacher(code="T4", name="外请教师"))
        for code in ("D1", "D2"):
            work.session.add(Person(code=code, name="王伟"))
        work.commit()
    return desk


def ask(desk: Desk, days: int = 2) -> str:
    """Ask for leave of P1 from C1 and return its id."""
    with desk.writing() as work:
        stretch = Stretch(day(1), day(days))
        row = ask_leave(work, desk.office(), person="P1", class_code="C1", stretch=stretch)
        work.session.flush()
        id_ = row.id
        work.commit()
    return id_


def give(desk: Desk, leave: str, by: str, **more: Any) -> str | None:
    """Give a step; return the state of the request."""
    with desk.writing() as work:
        row = approve_step(work, desk.office(), leave, by=by, **more)
        work.commit()
        return row.status


def settle(desk: Desk, **rules: Any) -> None:
    """Put rules of attendance in force."""
    document = Office(policies={"attendance": rules}).document()
    with desk.writing() as work:
        work.session.merge(OfficeSettings(id=1, document=document))
        work.commit()


def lacking(desk: Desk) -> list[str]:
    """Return what the alerts say of leave that is approved without its steps."""
    return [one.message.text("en") for one in find_alerts(desk) if one.kind == "leave_steps"]


def folder(path: Path, leaves: str, steps: str = "") -> Path:
    """Write leave and its steps into a folder."""
    path.mkdir()
    (path / "leaves.csv").write_text(HEAD + leaves, encoding="utf-8")
    if steps:
        (path / "leave_steps.csv").write_text(STEPS + steps, encoding="utf-8")
    return path


def merged(desk: Desk, path: Path) -> Arrival:
    """Merge a folder that has no marks."""
    (path / "marks.csv").write_text("id,session,person,status,at\n", encoding="utf-8")
    return merge_marks(desk, str(path))


def test_one_person_by_two_names_is_one(office: Desk) -> None:
    """A code and a name, large and small letters, a teacher and the person; two people are two."""
    twice = [
        ("P2", "学员P2"), ("学员P2", " p2 "), ("T3", "P3"), ("Ｌi", "lI"), ("王伟", "D2"),
        ("T4", "外请教师"),
    ]  # fmt: skip
    for days, (first, again) in enumerate(twice, start=2):
        leave = ask(office, days)
        give(office, leave, first)
        with pytest.raises(Refused, match="another person's"):
            give(office, leave, again)
    assert give(office, leave, "别人") == "requested"


def test_nobody_approves_leave_of_his_own(office: Desk) -> None:
    """Neither by code nor by name; with a reason it is kept."""
    leave = ask(office)
    for own in ("P1", "学员P1"):
        with pytest.raises(Refused, match="cannot approve it") as caught:
            give(office, leave, own)
    assert "不能由本人批准" in text_of(caught.value, "zh")
    assert give(office, leave, "P1", override="只有他在") == "requested"


def test_the_office_states_who_may_give_a_step(office: Desk) -> None:
    """By code or name; a step of which nothing is stated is anybody's; the setting is checked."""
    settle(office, approvers={"head_teacher": ["P2"], "teaching_office": ["王伟"]})
    leave = ask(office, 1)
    with pytest.raises(Refused, match=r"not among those .* for the head teacher \(P2\)"):
        give(office, leave, "P3")
    give(office, leave, "学员P2")
    assert give(office, leave, "D1") == "approved"
    settle(office, approvers={"head_teacher": "P2"})
    with pytest.raises(UsageError, match=r"policies\.attendance\.approvers"):
        give(office, ask(office), "P3")


def test_an_approver_whom_nobody_knows_is_told(office: Desk) -> None:
    """Where the office states nobody, it is said and not refused."""
    leave = ask(office)
    with office.reading() as session:
        row = session.get_one(Leave, leave)
        for by, step, wanted in (
            ("P2", "head_teacher", None),
            ("P3", "head_teacher", "the head teacher of C1 is P2, not P3"),
            ("某人", "head_teacher", "某人 is neither in the roster nor among the teachers"),
            ("T4", "teaching_office", None),
            (None, "teaching_office", "- is neither in the roster nor among the teachers"),
        ):
            found = doubts_about(session, office.office(), row, step, by)
            stated = Office(policies={"attendance": {"approvers": {step: ["某人"]}}})
            assert doubts_about(session, stated, row, step, by) is None
            assert (found is None) == (wanted is None)
            if found is not None and wanted is not None:
                assert found.text("en").startswith(wanted)
                assert "请核对批准人" in found.text("zh")


def test_two_machines_do_not_make_one_person_two(office: Desk, tmp_path: Path) -> None:
    """P2 gives one step on the laptop and the other here: the second waits for somebody else."""
    leave = ask(office, 1)
    carry_classes(office, tmp_path / "away.db", ["C1"])
    laptop = dataclasses.replace(office, url=f"sqlite:///{tmp_path / 'away.db'}")
    give(laptop, leave, "P2")
    with office.writing() as work:
        # as a file that somebody made by hand would have it
        step = LeaveStep(
            id="S", leave=leave, step="teaching_office", approver="学员P2", at=work.now, by="x"
        )
        work.session.add(step)
        work.commit()
    assert not merge_marks(office, str(tmp_path / "away.db")).problems
    with office.reading() as session:
        assert session.get_one(Leave, leave).status == "requested"
        assert len(steps_given(session, [leave])[leave]) == 2
    assert give(office, leave, "P3") == "approved"
    assert lacking(office) == []


def test_leave_that_a_file_calls_approved_is_listed(office: Desk, tmp_path: Path) -> None:
    """Half a day needs one, and whoever approved it did; two days lack two steps, given since.

    With the level off nothing is listed.
    """
    half = "H,P1,C1,2023-02-01,AM1,2023-02-01,AM4,,,approved,P2\n"
    long = "L,P1,C1,2023-02-06,,2023-02-07,,,,approved,D1\n"
    nobody = "N,P1,C1,2023-02-09,AM1,2023-02-09,AM4,,,approved,\n"
    assert import_dataset(office, folder(tmp_path / "in", half + long + nobody)).ok
    assert [
        text.split(":")[0].removeprefix("the leave of P1 from ") for text in lacking(office)
    ] == [
        "2023-02-06 to 2023-02-07 is approved without the head teacher, the teaching office",
        "2023-02-09 to 2023-02-09 is approved without the head teacher",
    ]
    for by in ("P2", "P3"):
        assert give(office, "L", by) == "approved"
    with pytest.raises(Refused, match="is approved"):
        give(office, "L", "T4")
    with pytest.raises(Refused, match="is approved"):
        give(office, "H", "T4")
    assert len(lacking(office)) == 1
    with office.writing() as work:
        document = Office(levels={"LV-4": "off"}).document()
        work.session.merge(OfficeSettings(id=1, document=document))
        work.commit()
    assert lacking(office) == []


def test_leave_that_somebody_approved_keeps_its_length(office: Desk, tmp_path: Path) -> None:
    """Neither an import nor a merge makes it longer; what is for another time is told."""
    leave = ask(office, 1)
    give(office, leave, "P2")
    longer = f"{leave},P1,C1,2023-02-01,,2023-02-10,,,,approved,P2\n"
    outcome = import_dataset(office, folder(tmp_path / "in", longer))
    (problem,) = outcome.problems
    assert (problem.row, problem.column) == (2, "date_to")
    assert "somebody approved the leave" in problem.message.text("en")
    assert "已有人审批" in problem.message.text("zh")
    arrival = merged(office, folder(tmp_path / "away", longer))
    assert (arrival.leaves, arrival.leaves_differ) == (0, (leave,))
    with office.reading() as session:
        row = session.get_one(Leave, leave)
        assert (row.status, row.date_to) == ("requested", day(1))


def test_ends_of_leave_by_period_and_by_time_are_held_together(
    office: Desk, tmp_path: Path
) -> None:
    """AM2 is from 09:25 to 10:10, AM3 begins at 10:20; an import and a merge say the same."""
    wanted = [
        ("AM3,2023-02-01,,,09:00", "time_to", "time_to does not come after period_from"),
        (",2023-02-01,AM2,10:10,", "period_to", "period_to does not come after time_from"),
        (",2023-02-01,,,00:00", "time_to", "time_to does not come after date_from"),
        ("AM2,2023-02-01,AM1,,", "period_to", "period_to lies before period_from"),
        ("AM1,2023-02-01,,09:00,10:00", "time_from", "there are a period and a time"),
    ]
    good = ["AM3,2023-02-02,,,09:00", "AM3,2023-02-01,,,10:21"]
    rows = [*(ends for ends, _place, _words in wanted), *good]
    lines = (f"L{number},P1,C1,2023-02-01,{ends},requested,\n" for number, ends in enumerate(rows))
    path = folder(tmp_path / "in", "".join(lines))
    for found in (
        import_dataset(office, path, dry_run=True).problems,
        merged(office, path).problems,
    ):
        assert [(one.row, one.column, one.message.text("en")) for one in found] == [
            (row, place, words) for row, (_ends, place, words) in enumerate(wanted, start=2)
        ]
