"""Files of the needs: surveys, responses, suggestions, applications. Their columns are ours."""

from __future__ import annotations

from typing import Final

from db.tables import Application, Response, Suggestion, Survey
from trainer.dataset.columns import code, date, integer, items, number, ref, text
from trainer.dataset.schema import File, Span

NEEDS: Final = (
    File(
        "surveys",
        ("需求调查", "调查"),
        "Surveys of training needs.",
        Survey,
        (
            code("code", "代码|编码", "its code"),
            text("title", "名称|标题", "its title", required=True),
            date("opened", "开始日期|启动日期", "first day"),
            date("closed", "结束日期|截止日期", "last day"),
            text("audience", "对象|调查对象", "whom it asks"),
            integer("targets_at_least", "对象人数下限|人数下限", "people asked, a lower bound"),
            items("questions", "问题|题目", "its questions"),
        ),
        key=("code",),
        spans=(Span("opened", "closed"),),
    ),
    File(
        "responses",
        ("调查答卷", "答卷"),
        "Answers to surveys. The file states all answers to each survey it names.",
        Response,
        (
            ref("survey", "调查|调查代码", "the survey", "surveys", required=True),
            ref("person", "人员|人员代码", "who answered", "people"),
            ref("unit", "单位|单位代码", "from which unit", "units"),
            date("answered_at", "填写日期|日期", "when"),
            text("focus", "重点|能力重点", "what to strengthen"),
            text("topic", "专题|主题", "the topic wished for"),
            text("measure_wish", "希望方式|培训方式", "the way of training wished for"),
            text("problem", "难题|问题", "the problem most wanted solved"),
        ),
        owner=("survey",),
        mate=("person",),
    ),
    File(
        "suggestions",
        ("意见建议", "建议"),
        "Suggestions and what became of each.",
        Suggestion,
        (
            code("code", "代码|编码", "its code"),
            ref("survey", "调查|调查代码", "the survey that brought it", "surveys"),
            ref("unit", "单位|单位代码", "from which unit", "units"),
            ref("person", "人员|人员代码", "from whom", "people"),
            text("text", "内容|建议内容", "its words"),
            text("topic", "专题|主题", "the topic"),
            text("state", "状态", "any word: open, merged, adopted, rejected"),
            ref("merged_into", "并入", "the suggestion it was merged into", "suggestions"),
            ref("became", "形成班次|转化班次", "the class that came of it", "classes"),
            text("reason", "原因|理由", "why"),
        ),
        key=("code",),
        chains=("merged_into",),
    ),
    File(
        "applications",
        ("办班申请", "申请"),
        "Units' applications to run a class.",
        Application,
        (
            code("code", "代码|编码", "its code"),
            ref("unit", "单位|申请单位", "who applies", "units"),
            text("title", "名称|班次名称", "the class's title"),
            text("topic", "专题|主题", "the topic"),
            text("audience", "对象|培训对象", "for whom"),
            integer("size", "人数|计划人数", "trainees"),
            number("days", "天数", "days; halves are possible", low=0),
            integer("month", "月份", "the month wished for", 1, high=12),
            text("measure", "举措|方式", "any word; the four measures are usual"),
            text("reason", "原因|理由|申请理由", "why"),
            text("state", "状态", "any word: open, approved, merged, rejected"),
            ref("class", "班次|班次代码", "the class that came of it", "classes",
                field="class_code"),
        ),
        key=("code",),
    ),
)  # fmt: skip
