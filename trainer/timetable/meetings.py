"""What there is to place: the meetings that the syllabi ask for, and the sessions stored for them.

A meeting is named by class, course and ``seq``, which counts the meetings of a course in a class
over all lines of its syllabus, in their order. Lines with the same joint code are held together:
the first meeting of each class under that code with the first of the others, and so on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from db.tables import SyllabusItem, TrainingSession
from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.facts import Facts, Key, key_of

UNEVEN: Final = mark(
    "the joint code “{joint}” stands for {counts} meetings in its classes {classes}; give each "
    "class the same number of them in syllabus.csv"
)
CONTRADICTION: Final = mark(
    "the lines with the joint code “{joint}” in the classes {classes} fix different things for one "
    "meeting ({column}); make them the same in syllabus.csv"
)
DIFFERENT_LENGTH: Final = mark(
    "the courses under the joint code “{joint}” in the classes {classes} last for different "
    "numbers of periods; make them the same in courses.csv"
)


@dataclass(frozen=True, slots=True)
class Share:
    """One class's share of a meeting; ``item`` is its line, None where only a session tells it."""

    key: Key
    item: SyllabusItem | None
    session: TrainingSession | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A meeting to be: the shares of its classes, its joint code, and what makes it impossible."""

    shares: tuple[Share, ...]
    joint: str | None = None
    trouble: Phrase | None = None


def asked_meetings(facts: Facts) -> list[tuple[Key, SyllabusItem]]:
    """Return every meeting that a syllabus asks for, with its line, in the order of the lines."""
    counters: Counter[tuple[str, str]] = Counter()
    found: list[tuple[Key, SyllabusItem]] = []
    for item in facts.syllabus:
        for _ in range(item.count):
            counters[item.class_code, item.course] += 1
            seq = counters[item.class_code, item.course]
            found.append(((item.class_code, item.course, seq), item))
    return found


def draft_meetings(facts: Facts) -> list[Draft]:
    """Return the meetings of planned classes, and those that stored sessions alone tell of.

    A cancelled session stays cancelled: its meeting is not among them.
    """
    stored = facts.by_key
    single: list[Draft] = []
    joint: dict[str, dict[str, list[Share]]] = defaultdict(lambda: defaultdict(list))
    asked = asked_meetings(facts)
    for key, item in asked:
        share = Share(key, item, stored.get(key))
        if item.joint:
            joint[item.joint][item.class_code].append(share)
        elif _takes_place(facts, share):
            single.append(Draft((share,)))
    together = [draft for code, lists in joint.items() for draft in _joint(facts, code, lists)]
    single = list(_held_jointly(facts, single))
    return [*single, *together, *_untold(facts, {key for key, _ in asked})]


def _held_jointly(facts: Facts, drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Yield the meetings, those as one that stored sessions alone say are held together."""
    found: dict[object, list[Draft]] = defaultdict(list)
    for number, draft in enumerate(drafts):
        session = draft.shares[0].session
        told = session is not None and session.joint
        key = (session.joint, session.date, session.period) if session and told else number
        found[key].append(draft)
    for those in found.values():
        shares = tuple(share for draft in those for share in draft.shares)
        classes = {share.key[0] for share in shares}
        session = shares[0].session
        alone = session is None or len(shares) == 1 or len(classes) < len(shares)
        if session is None or alone or _disagreement(facts, session.joint or "", shares):
            yield from those
        else:
            yield Draft(shares, joint=session.joint)


def _takes_place(facts: Facts, share: Share) -> bool:
    if share.session is not None:
        return share.session.status != "cancelled"
    return facts.is_planned(share.key[0])


def _joint(facts: Facts, code: str, lists: dict[str, list[Share]]) -> Iterator[Draft]:
    counts = {len(shares) for class_code, shares in lists.items() if facts.is_planned(class_code)}
    many = max(map(len, lists.values())) > 1
    uneven = None
    if len(counts) > 1:
        uneven = phrase(
            UNEVEN, joint=code, counts="/".join(map(str, sorted(counts))), classes=", ".join(lists)
        )
    for place in range(max(map(len, lists.values()))):
        shares = tuple(
            share
            for own in lists.values()
            for share in own[place : place + 1]
            if _takes_place(facts, share)
        )
        if not shares:
            continue
        trouble = uneven or _disagreement(facts, code, shares)
        if trouble is None:
            yield Draft(shares, joint=joint_code(code, place, many=many))
        else:
            yield from (Draft((share,), trouble=trouble) for share in shares)


def joint_code(code: str, place: int, *, many: bool) -> str:
    """Return what the sessions of one joint meeting share: its code, numbered where it has many."""
    return f"{code}/{place + 1}" if many else code


def _disagreement(facts: Facts, code: str, shares: Sequence[Share]) -> Phrase | None:
    classes = ", ".join(share.key[0] for share in shares)
    if len({facts.courses[share.key[1]].periods for share in shares}) > 1:
        return phrase(DIFFERENT_LENGTH, joint=code, classes=classes)
    items = [share.item for share in shares if share.item is not None]
    for column, values in (
        ("date", {item.date for item in items if item.date}),
        ("period", {item.period for item in items if item.period}),
        ("teacher", {item.teacher for item in items if item.teacher}),
    ):
        if len(values) > 1:
            return phrase(CONTRADICTION, joint=code, classes=classes, column=column)
    return None


def _untold(facts: Facts, asked: Collection[Key]) -> Iterator[Draft]:
    """Yield the meetings of sessions that no syllabus asks for."""
    joint: dict[str, list[Share]] = defaultdict(list)
    for session in facts.sessions.values():
        if key_of(session) in asked or session.status == "cancelled":
            continue
        share = Share(key_of(session), None, session)
        if session.joint:
            joint[session.joint].append(share)
        else:
            yield Draft((share,))
    for code, shares in joint.items():
        yield from _untold_joint(code, shares)


def _untold_joint(code: str, shares: Iterable[Share]) -> Iterator[Draft]:
    # the same code at another time is another meeting
    times: dict[object, list[Share]] = defaultdict(list)
    for share in shares:
        assert share.session is not None
        times[share.session.date, share.session.period].append(share)
    for those in times.values():
        yield Draft(tuple(those), joint=code)
