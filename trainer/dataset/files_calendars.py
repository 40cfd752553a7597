"""Files of what was published: versions of the timetable, their sessions, and the ways to sites.

With them an office that is taken elsewhere keeps saying the same in its calendars, under the same
UIDs and numbers. They are written only where something was published.
"""

from __future__ import annotations

from typing import Final

from db.tables import ExtraEvent, Publication, PublishedSession, words
from trainer.dataset.columns import (
    code,
    date,
    facts,
    flag,
    instant,
    integer,
    text,
    word,
)
from trainer.dataset.schema import Column, File, Span


def _plain_code(name: str, zh: str, note: str, **more: str) -> Column:
    """Return a code of something that may be no more: what was published stays as it was."""
    return Column(name, "code", tuple(zh.split("|")), note, more.get("field", name))


CALENDARS: Final = (
    File(
        "publications",
        ("发布版本", "发布记录"),
        "The versions of the timetable that were published. A row never changes.",
        Publication,
        (
            integer("number", "版本|版本号", "the version, counted from 1", 1, required=True),
            instant("at", "发布时间", "when it was made", required=True),
            text("by", "发布人", "by whom", required=True),
            text("note", "备注|说明", "what it is about"),
        ),
        key=("number",),
        union=True,
        optional=True,
    ),
    File(
        "published_sessions",
        ("已发布课次", "发布课表"),
        "Each state of a session that a version brought; it holds until a later version brings "
        "another. A row never changes.",
        PublishedSession,
        (
            code("uid", "标识|课次标识", "the session's UUID"),
            integer("publication", "版本|版本号", "the version that brought it", 1, required=True,
                    field="first"),
            integer("sequence", "修订号", "its SEQUENCE in calendars", default=0),
            instant("revised_at", "修订时间", "its DTSTAMP in calendars", required=True),
            code("class", "班次|班次代码", "the class", field="class_code"),
            code("course", "课程|课程代码", "the course"),
            integer("seq", "序号|第几次", "which meeting of the course", 1, required=True),
            date("date", "日期", "its date", required=True),
            code("period", "时段|节次", "its first period"),
            integer("periods", "节数|连续节数", "how many", 1, required=True),
            instant("start", "开始时间|开始", "when it begins", required=True),
            instant("end", "结束时间|结束", "when it ends", required=True),
            _plain_code("venue", "场所|场所代码", "where"),
            _plain_code("teacher", "教师|授课教师", "who teaches"),
            word("status", "状态", "what it was", words.PUBLISHED_STATES, required=True),
            text("joint", "合班|合班标识", "equal words = one meeting held together"),
            facts("facts", "日程内容", "the names and words that calendars quote"),
        ),
        key=("uid", "publication"),
        spans=(Span("start", "end", equal=False),),
        union=True,
        optional=True,
    ),
    File(
        "extra_events",
        ("行程", "往返行程"),
        "The ways to field sites and back, and the stops of field days, with the UID under which "
        "calendars show them for ever, as they were last published. A kind is `to` or `back`; of a "
        "field day with several stops it is `stop:` or `way:` and the code of the venue.",
        ExtraEvent,
        (
            code("session", "课次|课次标识", "the session's uid"),
            word("kind", "类别|方向", "to it, or back from it; a stop of it, or the way there",
                 words.EXTRA_EVENTS, required=True),
            code("uid", "标识|行程标识", "the event's own UUID"),
            integer("publication", "版本|版本号", "the version that brought this state; blank = "
                    "not yet published", 1, field="first"),
            integer("sequence", "修订号", "its SEQUENCE in calendars", default=0),
            instant("revised_at", "修订时间", "its DTSTAMP in calendars"),
            instant("start", "开始时间|开始", "when it begins"),
            instant("end", "结束时间|结束", "when it ends"),
            text("place", "地点|目的地", "where it is, or leads"),
            flag("cancelled", "已取消", "no longer made", default=False),
        ),
        key=("session", "kind"),
        spans=(Span("start", "end", equal=False),),
        optional=True,
    ),
)  # fmt: skip
