"""Files of the year as it runs: sessions, marks, leave requests."""

from __future__ import annotations

from typing import Final

from db.tables import Leave, LeaveStep, Mark, TrainingSession, words
from trainer.dataset.columns import (
    code,
    date,
    flag,
    instant,
    integer,
    period,
    ref,
    refs,
    text,
    time,
    word,
)
from trainer.dataset.schema import Column, File, Span

#: The greatest count that a spreadsheet still holds exactly; milliseconds since 1970 are far less.
MOST_COUNTED: Final = 2**53 - 1


def _class(note: str, *, required: bool = True) -> Column:
    return ref("class", "班次|班次代码", note, "classes", required=required, field="class_code")


TIMETABLE: Final = (
    File(
        "sessions",
        ("课表", "课次", "排课"),
        "The meetings of the timetable, stored as they come: `trainer timetable check` judges "
        "them.",
        TrainingSession,
        (
            Column(
                "uid", "code", ("标识", "课次标识", "UID"),
                "the meeting's UUID, kept for ever; blank = that of the same class, course and "
                "seq, else a new one",
                "uid",
            ),
            _class("the class"),
            ref("course", "课程|课程代码", "the course", "courses", required=True),
            integer("seq", "序号|第几次", "which meeting of the course; blank = the next", 1),
            date("date", "日期", "its date", required=True),
            period("period", "时段|节次", "its first period", required=True),
            integer("periods", "节数|连续节数", "how many; blank = the course's", 1),
            instant("start", "开始时间|开始", "blank = as the office's periods say"),
            instant("end", "结束时间|结束", "blank = as the office's periods say"),
            ref("venue", "场所|场所代码", "where", "venues"),
            ref("teacher", "教师|授课教师", "who teaches", "teachers"),
            word("status", "状态", "how far it has come", words.SESSION_STATES, default="planned"),
            flag("locked", "锁定", "no solver moves it", default=False),
            text("joint", "合班|合班标识", "equal words = one meeting held together"),
            refs("stops", "参观顺序|途经顺序", "its places, as they are visited", "venues"),
            ref("instead_of", "原定场所|原场所", "the site its plan B stands in for", "venues",
                optional=True),
        ),
        key=("uid",),
        spans=(Span("start", "end", equal=False),),
    ),
    File(
        "marks",
        ("考勤", "考勤记录", "点名记录"),
        "The log of attendance: one row per event ever recorded. A row never changes; another that "
        "`replaces` it corrects it.",
        Mark,
        (
            code("id", "标识|记录标识|编号", "the event's UUID"),
            ref("session", "课次|课次标识", "the session's uid", "sessions", required=True),
            ref("person", "人员|学员|人员代码", "who", "people", required=True),
            word("status", "状态|考勤状态", "what; void takes back", words.MARK_STATUSES,
                 required=True),
            integer("minutes", "分钟|缺课分钟", "minutes missed"),
            instant("at", "记录时间|时间", "when it was recorded", required=True),
            text("by", "记录人", "by whom"),
            text("device", "设备", "on which device"),
            integer("counter", "计数|设备计数", "the device's own count", high=MOST_COUNTED),
            Column("replaces", "code", ("替代", "更正"), "the mark that it replaces", "replaces"),
            text("note", "备注|说明", "any words"),
        ),
        key=("id",),
        union=True,
    ),
    File(
        "leaves",
        ("请假", "请假单", "请假记录"),
        "Leave requests.",
        Leave,
        (
            code("id", "标识|编号|请假编号", "the request's own id"),
            ref("person", "人员|学员|人员代码", "who", "people", required=True),
            _class("from which class; blank = from all", required=False),
            text("kind", "类别|类型|请假类别", "any word: sick, personal, duty"),
            date("date_from", "起始日期|开始日期", "first day", required=True),
            period("period_from", "起始时段|开始时段", "first period; blank = the whole day"),
            date("date_to", "截止日期|结束日期", "last day", required=True),
            period("period_to", "截止时段|结束时段", "last period; blank = the whole day"),
            text("reason", "原因|事由", "why"),
            text("paper", "证明|佐证", "its paper: a hospital's note, the unit's note"),
            text("status", "状态", "any word: requested, approved, refused, returned"),
            text("approved_by", "批准人", "who approved it"),
            date("asked_at", "申请日期", "when it was asked for"),
            date("returned_at", "销假日期", "when the return was reported"),
            time("time_from", "起始时间|开始时间",
                 "from when on the first day; not beside a period"),
            time("time_to", "截止时间|结束时间",
                 "until when on the last day; not beside a period"),
        ),
        key=("id",),
        spans=(Span("date_from", "date_to"),),
    ),
    File(
        "leave_steps",
        ("请假审批", "请假审批记录"),
        "Who gave which step of the ladder to a leave request (LV-4). A row never changes.",
        LeaveStep,
        (
            code("id", "标识|记录标识|编号", "the record's UUID"),
            ref("leave", "请假单|请假编号", "the request's id", "leaves", required=True),
            text("step", "审批环节|环节", "a step of the office's ladder: head_teacher, "
                 "teaching_office, …", required=True),
            text("approver", "批准人|审批人", "who gave it"),
            text("reason", "原因|事由|理由", "why out of order, or by one person twice"),
            instant("at", "记录时间", "when it was recorded", required=True),
            text("by", "记录人", "by whom"),
        ),
        key=("id",),
        union=True,
        optional=True,
    ),
)  # fmt: skip
