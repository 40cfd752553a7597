"""Files of teaching evaluation: questionnaires, ballots, and the sums of what was answered.

They are written only where there is something to write. Nobody's answers are in any of them; all
counts are, so the files belong to the office.
"""

from __future__ import annotations

from typing import Final

from db.tables import (
    Evaluation,
    EvaluationBallot,
    EvaluationBatch,
    EvaluationDraw,
    EvaluationForm,
    EvaluationQuestion,
    EvaluationRemark,
    EvaluationSubject,
    EvaluationTally,
    words,
)
from trainer.dataset.columns import code, date, flag, integer, items, ref, text, word
from trainer.dataset.schema import Column, File, Span


def _evaluation(note: str) -> Column:
    return ref("evaluation", "评教|评教代码", note, "evaluations", required=True)


def _key(name: str, zh: str, note: str) -> Column:
    return Column(name, "code", tuple(zh.split("|")), note, name, required=True)


EVALUATION: Final = (
    File(
        "evaluation_forms",
        ("评教问卷",),
        "Questionnaires, one row per version; a version never changes once somebody was asked.",
        EvaluationForm,
        (
            code("code", "代码|问卷代码", "name and version, such as standard@1"),
            text("name", "名称", "the same for all versions", required=True),
            integer("edition", "版本", "from 1 on", low=1, required=True),
            text("title", "标题|问卷标题", "what stands above the questions", required=True),
            text("note", "备注|说明", "what stands below the title"),
        ),
        key=("code",),
        optional=True,
    ),
    File(
        "evaluation_questions",
        ("评教题目",),
        "The questions of each version of a questionnaire.",
        EvaluationQuestion,
        (
            ref("form", "问卷|问卷代码", "of which questionnaire", "evaluation_forms",
                required=True),
            _key("key", "题号|题目代码", "by which answers name the question"),
            integer("position", "顺序", "its place on the sheet", low=1, required=True),
            word("asks", "评价内容", "of what it asks", words.ASKED_OF, required=True),
            word("kind", "题型", "how it is answered", words.QUESTION_KINDS, required=True),
            text("text", "题目", "the question", required=True),
            items("choices", "选项", "the answers from 1 on; of a scale the best last"),
            flag("required", "必答", "must be answered", default=False),
        ),
        key=("form", "key"),
        optional=True,
    ),
    File(
        "evaluations",
        ("评教",),
        "Which classes were asked, by which questionnaire, of what.",
        Evaluation,
        (
            code("code", "代码|评教代码", "the class and a number"),
            ref("class", "班次|班次代码", "which class", "classes", field="class_code",
                required=True),
            ref("form", "问卷|问卷代码", "by which questionnaire", "evaluation_forms",
                required=True),
            word("scope", "评价范围", "of what it asks beside the class",
                 words.EVALUATION_SCOPES, required=True),
            flag("named", "实名发码", "each code belongs to a person", default=False),
            date("opened", "开始日期", "first day", required=True),
            date("until", "截止日期", "last day; blank = until it is closed"),
            date("closed", "关闭日期", "when it was closed; blank = open"),
            integer("threshold", "最少份数", "fewer answers are never shown by themselves",
                    low=2, default=5),
            word("unanimous", "一致处理", "what becomes of cells in which all gave the same",
                 words.UNANIMOUS, default="widen"),
        ),
        key=("code",),
        spans=(Span("opened", "until"), Span("opened", "closed")),
        optional=True,
    ),
    File(
        "evaluation_subjects",
        ("评教对象",),
        "What an evaluation asks about: the class, courses with teachers, sessions, field sites.",
        EvaluationSubject,
        (
            _evaluation("of which evaluation"),
            integer("number", "行号|序号", "its line on the sheet", low=1, required=True),
            word("kind", "对象类别", "what it is", words.SUBJECT_KINDS, required=True),
            ref("course", "课程|课程代码", "which course", "courses"),
            ref("teacher", "教师|教师代码", "whose", "teachers"),
            ref("venue", "场地|场地代码", "where", "venues"),
            Column("session", "code", ("课次", "课次标识"), "which session", "session"),
            date("date", "日期", "the day by which it is counted"),
            integer("invited", "应评人数", "how many might have answered, once it is closed"),
        ),
        key=("evaluation", "number"),
        optional=True,
    ),
    File(
        "evaluation_ballots",
        ("评教答题码",),
        "One-time codes by their hash: given out, used, or void.",
        EvaluationBallot,
        (
            code("code", "代码|答题码", "SHA-256 of the evaluation and the code"),
            _evaluation("of which evaluation"),
            ref("person", "人员|学员|人员代码", "whose, where codes are named", "people"),
            integer("number", "序号", "the number on the slip", low=1),
            word("state", "状态", "what became of it", words.BALLOT_STATES, required=True),
        ),
        key=("code",),
        optional=True,
    ),
    File(
        "evaluation_draws",
        ("评教领码",),
        "Who has drawn a code that bears no name.",
        EvaluationDraw,
        (
            _evaluation("of which evaluation"),
            ref("person", "人员|学员|人员代码", "who", "people", required=True),
        ),
        key=("evaluation", "person"),
        optional=True,
    ),
    File(
        "evaluation_tallies",
        ("评教计数",),
        "How many gave which choice; the question * counts sheets.",
        EvaluationTally,
        (
            _evaluation("of which evaluation"),
            integer("subject", "对象行号", "about which line", low=1, required=True),
            _key("question", "题号|题目代码", "which question"),
            integer("choice", "选项序号", "which choice; 0 = all that answered", required=True),
            integer("count", "份数", "how many", low=1, required=True),
            integer("block", "合并行号", "under which line they are counted, once closed"),
        ),
        key=("evaluation", "subject", "question", "choice"),
        optional=True,
    ),
    File(
        "evaluation_remarks",
        ("评教意见",),
        "Free words, of nobody and about nothing in particular.",
        EvaluationRemark,
        (
            code("id", "标识|编号", "random"),
            _evaluation("of which evaluation"),
            _key("question", "题号|题目代码", "to which question"),
            text("text", "意见|内容", "the words", required=True),
        ),
        key=("id",),
        optional=True,
    ),
    File(
        "evaluation_batches",
        ("评教批次",),
        "Paper sheets that were counted together.",
        EvaluationBatch,
        (
            _evaluation("of which evaluation"),
            _key("name", "批次", "how the batch is called"),
            integer("sheets", "份数", "how many without a code", required=True),
            text("check", "校验", "tells it from a batch that says something else", required=True),
        ),
        key=("evaluation", "name"),
        optional=True,
    ),
)  # fmt: skip
