"""How sturdy the stored timetable is: which sessions could be mended within their class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trainer.desk import Desk
from trainer.timetable.build import build_check
from trainer.timetable.facts import Key, read_facts


@dataclass(frozen=True, slots=True)
class SturdySession:
    """A session, and whether the loss of its teacher or venue could be mended within its class.

    None where it has no teacher, or no venue, to lose.
    """

    uid: str
    key: Key
    title: str
    without_teacher: bool | None
    without_venue: bool | None

    @property
    def repairable(self) -> bool:
        """Say whether the loss of either could be mended."""
        return self.without_teacher is not False and self.without_venue is not False

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        class_code, course, seq = self.key
        return {
            "session": self.uid,
            "class": class_code,
            "course": course,
            "seq": seq,
            "without_teacher": self.without_teacher,
            "without_venue": self.without_venue,
            "repairable": self.repairable,
        }


@dataclass(frozen=True, slots=True)
class Robustness:
    """The sessions that may move, and how many more stay as they are and were not looked at."""

    sessions: tuple[SturdySession, ...]
    fixed: int

    @property
    def by_class(self) -> Mapping[str, tuple[int, int]]:
        """Return for each class how many sessions could be mended, and how many it has."""
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for each in self.sessions:
            counts[each.key[0]][0] += each.repairable
            counts[each.key[0]][1] += 1
        return {code: (good, many) for code, (good, many) in sorted(counts.items())}

    @property
    def repairable(self) -> int:
        """Return how many sessions could be mended."""
        return sum(each.repairable for each in self.sessions)

    @property
    def share(self) -> float:
        """Return the share of the sessions that could be mended; 1 where there are none."""
        return self.repairable / len(self.sessions) if self.sessions else 1.0

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            "sessions": [each.document() for each in self.sessions],
            "classes": [
                {"class": code, "repairable": good, "sessions": many, "share": good / many}
                for code, (good, many) in self.by_class.items()
            ],
            "total": {
                "repairable": self.repairable,
                "sessions": len(self.sessions),
                "fixed": self.fixed,
                "share": self.share,
            },
        }


def read_robustness(desk: Desk) -> Robustness:
    """Look at every stored session that may move; those held, locked or with marks stay."""
    # the solver's tables are needed only here
    from trainer.timetable.engine.robust import sturdiness

    with desk.reading() as session:
        facts = read_facts(session)
        built = build_check(facts, desk.clock.today())
    placements = [meeting.stored for meeting in built.problem.meetings]
    found: list[SturdySession] = []
    for each in sturdiness(built.problem, placements):
        for share in built.drafts[each.meeting].shares:
            if share.session is not None:
                title = facts.courses[share.key[1]].title
                lost = (each.without_teacher, each.without_venue)
                found.append(SturdySession(share.session.uid, share.key, title, *lost))
    live = sum(row.status != "cancelled" for row in facts.sessions.values())
    return Robustness(tuple(found), live - len(found))
