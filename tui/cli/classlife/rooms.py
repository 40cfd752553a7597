"""Rooms with beds, and who of a class sleeps in which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainer.phrases import say, say_n
from tui.cli.classlife.arguments import ClassCode, Json, Override, PersonCode, Reason, Seed, at_work
from tui.cli.dates import day_of
from tui.cli.state import desk, leave, print_json, print_line, tell

if TYPE_CHECKING:
    from trainer.classlife.allocation import Allocation

First = Annotated[str | None, typer.Option("--from", metavar="DATE", help=say("The first night."))]
Last = Annotated[str | None, typer.Option("--to", metavar="DATE", help=say("The day of leaving."))]
Venue = Annotated[str | None, typer.Option(metavar="CODE", help=say("The place."))]


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    room = typer.Typer(
        help=say("The rooms that there are."), no_args_is_help=True, rich_markup_mode=None
    )
    room.command("add", help=say("Add a room, or change it."))(_add)
    room.command("list", help=say("List the rooms."))(_list)
    noun.add_typer(room, name="room")
    noun.command("beds", help=say("Show who sleeps where, or give beds anew."))(_beds)
    noun.command("bed", help=say("Put somebody into a room by hand."))(_bed)


def _add(
    code: Annotated[str, typer.Argument(metavar="ROOM", help=say("The room's code."))],
    beds: Annotated[int, typer.Argument(metavar="BEDS", help=say("How many beds it has."))],
    name: Annotated[str | None, typer.Option(help=say("Its name."))] = None,
    venue: Venue = None,
    gender: Annotated[
        str | None, typer.Option(help=say("For whom: 男 or 女; anybody if left out."))
    ] = None,
    note: Annotated[str | None, typer.Option(help=say("Any words."))] = None,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.rooms import add_room

    with desk().writing() as work:
        row = add_room(work, code, beds=beds, name=name, venue=venue, gender=gender, note=note)
        work.commit()
        name = row.name
    print_line(say("{room}: {beds} beds", room=name, beds=beds))


def _list(venue: Venue = None, as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.rooms import list_rooms

    with desk().reading() as session:
        rooms = [room.model_dump(mode="json") for room in list_rooms(session, venue)]
    if as_json:
        print_json({"rooms": rooms})
        return
    for room in rooms:
        print_line(
            say(
                "{code}  {name}  {beds} beds  {gender}",
                code=room["code"],
                name=room["name"],
                beds=room["beds"],
                gender=room["gender"] or "",
            ).rstrip()
        )
    if not rooms:
        tell(say("there are no rooms; add them with “trainer class room add”"))


def _beds(
    class_code: ClassCode,
    mode: Annotated[
        str | None,
        typer.Option(
            "--allocate", metavar="together|apart", help=say("Give beds anew, colleagues so.")
        ),
    ] = None,
    venue: Venue = None,
    first: First = None,
    last: Last = None,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.sheet import require_class
    from trainer.classlife.rooms import allocate_rooms, lodgers, nights_of, overbooked

    found: Allocation | None = None
    if mode is not None:
        with at_work(class_code) as (work, facts):
            nights = nights_of(facts, day_of(first), day_of(last))
            found = allocate_rooms(
                work, facts, mode=mode, venue=venue, nights=nights, seed=seed  # type: ignore[arg-type]
            )  # fmt: skip
    with desk().reading() as session:
        require_class(session, class_code)
        beds = lodgers(session, class_code=class_code)
        doubles = overbooked(session)
    if as_json:
        print_json(
            {
                "class": class_code,
                "beds": [one.document() for one in beds],
                "left": dict(sorted(found.left.items())) if found else {},
                "overbooked": [
                    {"room": room, "bed": bed, "night": night.isoformat(),
                     "people": [one.person for one in people]}
                    for room, bed, night, people in doubles
                ],
            }
        )  # fmt: skip
    else:
        for one in beds:
            print_line(
                say(
                    "{room} bed {bed}: {name} ({person}), {first} to {last}",
                    room=one.room,
                    bed=one.bed,
                    name=one.name,
                    person=one.person,
                    first=one.nights.first,
                    last=one.nights.last,
                )
            )
        if not beds:
            tell(say("nobody of the class has a bed; give them with --allocate"))
    for room, bed, night, people in doubles:
        tell(
            say(
                "bed {bed} of {room} is given twice on {night} ({people}): move one of them",
                bed=bed,
                room=room,
                night=night,
                people=", ".join(one.person for one in people),
            )
        )
    if found and found.left:
        _tell_left(found)
        leave(1)


def _tell_left(found: Allocation) -> None:
    without = sorted(person for person, why in found.left.items() if why == "gender")
    if without:
        tell(
            say(
                "no bed for {people}: the gender is not recorded; complete people.csv, or place "
                "them by hand",
                people=", ".join(without),
            )
        )
    crowded = sorted(person for person, why in found.left.items() if why == "room")
    if crowded:
        tell(
            say_n(
                "no bed for {count} person, the rooms are full ({people}); add rooms, or let the "
                "person commute",
                "no bed for {count} people, the rooms are full ({people}); add rooms, or let them "
                "commute",
                len(crowded),
                people=", ".join(crowded),
            )
        )


def _bed(
    class_code: ClassCode,
    person: PersonCode,
    room: Annotated[
        str, typer.Argument(metavar="ROOM", help=say("The room's code; “-” for none."))
    ],
    bed: Annotated[int | None, typer.Option(metavar="N", help=say("Which bed."))] = None,
    first: First = None,
    last: Last = None,
    reason: Reason = None,
    override: Override = None,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.rooms import nights_of, place_person

    with at_work(class_code, override or reason) as (work, facts):
        row = place_person(
            work,
            facts,
            person,
            None if room == "-" else room,
            bed=bed,
            nights=nights_of(facts, day_of(first), day_of(last)),
            reason=reason,
            override=override,
        )
        given = row.bed
    if given is None:
        print_line(say("{person} has no bed any more", person=person))
    else:
        print_line(say("{person}: {room}, bed {bed}", person=person, room=room, bed=given))
