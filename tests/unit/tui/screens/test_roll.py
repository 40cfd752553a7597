"""Roll call: one key a person, stored at each key, undone, redone, filtered, never lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlmodel import select
from textual.pilot import Pilot

from db.tables import MarkState, Person, UnitGroup
from tests.factories.small_office import statuses, uid
from trainer.attendance.history import history_of
from trainer.attendance.record import record_mark
from trainer.desk import Desk
from trainer.errors import StorageError
from tui.app import TrainerApp
from tui.rollbook import Change
from tui.screens.leaving import LeavingScreen
from tui.screens.roll import RollScreen
from tui.widgets.roll_list import RollList

Settle = Callable[[Pilot[Any]], Awaitable[None]]
Shown = Callable[[TrainerApp], str]


async def call(pilot: Pilot[Any], settle: Settle, *keys: str) -> RollScreen:
    """Open the roll of the first session of today and press keys."""
    await settle(pilot)
    await pilot.press("enter")
    await settle(pilot)
    await pilot.press(*keys)
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, RollScreen)
    return screen


def at(screen: RollScreen) -> str | None:
    """Return the person under the cursor."""
    return screen.query_one("#roll", RollList).chosen


async def test_each_key_stores_a_status_and_goes_on(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """Letters and digits say the six statuses; each is in the database, each line says so."""
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await call(pilot, settle, "p", "2", "e", "4", "d", "6")
        assert shown(app).count(" stored") == 6
        assert "all 6 marked" in shown(app)
        assert at(screen) == "P06"
    assert statuses(small_office, "S1") == {
        "P01": "present", "P02": "late", "P03": "early",
        "P04": "leave", "P05": "duty", "P06": "absent",
    }  # fmt: skip


@pytest.mark.parametrize("key", ["P", "space", "1", "１"])
async def test_present_by_any_of_its_keys(
    app: TrainerApp, small_office: Desk, settle: Settle, key: str
) -> None:
    """Capitals, the space bar and full-width digits mean the same."""
    async with app.run_test(size=(80, 24)) as pilot:
        await call(pilot, settle, key)
    assert statuses(small_office, "S1") == {"P01": "present"}


async def test_a_correction_goes_back_to_the_next_unmarked(app: TrainerApp, settle: Settle) -> None:
    """After a correction further up the cursor is where the clerk was before."""
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await call(pilot, settle, "p", "p", "p", "up", "up", "l")
        assert at(screen) == "P04"
        assert screen.book.entries["P02"].status == "late"


async def test_undo_and_redo_are_stored(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """Undo goes back to no mark at all, or to the mark before; redo does it again."""
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        screen = await call(pilot, settle, "p", "a", "up", "l", "u")
        assert statuses(small_office, "S1") == {"P01": "present", "P02": "absent"}
        await pilot.press("u", "u")
        await settle(pilot)
        assert statuses(small_office, "S1") == {}
        assert at(screen) == "P01"
        await pilot.press("u")
        await settle(pilot)
        assert "nothing to take back" in shown(app)
        await pilot.press("r", "r", "r")
        await settle(pilot)
    assert statuses(small_office, "S1") == {"P01": "present", "P02": "late"}


async def test_the_rest_is_marked_at_once_leave_respected(
    app: TrainerApp, small_office: Desk, settle: Settle
) -> None:
    """M p marks all who are left present, but whoever has approved leave on leave; u undoes all."""
    async with app.run_test(size=(80, 24)) as pilot:
        await call(pilot, settle, "a", "m", "p")
        assert statuses(small_office, "S1") == {
            "P01": "absent", "P02": "present", "P03": "present",
            "P04": "present", "P05": "present", "P06": "leave",
        }  # fmt: skip
        await pilot.press("u")
        await settle(pilot)
    assert statuses(small_office, "S1") == {"P01": "absent"}


async def test_the_rest_keeps_what_another_device_has_marked(
    app: TrainerApp, small_office: Desk, settle: Settle
) -> None:
    """A mark that came from elsewhere meanwhile is kept, and shown afterwards."""
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await call(pilot, settle)
        with small_office.writing() as work:
            record_mark(work, session=uid("S1"), person="P05", status="late", device="other")
            work.commit()
        await pilot.press("m", "p")
        await settle(pilot)
        assert screen.book.entries["P05"].status == "late"
    assert statuses(small_office, "S1")["P05"] == "late"


@pytest.mark.parametrize("typed", ["wxm", "xiaoming", "王晓", "p01"])
async def test_the_filter_finds_by_name_and_pinyin(
    app: TrainerApp, small_office: Desk, settle: Settle, typed: str
) -> None:
    """Filter, Enter, mark, Esc: a latecomer in four strokes."""
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await call(pilot, settle, "slash", *typed, "enter")
        assert screen.query_one("#roll", RollList).row_count == 1
        await pilot.press("l", "escape")
        await settle(pilot)
        assert screen.query_one("#roll", RollList).row_count == 6
    assert statuses(small_office, "S1") == {"P01": "late"}


async def test_the_filter_knows_units_by_initials(app: TrainerApp, settle: Settle) -> None:
    """Sczj is 市财政局: three people."""
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await call(pilot, settle, "slash", *"sczj")
        assert screen.query_one("#roll", RollList).row_count == 3


async def test_a_failed_save_is_shown_and_not_lost(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The line says so, leaving asks first, and s stores it once the database is back."""
    keep = app.backroom.keep

    def refuse(_session: str, _change: Change) -> None:
        raise StorageError("the database is busy; try again")

    async with app.run_test(size=(80, 24)) as pilot:
        screen = await call(pilot, settle)
        monkeypatch.setattr(app.backroom, "keep", refuse)
        await pilot.press("p")
        await settle(pilot)
        assert "NOT stored" in shown(app)
        assert screen.unsaved == 1
        await pilot.press("ctrl+q")
        await settle(pilot)
        assert isinstance(app.screen, LeavingScreen)
        await pilot.press("escape")
        await settle(pilot)
        monkeypatch.setattr(app.backroom, "keep", keep)
        await pilot.press("s")
        await settle(pilot)
        assert screen.unsaved == 0
        assert "NOT stored" not in shown(app)
    assert statuses(small_office, "S1") == {"P01": "present"}


