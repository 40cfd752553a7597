"""Files of the roster and of places: units, groups, people, venues, accreditation, travel."""

from __future__ import annotations

from typing import Any, Final

from db.tables import AccreditationItem, Person, Travel, Unit, UnitGroup, Venue, words
from trainer.dataset.columns import (
    code,
    date,
    flag,
    integer,
    items,
    latitude,
    longitude,
    month_day,
    ref,
    refs,
    text,
    time,
    weekdays,
    word,
)
from trainer.dataset.schema import File, Span

#: Columns that came later: an export leaves them out where nobody has filled them in.
LATE: Final[dict[str, Any]] = {"optional": True}

ROSTER: Final = (
    File(
        "units",
        ("单位", "组织", "单位表"),
        "Units of the organisation, as a tree.",
        Unit,
        (
            code("code", "代码|编码|单位代码", "its code"),
            text("name", "名称|单位名称", "its name", required=True),
            text("kind", "类别|类型|单位类别", "any word"),
            ref("parent", "上级单位|上级", "the unit above it", "units"),
            ref(
                "second_parent", "第二上级单位|第二上级|双管单位", "its second supervisor", "units"
            ),
            latitude(),
            longitude(),
        ),
        key=("code",),
        chains=("parent", "second_parent"),
    ),
    File(
        "groups",
        ("联盟", "组", "单位组"),
        "Groups of units beside the tree (alliances).",
        UnitGroup,
        (
            code("code", "代码|编码", "its code"),
            text("name", "名称", "its name", required=True),
            text("kind", "类别|类型", "any word"),
            refs("members", "成员单位|成员", "the units in it", "units"),
        ),
        key=("code",),
    ),
    File(
        "people",
        ("人员", "花名册", "人员名册", "人员表"),
        "The roster: cadres, party members, guests.",
        Person,
        (
            code("code", "代码|编码|人员代码|人员编号|编号", "the person's code"),
            text("name", "姓名|名称", "the person's name", required=True),
            ref("unit", "单位|所在单位|单位代码", "where the person belongs", "units"),
            text("position", "职务|职务职级|职位", "post, any words"),
            text("category", "类别|人员类别", "any word; “guest” for a guest"),
            word("tier", "雁阵|层级|梯队", "the goose formation (三雁)", words.TIERS),
            text("party_status", "政治面貌|党员身份", "any word"),
            text("gender", "性别", "any word"),
            integer("birth_year", "出生年份|出生年", "the year of birth", 1900, high=2100),
            text("phone", "电话|手机|联系电话|手机号", "telephone, as written"),
            date("joined", "到岗日期|加入日期|入职日期", "first day on the roster"),
            date("left", "离岗日期|离开日期|离职日期", "last day on the roster"),
        ),
        key=("code",),
        spans=(Span("joined", "left"),),
    ),
    File(
        "venues",
        ("场所", "场地", "教学场所", "教学点"),
        "Where teaching happens.",
        Venue,
        (
            code("code", "代码|编码|场所代码", "its code"),
            text("name", "名称|场所名称", "its name", required=True),
            word("kind", "类别|类型", "what sort of place", words.VENUE_KINDS, required=True),
            ref("unit", "所属单位|单位", "whose it is", "units"),
            integer("capacity", "容量|容纳人数", "seats"),
            integer("parallel", "同时场次|并行数", "meetings at once", 1, default=1),
            items("equipment", "设备|设施", "what it has"),
            latitude(),
            longitude(),
            time("open_from", "开放时间起|开门时间", "opens at"),
            time("open_to", "开放时间止|关门时间", "closes at"),
            month_day("season_from", "季节起|开放季起", "first day of its season"),
            month_day("season_to", "季节止|开放季止", "last day; may wrap the year's end"),
            weekdays("closed_weekdays", "闭馆日|休息日|每周关闭日", "closed on these weekdays"),
            refs(
                "shared_with",
                "共享单位|共享给|共享范围",
                "who else may use it; blank = open to all",
                "units",
                "groups",
            ),
            date("accredited_until", "达标有效期|认证有效期", "last day of its accreditation"),
            ref("part_of", "所属整体场地|上级场地", "the venue it is a part of", "venues"),
            integer(
                "exam_capacity", "考试容量|考位", "seats at an exam; blank = as always", **LATE
            ),
            flag("outdoor", "露天|室外", "in the open, so that the weather matters", **LATE),
            ref(
                "plan_b", "备用场地|雨天备用场地|雨天预案", "used in bad weather", "venues", **LATE
            ),
            integer("guides", "讲解员|讲解员人数", "groups led at once; blank = no limit", **LATE),
            integer("group_size", "每组人数|分组人数", "the most people of a group", 1, **LATE),
            text("safety_contact", "安全联系人|安全员", "who answers for safety there", **LATE),
            text("safety_phone", "安全联系电话|安全员电话", "telephone, as written", **LATE),
            text(
                "notes",
                "注意事项|急救与须知",
                "first aid, what to bring: for the run sheet",
                **LATE,
            ),
        ),
        key=("code",),
        chains=("part_of",),
        spans=(Span("open_from", "open_to", equal=False),),
    ),
    File(
        "accreditation",
        ("达标", "十有", "达标情况"),
        "What each venue has of the “ten haves” (十有).",
        AccreditationItem,
        (
            ref("venue", "场所|场所代码", "the venue", "venues", required=True),
            text("item", "项目|十有项目", "the item, any word", required=True),
            text("evidence", "佐证|依据", "what shows it"),
            date("date", "日期", "since when"),
        ),
        key=("venue", "item"),
    ),
    File(
        "travel",
        ("路程", "车程", "路途时间"),
        "Minutes between venues that override what coordinates give; both ways unless both are "
        "given.",
        Travel,
        (
            ref("from", "起点|出发地", "from here", "venues", required=True, field="from_venue"),
            ref("to", "终点|目的地", "to there", "venues", required=True, field="to_venue"),
            integer("minutes", "分钟|分钟数", "how long", required=True),
        ),
        key=("from", "to"),
    ),
)
