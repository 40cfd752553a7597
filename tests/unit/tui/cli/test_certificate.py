"""``trainer certificate``: from issuing to the register, in both languages; refusals say why."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from sqlmodel import select

from db.tables import TrainingSession
from tests.factories.certified import certify, decide
from tests.factories.pdftext import pages_of
from tests.factories.played import MISSING, REFUSED, USAGE, Player
from trainer.attendance.record import record_mark
from trainer.desk import Desk

NOUN = "certificate"
FIRST = "邹干训结字〔2023〕第0001号"
FOURTH = "邹干训结字〔2023〕第0004号"


@pytest.fixture
def play(
    sqlite_url: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Player:
    """What plays calls at an office of which P1 to P3 completed C1 and P4 is not decided on."""
    certify(Desk(sqlite_url, "clerk"), "P1", "P2", "P3", "P4")
    return Player(sqlite_url, capfd, monkeypatch, "2023-02-10")


def test_from_issuing_to_the_register(play: Player, tmp_path: Path) -> None:
    tried = play(NOUN, "issue", "C1", "--dry-run")
    assert (len(tried.lines), "3 certificates would be issued" in tried.err) == (3, True)
    assert play(NOUN, "list", "--json").document["total"]["certificates"] == 0
    made = play(NOUN, "issue", "C1", lang="zh")
    assert made.lines[0] == f"{FIRST}  学员P1  班次C1  8 学时  2023-02-10"
    assert "学员P4（P4）不发证：尚未认定结业" in made.err
    again = play(NOUN, "issue", "C1", "--json").document
    assert (again["issued"], len(again["already"]), len(again["withheld"])) == ([], 3, 1)
    out = tmp_path / "all.pdf"
    assert "3 certificates are in" in play(NOUN, "print", "C1", "--out", out).err
    assert len(pages_of(out.read_bytes())) == 3
    told = play(NOUN, "print", FIRST, "C1", "--out", out, "--photo", lang="zh").err
    assert "其中 3 份为重印" in told
    listed = play(NOUN, "list", "--class", "C1", "--from", "2023-02-10", "--json").document
    assert [(row["person"], row["printed"]) for row in listed["rows"]] == [
        ("P1", 2), ("P2", 2), ("P3", 2),
    ]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(play(NOUN, "list", "--format", "csv").out)))
    assert [row["number"] for row in rows][:2] == [FIRST, FIRST.replace("1号", "2号")]
    assert rows[0]["remarks"] == "reprinted 1 time"
    for name, begins in (("r.xlsx", b"PK"), ("r.pdf", b"%PDF")):
        play(NOUN, "list", "--out", tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(begins)


def test_what_is_shown_is_checked_and_what_is_void_says_so(play: Player) -> None:
    made = play(NOUN, "issue", "C1", "--json").document["issued"]
    code, other = made[0]["code"], made[1]["code"]
    assert play(NOUN, "check", FIRST, code.lower()).out.startswith("valid: ")
    assert play(NOUN, "check", FIRST, other, code=REFUSED, lang="zh").out.startswith("不符：")
    unknown = play(NOUN, "check", FOURTH, code, "--json", code=REFUSED).document
    assert (unknown["verdict"], unknown["certificate"]) == ("unknown", None)
    lost = play(NOUN, "replace", FIRST, "--reason", "遗失", lang="zh")
    assert lost.lines[0].endswith(f"补发，原证 {FIRST}")
    gone = play(NOUN, "check", f"TRAINER-CERT:{code}:{FIRST}", code=REFUSED).out
    assert f"replaced on 2023-02-10 by {FOURTH}" in gone
    play(NOUN, "revoke", FOURTH, "--reason", "冒名")
    scans = f"TRAINER-CERT:{other}:{made[1]['number']}\n\nTRAINER-CERT:{code}:{FIRST}\n"
    found = play(NOUN, "check", "-", stdin=scans, code=REFUSED).lines
    assert [line.partition(":")[0] for line in found] == ["valid", "replaced on 2023-02-10 by " +
                                                          FOURTH]  # fmt: skip
    remarks = [row["remarks"] for row in play(NOUN, "list", "--json", lang="zh").document["rows"]]
    assert remarks == [
        f"2023-02-10 由 {FOURTH} 取代：遗失",
        None,
        None,
        f"2023-02-10 撤销：冒名；补发，原证 {FIRST}",
    ]


def test_people_are_named_days_are_near_and_a_garbled_scan_stops_nobody(play: Player) -> None:
    """A name will do; a slip of ten years uses no number; the next scan is answered."""
    play.refused(REFUSED, "31 days ahead", NOUN, "issue", "C1", "--date", "2033-02-10")
    (made,) = play(NOUN, "issue", "C1", "--person", "学员P2", "--json").document["issued"]
    assert (made["number"], made["person"]) == (FIRST, "P2")
    rows = play(NOUN, "list", "--person", "学员P2", "--json").document["rows"]
    assert [row["number"] for row in rows] == [FIRST]
    scans = f"garbled\nTRAINER-CERT:{made['code']}:{FIRST}\n"
    found = play(NOUN, "check", "-", stdin=scans, code=REFUSED)
    assert [line.partition(":")[0] for line in found.lines][1:] == ["valid"]
    assert "not the text of a certificate" in found.lines[0]
    told = play(NOUN, "check", "-", "--json", stdin=scans, code=REFUSED).document["checked"]
    assert [one["verdict"] for one in told] == ["unreadable", "valid"]
    assert play(NOUN, "check", "-", "--json", stdin=scans[8:]).document["checked"] == told[1:]
    play.refused(USAGE, "needs a reason", NOUN, "revoke", FIRST, "--reason", " ")


def test_who_gets_none_is_told_in_words(play: Player) -> None:
    """Conditions by name; the reason of a refused override is none against completing."""
    desk = Desk(play.url, "clerk")
    states = {"exam.state": "unmet", "leave.state": "unmet", "share.state": "met"}
    decide(desk, "P1", "not_completed", figures=states)
    decide(desk, "P2", "not_completed", step="refused", reason="求情", figures=states)
    decide(desk, "P3", "not_completed", figures={"exam.state": "open"})
    told = play(NOUN, "issue", "C1", lang="zh").err
    assert "学员P1（P1）不发证：认定为未结业（考试/请假学时）" in told
    assert "学员P2（P2）不发证：认定为未结业（考试/请假学时）" in told
    assert "学员P3（P3）不发证：认定为未结业（考试）" in told


def test_refusals_say_what_to_do(play: Player, tmp_path: Path) -> None:
    play.refused(REFUSED, "there is no class C9", NOUN, "issue", "C9")
    play.refused(REFUSED, "there is no person P9", NOUN, "issue", "C1", "--person", "P9")
    play.refused(
        REFUSED, "older than the last session", NOUN, "issue", "C1", "--date", "2023-02-01"
    )
    play.refused(USAGE, "is not a date", NOUN, "issue", "C1", "--date", "x")
    play.refused(REFUSED, "no valid certificate", NOUN, "print", "C1", "--out", tmp_path / "x.pdf")
    play.refused(REFUSED, "no certificate X1", NOUN, "revoke", "X1", "--reason", "x")
    play.refused(USAGE, "not the text of a certificate", NOUN, "check", "王晓明")
    play.refused(USAGE, "there is no format", NOUN, "list", "--format", "doc")
    play.refused(USAGE, "--unsupported", NOUN, "list", "--unsupported", "--format", "csv")
    play.refused(REFUSED, "there is no person P9", NOUN, "list", "--person", "P9")
    play(NOUN, "issue", "C1", "--person", "P1", "--person", "P4", code=REFUSED)
    play.refused(MISSING, "cannot be written", NOUN, "print", "C1", "--out", "/proc/nothing/x.pdf")
    assert play(NOUN, "list", "--json").document["rows"][0]["printed"] == 0


def test_marks_that_changed_afterwards_are_listed_and_proved(play: Player) -> None:
    play(NOUN, "issue", "C1")
    assert "every valid certificate agrees" in play(NOUN, "list", "--unsupported").err
    desk = Desk(play.url, "clerk")
    with desk.writing() as work:
        uid = work.session.exec(select(TrainingSession.uid)).first()
        assert uid is not None
        record_mark(work, session=uid, person="P1", status="absent", device="pc")
        work.commit()
    decide(desk, "P2", "not_completed", reason="补考不合格")
    found = play(NOUN, "list", "--unsupported", "--json").document["certificates"]
    assert [(one["person"], one["kind"]) for one in found] == [
        ("P1", "decision"), ("P1", "hours"), ("P2", "decision"),
    ]  # fmt: skip
    proved = play("verify", code=REFUSED, lang="zh").out
    assert "证上为 8 学时，而 学员P1 在 C1 实得 4 学时" in proved
    assert "补考不合格" in proved


def test_a_register_goes_elsewhere_and_back_and_clashes_are_refused(
    play: Player, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = play(NOUN, "issue", "C1", "--json").document["issued"]
    play(NOUN, "revoke", FIRST, "--reason", "冒名")
    play("export", tmp_path / "one")
    other = Player(f"sqlite:///{tmp_path}/other.db", capfd, monkeypatch, "2023-02-10")
    other("import", tmp_path / "one")
    other("export", tmp_path / "two")
    for name in ("certificates.csv", "certificate_steps.csv", "completions.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    # its codes hold there, though the key that made them is not there
    valid = made[1]
    checked = other(NOUN, "check", valid["number"], valid["code"])
    assert "another office’s key" in checked.err
    assert other(NOUN, "check", FIRST, made[0]["code"], code=REFUSED).out.startswith("revoked")
    file = tmp_path / "two" / "certificates.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(",学员P2,", ",学员P5,"), encoding="utf-8")
    told = play("import", tmp_path / "two", code=REFUSED, lang="zh")
    assert valid["number"] in told.out + told.err
    assert play(NOUN, "list", "--json").document["rows"][1]["name"] == "学员P2"
