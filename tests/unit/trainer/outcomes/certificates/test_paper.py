"""Certificates on paper: a page each, in both languages, whatever the names and titles are."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.factories.certified import LATER
from tests.factories.pdftext import pages_of
from trainer.errors import Refused, UsageError
from trainer.office import Office
from trainer.outcomes.certificates.facts import Issued
from trainer.outcomes.certificates.paper import (
    Layout,
    day_in_words,
    layout_of,
    print_certificates,
)
from trainer.phrases import set_language
from trainer.reports.certificates import register_report, register_sheet

ONE = Issued(
    number="邹干训结字〔2023〕第0012号",
    class_code="C1",
    person="P1",
    name="王晓明",
    title="村党组织书记示范培训班",
    from_date=dt.date(2023, 3, 6),
    to_date=dt.date(2023, 3, 10),
    quarters=161,
    office="示例县干部教育培训中心",
    issued_on=dt.date(2023, 3, 11),
    code="7K3M9QXA2T5D",
    key="0123abcd",
    series=None,
    serial=12,
    decision=None,
    replaces=None,
    reason=None,
    at=dt.datetime(2023, 3, 11, tzinfo=dt.UTC),
    by="clerk",
    name_now="王晓明",
)
LONG = replace(
    ONE,
    name="阿卜杜热合曼·阿卜杜热扎克·买买提吐尔逊",
    title="全市优秀年轻干部暨乡村振兴专题能力提升培训班（与市委组织部、市农业农村局联合举办）" * 3,
    office="示例县委组织部、示例县干部教育培训中心、示例县农业农村局" * 2,
)
RARE = replace(ONE, name="㛃𬭎䶮", from_date=dt.date(2023, 3, 6), to_date=dt.date(2023, 3, 6))
AGAIN = replace(ONE, number="C1-13", replaces="C1-2")


def test_each_has_a_page_that_says_everything_in_chinese() -> None:
    set_language("zh")
    first, long, rare, again = pages_of(print_certificates([ONE, LONG, RARE, AGAIN]))
    assert first == (
        "结业证书王晓明同志：于2023年3月6日至2023年3月10日参加“村党组织书记示范培训班”学习，"
        "完成规定的学习任务，共计40.25学时，准予结业。特发此证。证书编号邹干训结字〔2023〕第0012号"
        "校验码7K3M-9QXA-2T5D扫码，或凭编号与校验码，可向发证单位核验。示例县干部教育培训中心"
        "2023年3月11日"
    )
    assert LONG.name in long
    assert LONG.title in long
    assert LONG.office in long
    assert rare.startswith("结业证书㛃𬭎䶮同志：于2023年3月6日参加")
    assert "补发原证C1-2作废" in again


def test_where_there_are_no_hours_none_are_stated() -> None:
    """Whoever is exempt (EX-1): the usual sentence without them, in place of an own one, too."""
    set_language("zh")
    none = replace(ONE, quarters=0)
    own = Layout(statement="于{days}参加“{title}”学习，修满{hours}学时。")
    usual, short = pages_of(print_certificates([none, replace(none, to_date=none.from_date)], own))
    assert "于2023年3月6日至2023年3月10日参加“村党组织书记示范培训班”学习，完成规定的" in usual
    assert "于2023年3月6日参加“村党组织书记示范培训班”学习，完成规定的学习任务，准予结业" in short
    assert "学时" not in usual + short


def test_each_has_a_page_in_english_with_a_place_for_a_photograph() -> None:
    (page,) = pages_of(print_certificates([ONE], Layout(photo=True)))
    assert "CertificateofCompletion".lower() in page.lower()
    assert "Thisistocertifythat王晓明hascompletedtheclass村党组织书记示范培训班," in page
    assert "from6March2023to10March2023,with40.25hoursoftraining." in page
    assert "photo" in page


def test_the_same_certificate_gives_the_same_bytes() -> None:
    assert print_certificates([ONE]) == print_certificates([ONE])


def test_a_letter_that_the_font_lacks_is_told_and_nothing_is_printed() -> None:
    with pytest.raises(Refused, match="no letter for “ཨ” on C1-13 of 扎ཨ西"):
        print_certificates([ONE, replace(AGAIN, name="扎ཨ西")])


def test_a_day_is_written_as_documents_write_it() -> None:
    assert day_in_words(LATER).split() == ["10", "February", "2023"]
    set_language("zh")
    assert day_in_words(LATER) == "2023年2月10日"


def test_an_office_sets_a_place_for_a_photograph_and_its_own_statement() -> None:
    set_language("zh")
    assert layout_of(Office()) == Layout(photo=False, statement=None)
    text = "于{days}在我校参加{title}，计{hours}学时，经考核合格，准予结业。"
    layout = layout_of(Office(policies={"certificate": {"photo": True, "statement": text}}))
    first, second = pages_of(print_certificates([ONE, RARE], layout))
    assert "于2023年3月6日至2023年3月10日在我校参加村党组织书记示范培训班，计40.25学时，" in first
    assert "于2023年3月6日在我校参加" in second
    assert "贴照片处" in first


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("photo", "yes"), ("statement", "{name}"), ("statement", "{title!r}"), ("statement", ""),
        ("statement", "{title"), ("statement", 5), ("statement", "{title.__class__}"),
    ],
)  # fmt: skip
def test_a_setting_that_is_not_usable_is_refused(name: str, value: object) -> None:
    with pytest.raises(UsageError, match=f"policies.certificate.{name} is not usable"):
        layout_of(Office(policies={"certificate": {name: value}}))


def test_the_register_has_a_place_to_sign_and_says_what_became_of_each() -> None:
    set_language("zh")
    gone = replace(
        ONE, state="revoked", ended_on=dt.date(2023, 4, 1), ended_why="抄袭", unit_name="市财政局"
    )
    (page,) = pages_of(register_sheet([gone, AGAIN], "全部日期", "示例县干部教育培训中心"))
    for said in ("结业证书发证登记簿", "领取人签名", "市财政局", "2023-04-01撤销：抄袭",
                 "补发，原证C1-2", "共2份，有效1份", "登记人：____________"):  # fmt: skip
        assert said in page
    total = register_report([gone, AGAIN]).total
    assert (total["certificates"], total["valid"], total["revoked"], total["replaced"]) == (
        2, 1, 1, 0,
    )  # fmt: skip
