"""Files of what came of classes: marks of exams and works, completion, certificates.

All are logs: a row never changes, and one that another `replaces` is out.
"""

from __future__ import annotations

from typing import Final

from db.tables import Certificate, CertificateStep, Completion, Score, words
from trainer.dataset.columns import (
    code,
    date,
    facts,
    flag,
    instant,
    integer,
    number,
    ref,
    text,
    word,
)
from trainer.dataset.schema import Column, File, Span


def _class() -> Column:
    return ref("class", "班次|班次代码", "the class", "classes", required=True, field="class_code")


def _person() -> Column:
    return ref("person", "人员|学员|人员代码", "the trainee", "people", required=True)


def _replaces(what: str) -> Column:
    return Column("replaces", "code", ("替代", "更正"), f"the {what} that it replaces", "replaces")


def _recorded(*, required: bool = True) -> tuple[Column, ...]:
    return (
        instant("at", "记录时间", "when it was recorded", required=required),
        text("by", "记录人", "by whom"),
    )


OUTCOMES: Final = (
    File(
        "scores",
        ("考核", "成绩", "考核成绩"),
        "Assessment: exams, retakes, graded works. A row without an `id` is the stored one that "
        "says the same, else a new one, in place of what stood of the same trainee, kind and "
        "attempt.",
        Score,
        (
            Column(
                "id", "code", ("标识", "记录标识", "编号"),
                "the entry's UUID; blank = from what the row says", "id",
            ),
            _class(),
            _person(),
            text("kind", "类别|类型|考核类别", "any word: exam, retake, report, reflection"),
            number("score", "分数|成绩", "marks"),
            flag("passed", "合格|是否合格", "passed or not, as the examiner said"),
            date("date", "日期", "when"),
            text("note", "备注|说明", "any words"),
            integer(
                "attempt", "次数|第几次", "which attempt, the exam being the first, or which work; "
                "blank = as the rows come", 1,
            ),
            text("title", "题目|标题", "of a work its title"),
            text("grade", "等级|等次", "in words: 优秀, 良好, 合格, 不合格"),
            text("examiner", "评阅人|考官", "who marked it"),
            *_recorded(required=False),
            text("reason", "更正原因|原因", "why it replaces another"),
            _replaces("entry"),
        ),
        key=("id",),
        union=True,
    ),
    File(
        "completions",
        ("结业认定",),
        "Who completed a class, as it was decided, overridden and opened again.",
        Completion,
        (
            code("id", "标识|记录标识|编号", "the record's UUID"),
            _class(),
            _person(),
            word("step", "环节|处理", "what was done", words.COMPLETION_STEPS, required=True),
            word("result", "结果|认定结果", "the result in force from then on", words.RESULTS),
            flag("override", "破例", "against the rules, by two persons", default=False),
            facts("figures", "数据|各项数据", "what each condition came to at that time"),
            text("rules", "规则版本", "the version of the rules"),
            text("reason", "原因|事由|理由", "why"),
            *_recorded(),
            _replaces("record"),
        ),
        key=("id",),
        union=True,
        optional=True,
    ),
    File(
        "certificates",
        ("结业证", "结业证书"),
        "Certificates of completion; a number is never used twice.",
        Certificate,
        (
            code("number", "证书编号|编号", "its number"),
            _class(),
            _person(),
            text("name", "姓名", "the name on it", required=True),
            text("title", "班次名称", "the class's title on it", required=True),
            date("from", "开班日期|起始日期", "the first day on it", required=True,
                 field="from_date"),
            date("to", "结业日期|截止日期", "the last day on it", required=True, field="to_date"),
            integer("quarters", "学时刻数", "the hours on it, in quarter-hours", required=True),
            text("office", "发证单位", "the office on it", required=True),
            date("issued_on", "发证日期|签发日期", "the day on it", required=True),
            text("code", "校验码", "its check code", required=True),
            text("key", "密钥标识", "which key made the check code", required=True),
            text("series", "编号系列", "the series in which its number is counted"),
            integer("serial", "流水号|序号", "its place in that series", 1),
            Column(
                "decision", "code", ("认定记录",), "the record of completion that it rests on",
                "decision",
            ),
            _replaces("certificate's number"),
            text("reason", "换发原因|原因", "why it replaces another"),
            *_recorded(),
        ),
        key=("number",),
        spans=(Span("from", "to"),),
        union=True,
        optional=True,
    ),
    File(
        "certificate_steps",
        ("结业证处理", "证书处理记录"),
        "What became of certificates: printed, once more too, and revoked.",
        CertificateStep,
        (
            code("id", "标识|记录标识|编号", "the record's UUID"),
            ref("certificate", "证书编号|结业证", "the certificate's number", "certificates",
                required=True),
            word("step", "处理|结果", "what was done", words.CERTIFICATE_STEPS, required=True),
            date("date", "日期", "the day from which it holds"),
            text("reason", "原因|事由|理由", "why"),
            *_recorded(),
        ),
        key=("id",),
        union=True,
        optional=True,
    ),
)  # fmt: skip
