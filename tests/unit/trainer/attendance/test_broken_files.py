"""Two hundred broken files of marks: each is refused in sentences, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from sqlmodel import func, select

from db.tables import Mark
from tests.factories.registers import Register, day
from trainer.attendance.incoming import Arrival, import_marks, merge_marks
from trainer.desk import Desk
from trainer.errors import TrainerError

HEADER = "id,session,person,status,minutes,at,by,device,counter,replaces,note"
AT = "2023-02-01T08:40:00+08:00"
Breaking = Callable[[list[str], Random], bytes]


def _line(lines: list[str], chance: Random, place: int, text: str) -> bytes:
    row = chance.randrange(1, len(lines))
    cells = lines[row].split(",")
    cells[place] = text
    return "\n".join([*lines[:row], ",".join(cells), *lines[row + 1 :]]).encode()


def _other_id(lines: list[str], chance: Random) -> bytes:
    row = chance.randrange(1, len(lines))
    changed = lines[row].replace(",present,", ",absent,")
    return "\n".join([*lines, changed]).encode()


def _bytes(lines: list[str], chance: Random) -> bytes:
    data = bytearray("\n".join(lines).encode())
    for _ in range(8):
        data[chance.randrange(len(HEADER) + 2, len(data))] = chance.choice((0xFF, 0xFE, 0xC3))
    return bytes(data)


def _shuffled_header(lines: list[str], chance: Random) -> bytes:
    names = HEADER.split(",")
    while names[1:4] == HEADER.split(",")[1:4]:
        chance.shuffle(names)
    return "\n".join([",".join(names), *lines[1:]]).encode()


BREAKINGS: dict[str, Breaking] = {
    "wrong bytes": _bytes,
    "two bytes a letter": lambda lines, _: "\n".join(lines).encode("utf-16"),
    "shuffled columns": _shuffled_header,
    "a column too many": lambda lines, c: "\n".join(
        [f"{lines[0]},colour{c.randrange(9)}", *lines[1:]]
    ).encode(),
    "a column is missing": lambda lines, _: "\n".join(
        [lines[0].replace(",status", ",st"), *lines[1:]]
    ).encode(),
    "an open quotation mark": lambda lines, _: ("\n".join(lines) + ',"open').encode(),
    "another sign between columns": lambda lines, _: "\n".join(lines).replace(",", ";").encode(),
    "an impossible time": lambda lines, c: _line(
        lines, c, 5, c.choice(("2023-02-30T08:00:00+08:00", "25:00", "yesterday", "9" * 40))
    ),
    "a time without a zone's sense": lambda lines, c: _line(lines, c, 5, "2023-02-01T08:00+99:99"),
    "a formula for a status": lambda lines, c: _line(lines, c, 3, "=PRESENT()"),
    "a status of its own": lambda lines, c: _line(lines, c, 3, c.choice(("here", "出", "?"))),
    "minutes that are none": lambda lines, c: _line(
        lines, c, 4, c.choice(("-5", "ten", "1e99", "3.7", "99999999999999999999"))
    ),
    "a counter that is none": lambda lines, c: _line(lines, c, 8, c.choice(("-1", "x"))),
    "an unknown session": lambda lines, c: _line(lines, c, 1, f"S{c.randrange(99)}"),
    "an unknown person": lambda lines, c: _line(lines, c, 2, f"Q{c.randrange(99)}"),
    "no person": lambda lines, c: _line(lines, c, 2, ""),
    "an id twice with other facts": _other_id,
    "a mark that replaces itself": lambda lines, _: (
        "\n".join(lines) + "\n" + ",".join(
            cell if place != 9 else lines[1].split(",")[0]
            for place, cell in enumerate(lines[1].split(","))
        )
    ).encode(),
    "a very long line": lambda lines, c: _line(lines, c, 10, "长" * 2_000_000),
    "a page of the web": lambda _lines, _c: b"<html><body>404</body></html>",
}  # fmt: skip


def _sentences(bring: Callable[..., Arrival], desk: Desk, where: object) -> list[str]:
    # what is said of a file, in one refusal or as a list of problems; none where it is taken
    try:
        return [problem.text() for problem in bring(desk, where).problems]
    except TrainerError as error:
        return [str(error)]


@pytest.mark.parametrize("kind", BREAKINGS)
def test_broken_files_are_refused_and_change_nothing(
    sqlite_url: str, tmp_path: Path, kind: str
) -> None:
    """Ten files broken in the same way at chance places, by import and by merge."""
    desk = Desk(sqlite_url, "clerk")
    register = Register(desk)
    register.people("P1", "P2", "P3")
    register.training("C1", ["P1", "P2", "P3"])
    uid = register.meeting("C1", day(1))
    for seed in range(10):
        chance = Random(seed)  # noqa: S311 - the same files each time
        lines = [HEADER] + [
            f"m{number},{uid},P{1 + number % 3},present,{number},{AT},王,d,{number},,迟到的备注"
            for number in range(12)
        ]
        path = tmp_path / "marks.csv"
        path.write_bytes(BREAKINGS[kind](lines, chance))
        for sentences in (
            _sentences(import_marks, desk, path),
            _sentences(merge_marks, desk, str(tmp_path)),
        ):
            assert sentences, (kind, seed)
            assert all(sentences)
        with desk.reading() as session:
            assert session.exec(select(func.count()).select_from(Mark)).one() == 0


def test_the_file_that_was_broken_is_good(sqlite_url: str, tmp_path: Path) -> None:
    """Unbroken it is taken, so what is refused above is refused for its breaking."""
    desk = Desk(sqlite_url, "clerk")
    register = Register(desk)
    register.people("P1")
    register.training("C1", ["P1"])
    uid = register.meeting("C1", day(1))
    text = f"{HEADER}\nm1,{uid},P1,present,1,{AT},王,d,1,,迟\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert import_marks(desk, tmp_path / "a.csv").new == 1
