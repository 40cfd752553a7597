"""Small instances of curriculum-based course timetabling, made up for tests."""

from __future__ import annotations

from hypothesis import strategies as st

from trainer.timetable.engine.curricula.instance import Course, Curriculum, Instance, Room


def instance_text(instance: Instance) -> str:
    """Return an instance as the text of a file of its format."""
    more = instance.extended
    head = {
        "Name": instance.name,
        "Courses": len(instance.courses),
        "Rooms": len(instance.rooms),
        "Days": instance.days,
        "Periods_per_day": instance.periods,
        "Curricula": len(instance.curricula),
    }
    if more:
        head["Min_Max_Daily_Lectures"] = f"{instance.min_load} {instance.max_load}"
        head["UnavailabilityConstraints"] = len(instance.unavailable)
        head["RoomConstraints"] = len(instance.unsuitable)
    else:
        head["Constraints"] = len(instance.unavailable)
    lines = [f"{name}: {value}" for name, value in head.items()]
    lines += ["", "COURSES:"]
    for each in instance.courses:
        words = [each.code, each.teacher, each.lectures, each.min_days, each.students]
        lines.append(" ".join(str(word) for word in (*words, *([int(each.double)] * more))))
    lines += ["", "ROOMS:"]
    lines += [
        " ".join(str(word) for word in (each.code, each.capacity, *([each.site] * more)))
        for each in instance.rooms
    ]
    lines += ["", "CURRICULA:"]
    for group in instance.curricula:
        codes = [instance.courses[index].code for index in group.courses]
        lines.append(" ".join([group.code, str(len(codes)), *codes]))
    lines += ["", "UNAVAILABILITY_CONSTRAINTS:"]
    lines += [f"{instance.courses[c].code} {d} {p}" for c, d, p in sorted(instance.unavailable)]
    if more:
        lines += ["", "ROOM_CONSTRAINTS:"]
        lines += [
            f"{instance.courses[c].code} {instance.rooms[r].code}"
            for c, r in sorted(instance.unsuitable)
        ]
    return "\n".join([*lines, "", "END.", ""])


@st.composite
def instances(
    draw: st.DrawFn, *, courses: int = 6, lectures: int = 4, rooms: int = 4, slots: int = 15
) -> Instance:
    """Draw an extended instance with at most so many of each; it need not be feasible."""
    days = draw(st.integers(1, 3))
    periods = draw(st.integers(1, max(1, slots // days)))
    count = draw(st.integers(1, courses))
    room_count = draw(st.integers(1, rooms))
    pick_course, pick_room = st.integers(0, count - 1), st.integers(0, room_count - 1)
    slot = st.tuples(pick_course, st.integers(0, days - 1), st.integers(0, periods - 1))
    low = draw(st.integers(0, 2))
    return Instance(
        name="drawn",
        days=days,
        periods=periods,
        courses=tuple(
            Course(
                code=f"c{index}",
                teacher=f"t{draw(st.integers(0, count))}",
                lectures=draw(st.integers(0, lectures)),
                min_days=draw(st.integers(0, 3)),
                students=draw(st.integers(1, 40)),
                double=draw(st.booleans()),
            )
            for index in range(count)
        ),
        rooms=tuple(
            Room(f"r{index}", draw(st.integers(1, 40)), str(draw(st.integers(0, 2))))
            for index in range(room_count)
        ),
        curricula=tuple(
            Curriculum(f"q{index}", tuple(sorted(members)))
            for index, members in enumerate(
                draw(st.lists(st.frozensets(pick_course, min_size=1, max_size=4), max_size=5))
            )
        ),
        unavailable=frozenset(draw(st.lists(slot, max_size=4))),
        unsuitable=frozenset(draw(st.lists(st.tuples(pick_course, pick_room), max_size=3))),
        min_load=low,
        max_load=low + draw(st.integers(0, 2)),
        extended=True,
    )
