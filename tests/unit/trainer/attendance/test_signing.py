"""Sign-in sheets for paper: everybody on them, leave named, the same bytes each time."""

from __future__ import annotations

from pathlib import Path

from tests.factories.registers import Register, day
from trainer.attendance.leave import Stretch, approve_leave, ask_leave
from trainer.attendance.sheet import Sheet, open_sheet
from trainer.attendance.signing import sheets_as_pdf, sheets_as_xlsx
from trainer.desk import Desk


def sheets(desk: Desk, register: Register, meeting: str) -> list[Sheet]:
    """Return two sheets of C1; P2 has leave on the first day."""
    with desk.writing() as work:
        leave = ask_leave(work, register.office, person="P2", stretch=Stretch(day(1), day(1)))
        work.session.flush()
        approve_leave(work, leave.id)
        work.commit()
    other = register.meeting("C1", day(2))
    with desk.reading() as session:
        return [open_sheet(session, register.office, uid) for uid in (meeting, other)]


def test_workbook_has_a_page_for_each_session(sqlite_url: str, tmp_path: Path) -> None:
    """Three people a page in boxes of their own; approved leave stands beside the name."""
    from python_calamine import CalamineWorkbook

    desk = Desk(sqlite_url, "clerk")
    register = Register(desk)
    register.people("P1", "P2", "P3")
    register.training("C1", ["P1", "P2", "P3"])
    found = sheets(desk, register, register.meeting("C1", day(1)))
    data = sheets_as_xlsx(found)
    assert data == sheets_as_xlsx(found)
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(data)
    book = CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == ["1", "2"]
    rows = book.get_sheet_by_name("1").to_python()
    assert [row[1] for row in rows[6:9]] == ["学员P1", "学员P2", "学员P3"]
    assert rows[7][4] == "(leave approved: on leave)"
    pdf = sheets_as_pdf(found)
    assert pdf.startswith(b"%PDF")
    assert pdf == sheets_as_pdf(found)
