"""Files around the marks: exemptions, make-ups, closings, freezes, corrections, alerts seen to.

They are written only where there is something to write.
"""

from __future__ import annotations

from typing import Final

from db.tables import (
    AlertCase,
    AttendanceFreeze,
    ChangedLater,
    Correction,
    Exemption,
    MakeUp,
    SessionClosing,
    words,
)
from trainer.dataset.columns import code, date, flag, instant, integer, items, ref, text, word
from trainer.dataset.schema import Column, File, Span


def _session(note: str, name: str = "session", zh: str = "课次|课次标识") -> Column:
    return ref(name, zh, note, "sessions", required=True)


def _person(note: str, *, required: bool = True) -> Column:
    return ref("person", "人员|学员|人员代码", note, "people", required=required)


REGISTER: Final = (
    File(
        "exemptions",
        ("免考勤", "免予考勤"),
        "Who need not attend from one day to another (EX-1). The file states all exemptions of "
        "each person it names.",
        Exemption,
        (
            _person("who"),
            ref("class", "班次|班次代码", "in which class; blank = in all", "classes",
                field="class_code"),
            date("from", "起始日期", "first day; blank = from ever", field="from_date"),
            date("to", "截止日期", "last day; blank = for ever", field="to_date"),
            text("reason", "原因|事由|理由", "why", required=True),
        ),
        owner=("person",),
        mate=("class", "from"),
        spans=(Span("from", "to"),),
        optional=True,
    ),
    File(
        "make_ups",
        ("补课", "补课安排"),
        "Which session makes up for which missed one. The file states all that each session it "
        "names makes up for.",
        MakeUp,
        (
            _session("the session that makes up"),
            _session("the missed session", "missed", "所补课次|缺课课次"),
            _person("for whom only; blank = for all who missed it", required=False),
            text("note", "备注|说明", "any words"),
        ),
        owner=("session",),
        mate=("missed", "person"),
        optional=True,
    ),
    File(
        "closings",
        ("考勤关闭", "课次关闭"),
        "Sessions whose roll somebody closed, or opened again.",
        SessionClosing,
        (
            _session("the session's uid"),
            flag("closed", "已关闭|是否关闭", "closed, or opened again", required=True),
            instant("at", "时间", "when", required=True),
            text("by", "办理人", "by whom", required=True),
            text("reason", "原因|事由|理由", "why"),
        ),
        key=("session",),
        optional=True,
    ),
    File(
        "freezes",
        ("考勤冻结", "冻结"),
        "Up to which days the figures were handed in and are frozen.",
        AttendanceFreeze,
        (
            date("until", "截止日期|冻结至", "the last frozen day", required=True),
            instant("at", "时间", "when it was frozen", required=True),
            text("by", "办理人", "by whom", required=True),
            text("reason", "原因|事由|理由", "why"),
            instant("lifted_at", "解除时间", "when it was lifted; blank = it holds"),
            text("lifted_by", "解除人", "by whom"),
            text("lifted_reason", "解除原因", "why"),
        ),
        key=("until",),
        optional=True,
    ),
    File(
        "changed_later",
        ("冻结后变更",),
        "What counted when its period was frozen, where something else counts by now.",
        ChangedLater,
        (
            _session("the session's uid"),
            _person("who"),
            word("status", "状态|考勤状态", "what counted; blank = unmarked", words.MARK_STATUSES),
            integer("minutes", "分钟|缺课分钟", "minutes missed"),
            instant("at", "时间", "when it changed", required=True),
        ),
        key=("session", "person"),
        optional=True,
    ),
    File(
        "corrections",
        ("考勤更正", "更正"),
        "Corrections of closed sessions: proposed by one person, decided by another.",
        Correction,
        (
            code("id", "标识|编号", "the correction's UUID"),
            _session("the session's uid"),
            _person("whose mark"),
            word("status", "状态|考勤状态", "what is proposed; void = unmarked",
                 words.MARK_STATUSES, required=True),
            integer("minutes", "分钟|缺课分钟", "minutes missed"),
            text("reason", "原因|事由|理由", "why", required=True),
            instant("asked_at", "提出时间", "when it was proposed", required=True),
            text("asked_by", "提出人", "by whom", required=True),
            word("state", "处理状态", "what became of it", words.CORRECTION_STATES, required=True),
            instant("decided_at", "处理时间", "when it was decided"),
            text("decided_by", "处理人|审核人", "by whom"),
            text("decided_reason", "处理意见", "why so"),
            Column("base", "code", ("原记录",), "the mark that counted then", "base"),
            Column("mark", "code", ("更正记录",), "the mark that came of it", "mark"),
        ),
        key=("id",),
        optional=True,
    ),
    File(
        "alert_cases",
        ("预警处理",),
        "Alerts that somebody took on or saw to.",
        AlertCase,
        (
            code("key", "标识|编号", "the alert's id"),
            text("kind", "类别", "what it is about", required=True),
            text("class", "班次|班次代码", "the class, if any", field="class_code"),
            text("person", "人员|学员|人员代码", "the person, if any"),
            text("session", "课次|课次标识", "the session, if any"),
            word("state", "处理状态", "taken on, or seen to", words.CASE_STATES, required=True),
            text("owner", "负责人", "who sees to it", required=True),
            instant("at", "时间", "when it was said", required=True),
            text("by", "登记人", "by whom", required=True),
            text("note", "处理情况|备注", "what was done"),
            items("facts", "依据", "what it rested on then"),
        ),
        key=("key",),
        optional=True,
    ),
)  # fmt: skip
