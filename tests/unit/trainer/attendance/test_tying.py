"""Guests who turn out to be somebody: tied, untied, and the same wherever it is done."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from sqlmodel import select

from db.tables import Mark, MarkState
from tests.factories.registers import Register, day
from trainer.attendance.batches import list_batches, undo_batch
from trainer.attendance.closing import SessionClosed, close_sessions, reopen_sessions
from trainer.attendance.corrections import approve_correction, list_corrections
from trainer.attendance.guests import add_guest
from trainer.attendance.incoming import merge_marks
from trainer.attendance.record import record_mark
from trainer.attendance.tying import list_guests, tie_guest, untie_guest
from trainer.attendance.untying import untie_or_propose
from trainer.desk import Desk
from trainer.errors import NotAllowed, Refused

HEADER = "id,session,person,status,minutes,at,by,device,counter,replaces,note"


def meet(desk: Desk, *marks: tuple[str, str]) -> str:
    """Add a guest with marks at sessions, and return the guest's code."""
    with desk.writing() as work:
        guest = add_guest(work, name="路过的老乡").code
        work.session.flush()
        for uid, status in marks:
            record_mark(work, session=uid, person=guest, status=status, minutes=None)
        work.commit()
    return guest


def tie(desk: Desk, guest: str, person: str) -> int:
    """Tie a guest in a work of its own."""
    with desk.writing() as work:
        count = tie_guest(work, guest=guest, person=person)
        work.commit()
    return count


def untie(desk: Desk, guest: str) -> int:
    """Untie a guest in a work of its own."""
    with desk.writing() as work:
        count = untie_guest(work, guest=guest)
        work.commit()
    return count


def states(desk: Desk) -> dict[tuple[str, str], tuple[str, bool]]:
    """Return what counts for each session and person, and whether devices disagree."""
    with desk.reading() as session:
        found = session.exec(select(MarkState))
        return {(one.session, one.person): (one.status, one.conflict) for one in found}


def ids(desk: Desk) -> set[str]:
    """Return the id of every event."""
    with desk.reading() as session:
        return set(session.exec(select(Mark.id)))


def tied(desk: Desk) -> list[tuple[int, str | None]]:
    """Return of each guest at how many sessions marks stand, and who the guest is."""
    with desk.reading() as session:
        return [(guest.sessions, guest.person) for guest in list_guests(session)]


def test_a_guest_is_tied_and_untied_as_often_as_one_likes(desk: Desk, register: Register) -> None:
    """Two sessions become P1's and the guest's again, twice over; no event disappears."""
    one, two = (register.meeting("C1", day(number)) for number in (1, 2))
    guest = meet(desk, (one, "present"), (two, "late"))
    as_guest = {(one, guest): ("present", False), (two, guest): ("late", False)}
    as_person = {(one, "P1"): ("present", False), (two, "P1"): ("late", False)}
    assert (states(desk), tied(desk)) == (as_guest, [(2, None)])
    for _turn in range(2):
        before = ids(desk)
        assert tie(desk, guest, "P1") == 2
        assert (states(desk), tied(desk)) == (as_person, [(0, "P1")])
        assert untie(desk, guest) == 2
        assert (states(desk), tied(desk)) == (as_guest, [(2, None)])
        assert before < ids(desk)


def test_what_the_roll_says_otherwise_is_a_conflict(desk: Desk, meeting: str) -> None:
    """P1 was called absent on the device that met the guest: somebody decides, both are kept."""
    guest = meet(desk, (meeting, "present"))
    with desk.writing() as work:
        record_mark(work, session=meeting, person="P1", status="absent")
        work.commit()
    tie(desk, guest, "P1")
    assert states(desk)[meeting, "P1"][1]
    untie(desk, guest)
    assert states(desk) == {
        (meeting, "P1"): ("absent", False),
        (meeting, guest): ("present", False),
    }


def test_a_correction_made_since_stays(desk: Desk, meeting: str) -> None:
    """Untied, the guest was present again, and P1 keeps what was said of P1 alone."""
    guest = meet(desk, (meeting, "present"))
    tie(desk, guest, "P1")
    with desk.writing() as work:
        record_mark(work, session=meeting, person="P1", status="leave")
        work.commit()
    untie(desk, guest)
    assert states(desk) == {(meeting, "P1"): ("leave", False), (meeting, guest): ("present", False)}


def test_what_arrives_of_a_tied_guest_later_is_said_of_the_person(
    desk: Desk, register: Register, tmp_path: Path
) -> None:
    """A laptop comes back after the guest was tied: its mark is P1's; again changes nothing."""
    one, two = (register.meeting("C1", day(number)) for number in (1, 2))
    guest = meet(desk, (one, "present"))
    tie(desk, guest, "P1")
    at = dt.datetime(2023, 2, 2, 9, tzinfo=dt.UTC).isoformat()
    file = tmp_path / "marks.csv"
    file.write_text(f"{HEADER}\nx,{two},{guest},late,5,{at},李,laptop,1,,\n", encoding="utf-8")
    assert merge_marks(desk, str(file)).new == 1
    wanted = {(one, "P1"): ("present", False), (two, "P1"): ("late", False)}
    assert states(desk) == wanted
    merge_marks(desk, str(file))
    assert states(desk) == wanted
    untie(desk, guest)
    assert set(states(desk)) == {(one, guest), (two, guest)}


