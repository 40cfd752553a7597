"""Reading instances: the plain format ``.ctt`` and the extended ``.ectt``, strictly.

Both are sections of lines of words; lines that begin with # or // are comments. Every problem is
told, with its line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from trainer.errors import FileProblem
from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.engine.curricula.instance import (
    MOST_PERIODS,
    BrokenInstance,
    Course,
    Curriculum,
    Instance,
    Room,
)

COMMENTS: Final = ("#", "//")
MOST_SLOTS: Final = 2_000
MOST_LECTURES: Final = 50_000


def read_file(path: Path) -> Instance:
    """Read an instance; raises FileProblem for a missing file, BrokenInstance for its content."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileProblem(
            "the file {file} cannot be read ({problem}); check its name and your permission",
            file=str(path),
            problem=error.strerror or type(error).__name__,
        ) from None
    return read_bytes(content, str(path))


def read_bytes(content: bytes, file: str) -> Instance:
    """Read an instance from a file's bytes; raises BrokenInstance with every problem found."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        broken = phrase("line {line}: this is no text in UTF-8; save the file as UTF-8", line=line)
        raise BrokenInstance(file, [broken]) from None
    return read_text(text, file)


def read_text(text: str, file: str) -> Instance:
    """Read an instance from its text; raises BrokenInstance with every problem found."""
    reader = _Reader()
    reader.split(text)
    instance = reader.instance()
    if reader.problems:
        raise BrokenInstance(file, [problem for _, problem in sorted(reader.problems, key=_place)])
    return instance


def _place(problem: tuple[int, Phrase]) -> int:
    return problem[0]


Line = tuple[int, list[str]]

COURSES, ROOMS, CURRICULA = "COURSES:", "ROOMS:", "CURRICULA:"
UNAVAILABLE, UNSUITABLE, END = "UNAVAILABILITY_CONSTRAINTS:", "ROOM_CONSTRAINTS:", "END."
SECTIONS: Final = (COURSES, ROOMS, CURRICULA, UNAVAILABLE, UNSUITABLE)
COUNTS: Final = {
    COURSES: ("Courses",),
    ROOMS: ("Rooms",),
    CURRICULA: ("Curricula",),
    UNAVAILABLE: ("Constraints", "UnavailabilityConstraints"),
    UNSUITABLE: ("RoomConstraints",),
}
EXTENDED: Final = ("Min_Max_Daily_Lectures", "UnavailabilityConstraints", "RoomConstraints")


@dataclass(slots=True)
class _Reader:
    """Collects the lines of each section, then makes sense of them, noting every problem."""

    header: dict[str, Line] = field(default_factory=dict)
    sections: dict[str, list[Line]] = field(default_factory=dict)
    problems: list[tuple[int, Phrase]] = field(default_factory=list)
    last: int = 1

    def split(self, text: str) -> None:
        """Sort the lines into header and sections."""
        here: list[Line] | None = None
        ended = False
        for number, line in enumerate(text.splitlines(), start=1):
            words = line.split()
            if not words or words[0].startswith(COMMENTS):
                continue
            self.last = number
            if ended or (words[0] == END and len(words) > 1):
                self._wrong(number, mark("line {line}: nothing may follow END.; take it out"))
                return
            if words[0] in SECTIONS and len(words) == 1:
                here = self._open(number, words[0])
            elif words[0] == END:
                ended = True
            elif here is None:
                self._head(number, line)
            else:
                here.append((number, words))
        if not ended:
            self._wrong(
                self.last, mark("line {line}: the file ends without END.; it may be cut off")
            )

    def instance(self) -> Instance:
        """Return what was read; worthless if there are problems."""
        extended = any(name in self.header for name in EXTENDED)
        days = self._header("Days", 1, MOST_SLOTS)
        periods = self._header("Periods_per_day", 1, MOST_PERIODS)
        self._check_counts(extended=extended)
        courses = self._courses(extended=extended)
        rooms = self._rooms(extended=extended)
        course_at = self._codes(courses)
        room_at = self._codes(rooms)
        curricula = self._curricula(course_at)
        low, high = self._loads(periods)
        name = self.header.get("Name", (0, []))[1]
        result = Instance(
            name=" ".join(name),
            days=days,
            periods=periods,
            courses=tuple(course for _, course in courses),
            rooms=tuple(room for _, room in rooms),
            curricula=tuple(curricula),
            unavailable=frozenset(self._unavailable(course_at, days, periods)),
            unsuitable=frozenset(self._unsuitable(course_at, room_at)),
            min_load=low,
            max_load=high,
            extended=extended,
        )
        too_large = result.lectures > MOST_LECTURES or days * periods > MOST_SLOTS
        if too_large and not self.problems:
            self._wrong(
                1,
                mark(
                    "more than {lectures} lectures or {slots} periods a week are not read; "
                    "split the instance"
                ),
                lectures=MOST_LECTURES,
                slots=MOST_SLOTS,
            )
        return result

    # -- lines ---------------------------------------------------------------------------------

    def _wrong(self, line: int, template: str, /, **params: object) -> None:
        self.problems.append((line, Phrase(template, {"line": line, **params})))

    def _open(self, number: int, name: str) -> list[Line]:
        if name in self.sections:
            self._wrong(
                number,
                mark("line {line}: the section {name} stands there twice; keep one"),
                name=name,
            )
        return self.sections.setdefault(name, [])

    def _head(self, number: int, line: str) -> None:
        name, colon, value = line.partition(":")
        if not colon:
            self._wrong(
                number,
                mark(
                    "line {line}: before COURSES: stand lines of the form “Name: value”, "
                    "not “{text}”"
                ),
                text=line.strip(),
            )
            return
        if name.strip() in self.header:
            self._wrong(
                number,
                mark("line {line}: the line “{name}: …” stands there twice; keep one"),
                name=name.strip(),
            )
        self.header[name.strip()] = (number, value.split())

    def _header(self, name: str, low: int, high: int) -> int:
        if name not in self.header:
            self._wrong(
                1, mark("the line “{name}: number” is missing at the top; add it"), name=name
            )
            return high
        number, words = self.header[name]
        before = len(self.problems)
        found = self._number(number, " ".join(words), low, high)
        # what is wrong here is no reason to find fault with all lines below
        return found if len(self.problems) == before else high

    def _number(self, line: int, word: str, low: int, high: int) -> int:
        if word.isascii() and word.isdigit() and len(word) < 10 and low <= int(word) <= high:  # noqa: PLR2004 - no count here has ten digits
            return int(word)
        self._wrong(
            line,
            mark("line {line}: “{word}” stands where a whole number from {low} to {high} belongs"),
            word=word,
            low=low,
            high=high,
        )
        return low

    def _check_counts(self, *, extended: bool) -> None:
        for section, names in COUNTS.items():
            name = next((each for each in names if each in self.header), None)
            if section not in self.sections:
                if section != UNSUITABLE or extended:
                    self._wrong(
                        self.last,
                        mark("the section {name} is missing; add it, even empty"),
                        name=section,
                    )
                continue
            if name is None:
                if section != UNSUITABLE:
                    self._wrong(
                        1,
                        mark("the line “{name}: number” is missing at the top; add it"),
                        name=names[0],
                    )
                continue
            before = len(self.problems)
            said = self._header(name, 0, 10**9 - 1)
            found = len(self.sections[section])
            if said != found and len(self.problems) == before:
                self._wrong(
                    self.header[name][0],
                    mark(
                        "line {line}: {name} says {said}, but the section {section} has {found} "
                        "lines; correct one of them"
                    ),
                    name=name,
                    said=said,
                    section=section,
                    found=found,
                )

    def _lines(self, section: str, least: int, most: int) -> Iterable[Line]:
        for number, words in self.sections.get(section, []):
            if least <= len(words) <= most:
                yield number, words
            else:
                self._wrong(
                    number,
                    mark(
                        "line {line}: a line of {section} has {least} to {most} words, this one "
                        "{found}; correct it"
                    ),
                    section=section,
                    least=least,
                    most=most,
                    found=len(words),
                )

    # -- sections ------------------------------------------------------------------------------

    def _courses(self, *, extended: bool) -> list[tuple[int, Course]]:
        courses = []
        for line, words in self._lines(COURSES, 6 if extended else 5, 6):
            code, teacher, lectures, min_days, students, *double = words
            courses.append(
                (
                    line,
                    Course(
                        code=code,
                        teacher=teacher,
                        lectures=self._number(line, lectures, 0, MOST_SLOTS),
                        min_days=self._number(line, min_days, 0, MOST_SLOTS),
                        students=self._number(line, students, 0, 10**6),
                        double=bool(self._number(line, double[0], 0, 1)) if double else False,
                    ),
                )
            )
        return courses

    def _rooms(self, *, extended: bool) -> list[tuple[int, Room]]:
        return [
            (line, Room(words[0], self._number(line, words[1], 0, 10**6), *words[2:]))
            for line, words in self._lines(ROOMS, 3 if extended else 2, 3)
        ]

    def _codes(self, things: Iterable[tuple[int, Course | Room]]) -> dict[str, int]:
        places: dict[str, int] = {}
        for index, (line, thing) in enumerate(things):
            if thing.code in places:
                self._wrong(
                    line,
                    mark("line {line}: the code {code} is used twice; give each its own"),
                    code=thing.code,
                )
            places[thing.code] = index
        return places

    def _find(self, line: int, code: str, places: dict[str, int]) -> int | None:
        if code not in places:
            self._wrong(
                line,
                mark("line {line}: there is no {code} above; correct the code or add it"),
                code=code,
            )
        return places.get(code)

    def _curricula(self, course_at: dict[str, int]) -> list[Curriculum]:
        curricula = []
        for line, (code, count, *codes) in self._lines(CURRICULA, 2, MOST_LECTURES):
            said = self._number(line, count, 0, MOST_LECTURES)
            if said != len(codes):
                self._wrong(
                    line,
                    mark(
                        "line {line}: the curriculum {code} says {said} courses and names {found}; "
                        "correct one of them"
                    ),
                    code=code,
                    said=said,
                    found=len(codes),
                )
            found = [self._find(line, each, course_at) for each in codes]
            courses = dict.fromkeys(each for each in found if each is not None)
            curricula.append(Curriculum(code, tuple(courses)))
        return curricula

    def _loads(self, periods: int) -> tuple[int, int]:
        if "Min_Max_Daily_Lectures" not in self.header:
            return 0, periods
        line, words = self.header["Min_Max_Daily_Lectures"]
        if len(words) != 2:  # noqa: PLR2004 - the least and the most
            self._wrong(
                line,
                mark("line {line}: after Min_Max_Daily_Lectures: stand two numbers, not “{text}”"),
                text=" ".join(words),
            )
            return 0, periods
        low, high = [self._number(line, word, 0, MOST_SLOTS) for word in words]
        if low > high:
            self._wrong(
                line,
                mark(
                    "line {line}: the least lectures a day ({low}) are more than the most "
                    "({high}); swap them"
                ),
                low=low,
                high=high,
            )
        return low, high

    def _unavailable(
        self, course_at: dict[str, int], days: int, periods: int
    ) -> Iterable[tuple[int, int, int]]:
        for line, (code, day, period) in self._lines(UNAVAILABLE, 3, 3):
            course = self._find(line, code, course_at)
            slot = self._number(line, day, 0, days - 1), self._number(line, period, 0, periods - 1)
            if course is not None:
                yield course, *slot

    def _unsuitable(
        self, course_at: dict[str, int], room_at: dict[str, int]
    ) -> Iterable[tuple[int, int]]:
        for line, (code, place) in self._lines(UNSUITABLE, 2, 2):
            course, room = self._find(line, code, course_at), self._find(line, place, room_at)
            if course is not None and room is not None:
                yield course, room
