"""Files of the annual plan: teachers, courses, classes, syllabi, enrolments, unavailability."""

from __future__ import annotations

import datetime as dt
from typing import Final

from db.tables import (
    Course,
    Enrolment,
    SyllabusItem,
    Teacher,
    TrainingClass,
    Unavailability,
    words,
)
from trainer.dataset.columns import (
    code,
    date,
    flag,
    integer,
    items,
    period,
    ref,
    refs,
    text,
    word,
)
from trainer.dataset.columns import words as word_list
from trainer.dataset.schema import Column, File, Span

#: What stands for a blank first and last day where the database wants one.
EVER: Final = (dt.date(1900, 1, 1), dt.date(2999, 12, 31))
_CLASS: Final = "班次|班次代码"


def _class(note: str, *, required: bool = True) -> Column:
    return ref("class", _CLASS, note, "classes", required=required, field="class_code")


PLAN: Final = (
    File(
        "teachers",
        ("教师", "师资", "师资库", "授课教师"),
        "Who teaches. May teach a course: its `teachers` and those whose `courses` name it.",
        Teacher,
        (
            code("code", "代码|编码|教师代码", "the teacher's code"),
            text("name", "姓名|名称", "the teacher's name", required=True),
            word("kind", "类别|类型", "what sort of teacher", words.TEACHER_KINDS),
            ref("unit", "单位|所在单位", "the teacher's unit", "units"),
            ref("person", "人员|人员代码", "the same human being on the roster", "people"),
            refs("courses", "课程|可授课程", "what the teacher may teach", "courses"),
            integer("max_per_week", "每周上限|周课次上限", "most meetings a week"),
            integer("fee", "课酬|讲课费", "yuan an hour, after tax"),
        ),
        key=("code",),
    ),
    File(
        "courses",
        ("课程", "课程库"),
        "What is taught.",
        Course,
        (
            code("code", "代码|编码|课程代码", "its code"),
            text("title", "名称|课程名称|题目|专题", "its title", required=True),
            word("strand", "板块|课程板块", "red, theory or practice", words.STRANDS),
            word("focus", "重点", "which of the two focuses", words.FOCUSES),
            word("form", "形式|授课形式|教学形式", "how it is taught", words.FORMS),
            integer("periods", "节数|连续节数", "consecutive periods of a meeting", 1, default=1),
            word_list("venue_kinds", "场所类别", "sorts of place that do", words.VENUE_KINDS),
            refs("venues", "场所|指定场所", "the only places that do", "venues"),
            items("equipment", "设备|所需设备", "what the place must have"),
            refs("teachers", "教师|授课教师", "who may teach it", "teachers"),
            refs("after", "先修课程|先修|须在其后", "courses that come earlier", "courses"),
            refs("stops", "参观点|途经点", "places that a meeting visits, any order", "venues"),
            integer("stop_minutes", "每点分钟|每点停留分钟", "at each; blank = equal shares", 1),
        ),
        key=("code",),
        chains=("after",),
    ),
    File(
        "classes",
        ("班次", "培训班", "班次计划"),
        "The classes of the annual plan.",
        TrainingClass,
        (
            code("code", "代码|编码|班次代码", "its code"),
            text("title", "名称|班次名称|班名", "its title", required=True),
            text("series", "系列", "any word"),
            word("measure", "举措|方式|培训方式", "which of the four measures", words.MEASURES),
            word("focus", "重点", "which of the two focuses", words.FOCUSES),
            refs("hosts", "承办单位|协办单位|承办", "units that hold it", "units"),
            ref("sponsor", "主办单位|主办", "the unit in charge", "units"),
            integer("size", "人数|计划人数|规模", "planned trainees"),
            date("earliest", "最早日期|开始日期不早于", "no meeting before"),
            date("latest", "最晚日期|结束日期不晚于", "no meeting after"),
            integer("max_days", "最长天数|天数上限", "most days, first to last meeting", 1),
            flag("residential", "全封闭|全封闭管理|住宿", "fully closed"),
            flag("accredited", "须达标场所|达标场所", "wants accredited venues"),
            ref("head_teacher", "班主任", "the head teacher", "people"),
            refs("venues", "场所|指定场所", "the only places that do", "venues"),
            word("stage", "阶段|状态", "how far it has come", words.STAGES, default="proposed"),
        ),
        key=("code",),
        spans=(Span("earliest", "latest"),),
    ),
    File(
        "syllabus",
        ("教学计划", "教学安排", "课程安排"),
        "What each class is taught. The file states the whole syllabus of every class it names; "
        "what a row gives beside class, course and count is fixed.",
        SyllabusItem,
        (
            _class("the class"),
            ref("course", "课程|课程代码", "the course", "courses", required=True),
            integer("count", "次数|课次", "how many meetings", 1, default=1),
            ref("teacher", "教师|授课教师", "fixed teacher", "teachers"),
            ref("venue", "场所", "fixed venue", "venues"),
            date("date", "日期", "fixed date"),
            period("period", "时段|节次", "fixed first period"),
            word("position", "位置|次序", "fixed place in the class", words.POSITIONS),
            text("joint", "合班|合班标识", "equal words = one meeting held together"),
        ),
        owner=("class",),
        sequence="line",
    ),
    File(
        "enrolments",
        ("参训名单", "报名", "学员名单", "学员"),
        "Who is in which class. The file states every stay of each (class, person) it names.",
        Enrolment,
        (
            _class("the class"),
            ref("person", "人员|学员|人员代码", "the trainee", "people", required=True),
            word(
                "status",
                "状态",
                "only confirmed counts",
                words.ENROLMENT_STATES,
                default="confirmed",
            ),
            date("from", "起始日期|入班日期", "first day in the class", field="from_date"),
            date("to", "截止日期|离班日期", "last day in the class", field="to_date"),
        ),
        owner=("class", "person"),
        sequence="stint",
        spans=(Span("from", "to"),),
    ),
    File(
        "unavailable",
        ("不可用", "不可用时间", "占用"),
        "When somebody or something is not to be had. The file states all of each (kind, code) it "
        "names.",
        Unavailability,
        (
            word("kind", "类别|类型", "whose code", words.UNAVAILABLE_KINDS, required=True),
            Column(
                "code",
                "ref",
                ("代码", "编码"),
                "who or what",
                "code",
                required=True,
                target_by="kind",
            ),
            date(
                "date_from",
                "起始日期|开始日期",
                "first day; blank = from ever",
                default=EVER[0],
                silent=True,
            ),
            date(
                "date_to",
                "截止日期|结束日期",
                "last day; blank = for ever",
                default=EVER[1],
                silent=True,
            ),
            period("period", "时段|节次", "that period only; blank = all day"),
            text("reason", "原因|事由", "why"),
            text("applicant", "申请人|借用单位", "who books the venue from outside", optional=True),
            word(
                "state",
                "审批状态|状态",
                "of a booking; blank = approved, a refused one hinders nobody",
                words.BOOKING_STATES,
                optional=True,
            ),
        ),
        owner=("kind", "code"),
        # a booking that a file approves, or words otherwise, keeps its number
        mate=("date_from", "date_to", "period", "applicant"),
        spans=(Span("date_from", "date_to"),),
    ),
)

#: The file that each word of ``kind`` in unavailable.csv refers to.
UNAVAILABLE_TARGETS: Final = {
    "teacher": "teachers",
    "venue": "venues",
    "class": "classes",
    "unit": "units",
    "person": "people",
}