def test_an_import_that_brought_a_tied_guest_is_undone_and_comes_back(
    desk: Desk, meeting: str, tmp_path: Path
) -> None:
    """Undone, nobody is marked; imported again, it is P1 as before; untied, the guest once more."""
    guest = meet(desk)
    at = dt.datetime(2023, 2, 2, 9, tzinfo=dt.UTC).isoformat()
    file = tmp_path / "marks.csv"
    file.write_text(f"{HEADER}\nx,{meeting},{guest},late,5,{at},李,laptop,1,,\n", encoding="utf-8")

    def there_and_back(whose: str) -> None:
        assert states(desk) == {(meeting, whose): ("late", False)}
        with desk.reading() as session:
            last = max(batch.number for batch in list_batches(session) if batch.kind != "undo")
        with desk.writing() as work:
            undo_batch(work, last)
            work.commit()
        assert states(desk) == {}
        merge_marks(desk, str(file))
        assert states(desk) == {(meeting, whose): ("late", False)}

    merge_marks(desk, str(file))
    there_and_back(guest)
    tie(desk, guest, "P1")
    there_and_back("P1")
    untie(desk, guest)
    there_and_back(guest)


def test_two_offices_that_tie_the_same_guest_agree(desk: Desk, meeting: str) -> None:
    """What is said again has the same id and facts wherever it is said: nothing to disagree on."""
    guest = meet(desk, (meeting, "present"))

    def said() -> list[dict[str, object]]:
        with desk.writing() as work:
            tie_guest(work, guest=guest, person="P1", device="any")
            work.session.flush()
            query = select(Mark).where(Mark.person == "P1")
            return [row.model_dump() for row in work.session.exec(query)]

    here, there = said(), said()
    assert here == there
    assert len(here) == 1


def test_who_cannot_be_tied_is_told_why(desk: Desk, meeting: str) -> None:
    """Nobody's guest, a guest to a guest, no marks, twice to two, a closed roll."""
    guest, other = meet(desk, (meeting, "present")), meet(desk)
    for args, words in (
        (("P2", "P1"), "P2 is no guest"),
        ((guest, other), "is a guest as well"),
        ((guest, "P99"), "no person P99"),
        ((other, "P1"), "nothing is recorded"),
    ):
        with pytest.raises(Refused, match=words):
            tie(desk, *args)
    with pytest.raises(Refused, match="tied to nobody"):
        untie(desk, guest)
    tie(desk, guest, "P1")
    with pytest.raises(Refused, match="is tied to P1"):
        tie(desk, guest, "P2")
    with desk.writing() as work:
        close_sessions(work, [meeting])
        work.commit()
    with pytest.raises(SessionClosed):
        untie(desk, guest)


def test_untying_at_closed_rolls_goes_by_a_second_person(
    desk: Desk, register: Register, meeting: str
) -> None:
    """Late at an open roll comes back at once; present at a closed one is proposed, and decided.

    P1's own mark of another device stays; the proposer cannot approve, and asking again proposes
    nothing more. What was given back has its instant, author and minutes.
    """
    later = register.meeting("C1", day(2))
    guest = meet(desk, (meeting, "present"), (later, "late"))
    with desk.writing() as work:
        record_mark(work, session=meeting, person="P1", status="present", device="tablet")
        work.commit()
    tie(desk, guest, "P1")
    with desk.writing() as work:
        close_sessions(work, [meeting])
        work.commit()
    with desk.writing() as work, pytest.raises(SessionClosed):
        untie_or_propose(work, guest=guest, reason=" ")
    for wanted in ((1, 1), (0, 0)):
        with desk.writing() as work:
            untied = untie_or_propose(work, guest=guest, reason="认错了人")
            assert (untied.sessions, len(untied.proposals)) == wanted
            work.commit()
    assert states(desk)[later, guest] == ("late", False)
    assert (meeting, guest) not in states(desk)
    with desk.reading() as session:
        (proposal,) = list_corrections(session)
        said = select(Mark).where(
            Mark.session == meeting, Mark.person == guest, Mark.status == "present"
        )
        first = session.exec(said).one()
    row = proposal.correction
    assert (row.person, row.status, row.reason) == (guest, "present", f"P1 → {guest}: 认错了人")
    with desk.writing() as work, pytest.raises(NotAllowed):
        approve_correction(work, row.id)
    other = dataclasses.replace(desk, actor="主任")
    with other.writing() as work:
        mark = work.session.get_one(Mark, approve_correction(work, row.id).mark)
        work.commit()
    assert (mark.person, mark.at, mark.by) == (guest, first.at, first.by)
    assert states(desk)[meeting, guest] == ("present", False)
    assert states(desk)[meeting, "P1"] == ("present", False)
    assert tied(desk) == [(2, None)]


def test_a_proposal_to_untie_that_was_overtaken_is_not_approved(desk: Desk, meeting: str) -> None:
    """The roll was opened and the guest untied meanwhile: refused, and nothing is said twice."""
    guest = meet(desk, (meeting, "present"))
    tie(desk, guest, "P1")
    with desk.writing() as work:
        close_sessions(work, [meeting])
        (row,) = untie_or_propose(work, guest=guest, reason="认错了人").proposals
        work.commit()
    other = dataclasses.replace(desk, actor="主任")
    with other.writing() as work:
        reopen_sessions(work, [meeting], reason="更正")
        work.commit()
    untie(desk, guest)
    tie(desk, guest, "P2")
    before = ids(desk)
    with other.writing() as work, pytest.raises(Refused, match="not said of anybody any more"):
        approve_correction(work, row.id)
    assert ids(desk) == before