async def test_a_class_and_session_are_chosen_by_pinyin(app: TrainerApp, settle: Settle) -> None:
    """c, initials of the class, Enter; the session of today is under the cursor."""
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await call(pilot, settle)
        await pilot.press("c")
        await settle(pilot)
        await pilot.press(*"dwyx", "enter")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert screen.page is not None
        assert screen.page.session.uid == uid("S3")
        assert list(screen.book.entries) == ["P05", "P06", "P07", "P08"]


async def test_brackets_go_to_the_sessions_beside(app: TrainerApp, settle: Settle) -> None:
    """] and [ walk along the class's sessions; undo of each roll is kept."""
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await call(pilot, settle, "p", "right_square_bracket")
        assert screen.page is not None
        assert screen.page.session.uid == uid("S2")
        await pilot.press("left_square_bracket")
        await settle(pilot)
        assert screen.page.session.uid == uid("S1")
        await pilot.press("u")
        await settle(pilot)
        assert screen.book.entries["P01"].status is None


async def test_enter_marks_nobody(app: TrainerApp, small_office: Desk, settle: Settle) -> None:
    """A scanner or a slip of the finger says nothing about a person."""
    async with app.run_test(size=(80, 24)) as pilot:
        await call(pilot, settle, "enter", "enter")
    assert statuses(small_office, "S1") == {}


async def test_sixty_keys_pressed_at_once_are_all_stored(
    app: TrainerApp, small_office: Desk, settle: Settle
) -> None:
    """However fast the keys come, each is stored in its order."""
    async with app.run_test(size=(80, 24)) as pilot:
        await call(pilot, settle, *("p", "l", "a", "up", "up", "up") * 10)
        await settle(pilot)
    assert len(statuses(small_office, "S1")) == 6


