"""The rooms of a class: who sleeps where, given anew or by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import BindingType

from trainer.phrases import mark, say, say_n
from tui import classacts
from tui.classbook import BedsPage, RoomLine, read_beds
from tui.keys import bind
from tui.screens.asking import LinePrompt
from tui.screens.chooser import Choice
from tui.screens.classpart import BACK, UNDO, ClassPart
from tui.widgets.cells import fit

if TYPE_CHECKING:
    from trainer.classlife.allocation import Mode
    from trainer.classlife.facts import Gender
    from trainer.classlife.rooms import Lodger
    from tui.backroom import Backroom
    from tui.widgets.listing import Listing

_NONE = "-"
#: For whom a room is, as forms write it.
_GENDERS: dict[Gender, str] = {"m": "男", "f": "女"}


@dataclass(frozen=True, slots=True)
class NewRoom:
    """A room as somebody typed it."""

    code: str
    beds: int
    gender: str | None


class BedsScreen(ClassPart):
    """Members by room and bed, those without a bed first."""

    side = mark("Rooms")
    WORDS = (
        mark("Who of the class sleeps in which room, those without a bed first. p gives beds anew: "
             "colleagues together or apart, at all places or at one; nobody who was placed by hand "
             "is moved, and men and women never share a room."),
        mark("Enter puts the person under the cursor into a room by hand, or out of all. A room "
             "that is for the other gender asks for the reason, which is kept. n adds a room, or "
             "changes one of the same number: 201 2 女. u takes a placing by hand back."),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("beds.place", "enter,b", "place", mark("Room"),
             mark("Put the person into a room by hand"), show=True),
        bind("beds.allocate", "p", "allocate", mark("Give beds"),
             mark("Give everybody beds anew"), show=True),
        bind("beds.add", "n", "add", mark("New room"), mark("Add a room, or change one"),
             show=True),
        UNDO,
        BACK,
    ]  # fmt: skip

    @property
    def _beds(self) -> BedsPage:
        beds: BedsPage = self.data
        return beds

    def ask(self, backroom: Backroom) -> BedsPage:
        """Read the beds of the class."""
        return read_beds(backroom, self.code)

    def summary(self) -> str:
        """Return how many have a bed and how many are free."""
        beds = self._beds
        return say(
            "with a bed: {placed}, without: {without}, beds free: {free}",
            placed=len(beds.lodgers),
            without=len(beds.without),
            free=sum(room.free for room in beds.rooms),
        )

    def fill(self, listing: Listing) -> None:
        """List those without a bed, then everybody by room and bed."""
        beds = self._beds
        unit = max(self.size.width - 58, 8)
        listing.columns_of(
            ("room", say("Room"), 18),
            ("bed", say("Bed"), 4),
            ("name", say("Name"), 12),
            ("gender", "", 2),
            ("unit", say("Unit"), unit),
            ("hand", "", 8),
        )
        names = {room.code: room.name for room in beds.rooms}
        members = {one.person: one for one in beds.facts.members}
        for member in beds.without:
            listing.add_row(
                Text(say("no bed"), self.trainer_app.colour("warning")),
                Text(""),
                Text(fit(member.name, 12)),
                Text(_GENDERS[member.gender] if member.gender else "?", "dim"),
                Text(fit(member.unit_name or "", unit), "dim"),
                Text(""),
                key=member.person,
            )
        for lodger in beds.lodgers:
            of = members.get(lodger.person)
            listing.add_row(
                Text(fit(names.get(lodger.room, lodger.room), 18)),
                Text(str(lodger.bed)),
                Text(fit(lodger.name, 12)),
                Text(_GENDERS[lodger.gender] if lodger.gender else "?", "dim"),
                Text(fit(of.unit_name or "" if of else "", unit), "dim"),
                Text(say("by hand") if lodger.fixed else "", "dim"),
                key=lodger.person if lodger.person not in listing.rows else f"{lodger.id}",
            )

    def foot(self) -> Text:
        """Return the rooms of each place, or where to begin."""
        beds = self._beds
        if not beds.rooms:
            return Text(say("There are no rooms yet: n adds one."), "dim")
        parts = []
        for venue in dict.fromkeys(room.venue_name for room in beds.rooms):
            rooms = [room for room in beds.rooms if room.venue_name == venue]
            parts.append(
                say(
                    "{venue}: {rooms} rooms, {beds} beds, {free} free on these nights",
                    venue=venue or say("no place"),
                    rooms=len(rooms),
                    beds=sum(room.beds for room in rooms),
                    free=sum(room.free for room in rooms),
                )
            )
        return Text("\n".join(parts), "dim")

    def action_place(self) -> None:
        """Let somebody choose a room for the person under the cursor."""
        person, beds = self.chosen, self.data
        if person is None or beds is None:
            return
        member = next((one for one in beds.facts.members if one.person == person), None)
        if member is None:
            return
        before = next((one for one in beds.lodgers if one.person == person), None)
        # a room for the other gender comes last: it asks for a reason
        rooms = sorted(
            (room for room in beds.rooms if room.free),
            key=lambda room: room.gender not in (None, member.gender),
        )
        choices = [Choice(room.code, room.name, _note(room), f"{room.code} {room.name}".casefold())
                   for room in rooms]  # fmt: skip
        choices.append(Choice(_NONE, say("no bed"), "", "no bed"))

        def take(key: str) -> None:
            room = None if key == _NONE else key
            self.act(
                lambda backroom: classacts.place_person(backroom, self.code, person, room),
                overruled=lambda backroom, reason: classacts.place_person(
                    backroom, self.code, person, room, reason
                ),
                undo=lambda backroom: classacts.place_person(
                    backroom, self.code, person, *(_place(before) if before else (None,))
                ),
            )

        self.choose(say("{name}: into which room?", name=member.name), choices, take)

    def action_allocate(self) -> None:
        """Let somebody choose how beds are given, and give them."""
        if self.data is None:
            return
        venues = {room.venue: room.venue_name for room in self._beds.rooms if room.venue}
        modes: list[tuple[Mode, str]] = [
            ("together", say("colleagues together")), ("apart", say("colleagues apart")),
        ]  # fmt: skip
        ways: dict[str, tuple[Mode, str | None]] = {}
        choices = []
        for venue, name in [(None, say("at all places")), *venues.items()]:
            for mode, words in modes:
                key = f"{mode} {venue or ''}"
                ways[key] = (mode, venue)
                choices.append(Choice(key, words, name or venue or "", f"{mode} {name}".casefold()))

        def take(key: str) -> None:
            mode, venue = ways[key]
            self.act(lambda backroom: classacts.allocate_rooms(backroom, self.code, mode, venue))

        self.choose(say("Give beds anew: how?"), choices, take)

    def action_add(self) -> None:
        """Ask for a room and add it."""
        if self.data is None:
            return
        lodger = next((one for one in self._beds.lodgers if one.person == self.chosen), None)
        rooms = self._beds.rooms
        like = lodger.room if lodger else rooms[-1].code if rooms else None

        def understand(typed: str) -> tuple[NewRoom | None, Text]:
            room = room_typed(typed)
            if room is None:
                return None, Text(say("for instance 201 2, or 201 2 女") if typed else "")
            told = say_n(
                "{code}: {count} bed; Enter keeps it",
                "{code}: {count} beds; Enter keeps it",
                room.beds,
                code=room.code,
            )
            return room, Text(told)

        def take(room: NewRoom | None) -> None:
            if room is not None:
                self.act(
                    lambda backroom: classacts.add_room(
                        backroom, room.code, room.beds, room.gender, like
                    )
                )

        title = say("New room: its number, its beds, for whom")
        hint = say("for instance 201 2, or 201 2 女")
        self.app.push_screen(LinePrompt(title, hint=hint, understand=understand), take)


def room_typed(text: str) -> NewRoom | None:
    """Return a room as somebody typed it: its number, its beds, and for whom it is, 男 or 女."""
    words = text.split()
    if len(words) not in (2, 3) or not words[1].isdecimal():
        return None
    gender = words[2] if len(words) > 2 else None  # noqa: PLR2004 - the third is for whom
    if gender not in (None, *_GENDERS.values(), *_GENDERS):
        return None
    return NewRoom(words[0], int(words[1]), gender)


def _place(lodger: Lodger) -> tuple[str, str | None, int]:
    return lodger.room, lodger.reason, lodger.bed


def _note(room: RoomLine) -> str:
    free = say_n("{count} bed free", "{count} beds free", room.free)
    gender = _GENDERS[room.gender] if room.gender else ""
    return "  ".join(part for part in (free, gender, " ".join(room.people)) if part)
