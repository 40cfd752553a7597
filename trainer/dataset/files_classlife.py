"""Files of life in a class: groups, branch and committee, duty, rooms, evenings, leaving.

All but the rooms are logs: a row never changes, and one that another `replaces` is out. They are
written only where there is something to write.
"""

from __future__ import annotations

from typing import Final

from db.tables import (
    BedPlace,
    ClassBranch,
    ClassPost,
    DutyEntry,
    DutyTurn,
    ExitPermit,
    ExitStep,
    GroupPlace,
    NightCheck,
    Room,
    words,
)
from trainer.dataset.columns import (
    code,
    date,
    flag,
    instant,
    integer,
    items,
    ref,
    text,
    word,
)
from trainer.dataset.schema import Column, File, Span


def _id() -> Column:
    return code("id", "标识|记录标识|编号", "the record's UUID")


def _class() -> Column:
    return ref("class", "班次|班次代码", "the class", "classes", required=True, field="class_code")


def _person(note: str, *, required: bool = True) -> Column:
    return ref("person", "人员|学员|人员代码", note, "people", required=required)


def _group(note: str) -> Column:
    return text("group", "组别|小组", note, field="group_name")


def _why() -> Column:
    return text("reason", "原因|事由|理由", "why")


def _recorded(*, device: bool = False, replaces: bool = True) -> tuple[Column, ...]:
    columns = [
        instant("at", "记录时间", "when it was recorded", required=True),
        text("by", "记录人", "by whom"),
    ]
    if device:
        columns.append(text("device", "设备", "on which device"))
    if replaces:
        columns.append(
            Column("replaces", "code", ("替代", "更正"), "the record that it replaces", "replaces")
        )
    return tuple(columns)


CLASSLIFE: Final = (
    File(
        "rooms",
        ("房间", "宿舍", "住宿房间"),
        "Rooms with beds, and the place that they belong to.",
        Room,
        (
            code("code", "代码|房间号|编码", "the room's own code"),
            ref("venue", "场所|场所代码", "the place that it belongs to", "venues"),
            text("name", "名称|房间", "its name", required=True),
            integer("beds", "床位|床位数", "how many beds", required=True),
            text("gender", "性别", "for whom; blank = for anybody"),
            text("note", "备注|说明", "any words"),
        ),
        key=("code",),
        optional=True,
    ),
    File(
        "class_groups",
        ("编组", "分组", "班级编组"),
        "Who belongs to which group of a class from a day on; what was before stays.",
        GroupPlace,
        (
            _id(),
            _class(),
            _person("who"),
            _group("the group; blank = none any more"),
            date("since", "起始日期|开始日期", "from this day on; blank = from the beginning"),
            _why(),
            *_recorded(),
        ),
        key=("id",),
        union=True,
        optional=True,
    ),
    File(
        "class_branches",
        ("临时党支部",),
        "Temporary branches; one that ends is the same with its last day, in another row.",
        ClassBranch,
        (
            _id(),
            _class(),
            text("part", "序号|支部序号", "which of several branches; blank = the only one"),
            text("name", "名称|支部名称", "its name"),
            items("groups", "所含小组|小组", "the groups that it comprises; blank = all"),
            date("from", "成立日期|起始日期", "from when it is", field="from_date"),
            date("to", "撤销日期|截止日期", "until when", field="to_date"),
            text("approved_by", "批准组织|批准人", "the organisation that approved it"),
            _why(),
            *_recorded(),
        ),
        key=("id",),
        spans=(Span("from", "to"),),
        union=True,
        optional=True,
    ),
    File(
        "class_posts",
        ("任职", "班级任职", "支委班委"),
        "Posts in a branch, in the class committee and in groups.",
        ClassPost,
        (
            _id(),
            _class(),
            word("body", "机构|类别", "in what", words.BODIES, required=True),
            text("part", "序号|小组", "which branch or which group"),
            text("post", "职务", "the post", required=True),
            _person("who; blank = nobody any more", required=False),
            date("from", "任职日期|起始日期", "from when", field="from_date"),
            date("to", "免职日期|截止日期", "until when", field="to_date"),
            text("duties", "职责", "the duties of the post; blank = the usual ones"),
            _why(),
            *_recorded(),
        ),
        key=("id",),
        spans=(Span("from", "to"),),
        union=True,
        optional=True,
    ),
    File(
        "duty_rota",
        ("值班表", "轮值表"),
        "Turns of the duty rota. A row with neither person nor group takes back what it replaces.",
        DutyTurn,
        (
            _id(),
            _class(),
            date("date", "日期", "on which day", required=True),
            _person("who is on duty", required=False),
            _group("the group that is on duty"),
            _why(),
            *_recorded(),
        ),
        key=("id",),
        union=True,
        optional=True,
    ),
    File(
        "duty_log",
        ("值班日志",),
        "What those on duty wrote. An entry is amended by another that names it.",
        DutyEntry,
        (
            _id(),
            _class(),
            date("date", "日期", "of which day", required=True),
            _person("who was on duty", required=False),
            text("text", "内容|记事", "what was noted", required=True),
            *_recorded(device=True),
        ),
        key=("id",),
        union=True,
        optional=True,
    ),
    File(
        "beds",
        ("住宿安排", "床位安排"),
        "Who sleeps where, from the first night to the day of leaving.",
        BedPlace,
        (
            _id(),
            _class(),
            _person("who"),
            ref("room", "房间|房间号", "the room; blank = none any more", "rooms"),
            integer("bed", "床号", "which bed of the room", 1),
            date("from", "入住日期|起始日期", "the first night", required=True, field="from_date"),
            date("to", "退房日期|离开日期", "the day of leaving", required=True, field="to_date"),
            flag("fixed", "指定|固定", "placed by hand: no allocation moves it", default=False),
            _why(),
            *_recorded(),
        ),
        key=("id",),
        spans=(Span("from", "to", equal=False),),
        union=True,
        optional=True,
    ),
    File(
        "night_checks",
        ("晚点名", "晚点名记录"),
        "What evening roll calls found.",
        NightCheck,
        (
            _id(),
            _class(),
            date("date", "日期", "the evening", required=True),
            _person("who"),
            word("status", "状态", "found how", words.NIGHT_STATUSES, required=True),
            text("note", "备注|说明", "any words"),
            *_recorded(device=True),
        ),
        key=("id",),
        union=True,
        optional=True,
    ),
    File(
        "exits",
        ("外出审批", "外出申请", "外出单"),
        "Requests to leave the grounds.",
        ExitPermit,
        (
            _id(),
            _class(),
            _person("who"),
            instant("out_at", "外出时间", "from when", required=True),
            instant("due_at", "应返时间|返回时限", "the deadline of the return", required=True),
            text("destination", "去向|目的地", "where to"),
            _why(),
            *_recorded(replaces=False),
        ),
        key=("id",),
        spans=(Span("out_at", "due_at", equal=False),),
        union=True,
        optional=True,
    ),
    File(
        "exit_steps",
        ("外出处理", "外出审批记录"),
        "What became of requests to leave.",
        ExitStep,
        (
            _id(),
            ref("permit", "外出单|外出编号", "the request's id", "exits", required=True),
            word("step", "处理|结果", "what was done", words.EXIT_STEPS, required=True),
            text("approver", "批准人|审批人", "who decided"),
            instant("back_at", "返回时间|销假时间", "when the person was back"),
            text("note", "备注|说明", "any words"),
            *_recorded(replaces=False),
        ),
        key=("id",),
        union=True,
        optional=True,
    ),
)