async def test_minutes_and_times_are_typed(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """T 12 Enter is twelve minutes late; a time by the clock is turned into minutes."""
    async with app.run_test(size=(80, 24)) as pilot:
        await call(pilot, settle, "t", *"12", "enter")
        await pilot.press("t", *"0850")
        assert "late, 20 minutes" in shown(app)
        await pilot.press(
            "enter", "t", *"nonsense", "enter", "escape", "t", "minus", *"10", "enter"
        )
        await settle(pilot)
        assert "late 12'" in shown(app)
    assert _minutes(small_office) == {
        "P01": ("late", 12),
        "P02": ("late", 20),
        "P03": ("early", 10),
    }


async def test_a_paper_sheet_is_typed_by_numbers(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """Numbers that the sheet does not have are named and nothing is taken; u undoes all at once."""
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await call(pilot, settle)
        await pilot.press("n", *"2 9", "enter")
        assert "not on the sheet: 9" in shown(app)
        assert screen.book.counts()["unmarked"] == 6
        await pilot.press("backspace", *"4 l1:5 +", "enter")
        await settle(pilot)
        assert statuses(small_office, "S1") == {
            "P01": "late", "P02": "absent", "P03": "present",
            "P04": "absent", "P05": "present", "P06": "leave",
        }  # fmt: skip
        await pilot.press("u")
        await settle(pilot)
        assert statuses(small_office, "S1") == {}


async def test_the_history_of_a_mark_on_one_key(
    app: TrainerApp, settle: Settle, shown: Shown
) -> None:
    """H shows every event, which counts now, by whom; for nobody marked it says so."""
    async with app.run_test(size=(100, 30)) as pilot:
        await call(pilot, settle, "p", "up", "a", "up")
        await pilot.press("h")
        await settle(pilot)
        text = shown(app)
        assert "王晓明: everything recorded here" in text
        assert text.index("present") < text.index("counts now")
        assert "by clerk on" in text
        await pilot.press("escape", "down", "h")
        await settle(pilot)
        assert "nothing was ever recorded" in shown(app)


async def test_the_roll_of_one_unit_or_group(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """G chooses one; m then marks only those; the counts stay those of all."""
    with small_office.writing() as work:
        work.session.add(UnitGroup(code="G1", name="东片联盟", members=("U2",)))
        work.commit()
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await call(pilot, settle)
        await pilot.press("g")
        await settle(pilot)
        assert "3 of 3 unmarked" in shown(app)
        await pilot.press(*"dplm", "enter")
        await settle(pilot)
        assert screen.query_one("#roll", RollList).keys == ["P04", "P05", "P06"]
        assert "only 东片联盟: 3 people" in shown(app)
        await pilot.press("m")
        assert "Only those shown are meant" in shown(app)
        await pilot.press("p")
        await settle(pilot)
        assert "3 of 6 unmarked" in shown(app)
        await pilot.press("escape")
        assert screen.query_one("#roll", RollList).row_count == 6
    assert set(statuses(small_office, "S1")) == {"P04", "P05", "P06"}


async def test_a_guest_does_not_shift_the_numbers(
    app: TrainerApp, small_office: Desk, settle: Settle
) -> None:
    """Somebody of the first unit who came unexpected stands at the end, below the printed lines."""
    with small_office.writing() as work:
        work.session.add(Person(code="P00", name="一来宾", unit="U1"))
        work.session.flush()
        record_mark(work, session=uid("S1"), person="P00", status="present")
        work.commit()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await call(pilot, settle)
        assert list(screen.book.entries) == ["P01", "P02", "P03", "P04", "P05", "P06", "P00"]


async def test_a_key_redraws_two_lines(app: TrainerApp, settle: Settle) -> None:
    """One line is said anew and the cursor moves: the others are not drawn again."""
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await call(pilot, settle)
        drawn: list[str] = []
        listing = screen.query_one("#roll", RollList)
        cells = listing._cells_of

        def count(person: str) -> Any:
            drawn.append(person)
            return cells(person)

        listing._cells_of = count
        await pilot.press("p")
        await settle(pilot)
    assert set(drawn) == {"P01", "P02"}


def _minutes(desk: Desk) -> dict[str, tuple[str, int | None]]:
    with desk.reading() as session:
        rows = session.exec(select(MarkState).where(MarkState.session == uid("S1")))
        return {row.person: (row.status, row.minutes) for row in rows}


async def test_leaving_early_keeps_what_was_said_of_the_coming(
    app: TrainerApp, small_office: Desk, settle: Settle, shown: Shown
) -> None:
    """12 late and 20 early of 08:30 to 10:10: late, 32 minutes, 08:42-09:50; u goes back to 12."""
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await call(pilot, settle, "t", "1", "2", "enter")
        await pilot.press("home", "o", "2", "0")
        await pilot.pause()
        assert "left at 09:50" in shown(app)
        assert "came 12 minutes late" in shown(app)
        await pilot.press("enter")
        await settle(pilot)
        assert screen.book.entries["P01"].said == ("late", 32)
        assert "08:42-09:50" in shown(app)
        await pilot.press("home", "o", *"1005", "enter")
        await settle(pilot)
        assert screen.book.entries["P01"].said == ("late", 17)
        await pilot.press("u", "u")
        await settle(pilot)
        assert "late 12'" in shown(app)
        assert "09:50" not in shown(app)
        # whoever was not marked yet has left early, and was there
        await pilot.press("home", "down", "o", *"0940", "enter")
        await settle(pilot)
    with small_office.reading() as session:
        rows = session.exec(select(MarkState).where(MarkState.session == uid("S1"))).all()
        assert {row.person: (row.status, row.minutes) for row in rows} == {
            "P01": ("late", 12), "P02": ("early", 30),
        }  # fmt: skip
        notes = [event.note for event in history_of(session, uid("S1"), "P02")]
    assert notes == ["-09:40"]
