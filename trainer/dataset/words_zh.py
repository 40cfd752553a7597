"""What people write in Chinese where a closed set of words is wanted, for each word of the sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    # tiers
    "head": ("头雁",),
    "flock": ("群雁",),
    "tail": ("尾雁",),
    # venues
    "classroom": ("教室",),
    "field_site": ("现场教学点", "教学点", "现场点"),
    "activity_room": ("党员活动室", "活动室"),
    "external": ("外部场所", "校外场所", "外地"),
    "online": ("线上", "在线", "网络"),
    # teachers
    "leader": ("领导干部", "领导"),
    "expert": ("专家", "专家学者"),
    "party_school": ("党校培训", "党校", "党校教师", "党校培训多起来"),
    "local_expert": ("土专家",),
    "role_model": ("致富能手", "先进典型"),
    # courses
    "red": ("红色", "红色教育"),
    "theory": ("理论", "理论教育"),
    "practice": ("实践", "实践教育", "实用技能"),
    "political": ("政治素养", "政治", "政治能力"),
    "professional": ("专业素质", "专业", "专业能力"),
    "lecture": ("讲授", "专题讲座", "讲座"),
    "discussion": ("研讨", "讨论", "分组研讨"),
    "field": ("现场教学", "现场"),
    "exam": ("考试", "测试"),
    "ceremony": ("仪式", "典礼"),
    "self_study": ("自学",),
    # classes
    "go_out": ("走出去",),
    "invite_in": ("请进来",),
    "knowledge_class": ("知识课堂", "知识课堂办起来"),
    "proposed": ("拟办", "建议", "申报"),
    "approved": ("已批准", "批准"),
    "notified": ("已通知", "通知"),
    "running": ("进行中", "在办"),
    "closed": ("已结束", "结束", "结业"),
    "cancelled": ("已取消", "取消"),
    "first": ("首次", "首课", "第一", "最先"),
    "last": ("末次", "末课", "最后"),
    # enrolments
    "confirmed": ("已确认", "确认"),
    "reserve": ("候补", "备选"),
    "declined": ("谢绝", "不参加"),
    # whose time is not to be had
    "teacher": ("教师",),
    "venue": ("场所",),
    "class": ("班次",),
    "unit": ("单位",),
    "person": ("人员", "个人"),
    # sessions
    "planned": ("计划", "已计划", "草案"),
    "published": ("已发布", "发布"),
    "to": ("前往", "去程"),
    "back": ("返程", "返回"),
    "stop:": ("现场点:",),
    "way:": ("途中:",),
    "held": ("已举行", "已上课", "已完成"),
    # marks
    "present": ("出勤", "到课", "已到"),
    "late": ("迟到",),
    "early": ("早退",),
    "leave": ("请假",),
    "duty": ("公假", "公务"),
    "absent": ("旷课", "缺勤", "缺课"),
    "void": ("作废", "撤销"),
    # corrections and alerts
    "withdrawn": ("退学", "退出", "撤回"),
    "taken": ("处理中", "已认领"),
    "done": ("已办结", "办结"),
    # completion and certificates
    "completed": ("结业", "已结业", "准予结业"),
    "not_completed": ("未结业", "不予结业"),
    "decided": ("认定",),
    "asked": ("申请破例", "申请中", "待审批"),
    "reopened": ("重新认定",),
    "revoked": ("撤销",),
    "printed": ("打印", "已打印"),
    # teaching evaluation
    "courses": ("课程", "各门课程"),
    "sessions": ("课次", "各次课"),
    "teaching": ("授课", "教学"),
    "scale": ("量表", "等级", "评分"),
    "choice": ("选择", "单选"),
    "text": ("文字", "简答", "主观题"),
    "course": ("课程",),
    "session": ("课次",),
    "site": ("现场教学点", "教学点"),
    "given": ("已发放", "未使用"),
    "used": ("已使用", "已答"),
    "widen": ("合并",),
    "hide": ("隐藏",),
    "show": ("显示",),
    # life in a class
    "branch": ("临时党支部", "支部", "党支部"),
    "general": ("临时党总支", "总支", "党总支"),
    "committee": ("班委会", "班委"),
    "group": ("小组", "学习小组", "党小组"),
    "in_room": ("在房", "在寝", "在位"),
    "permit": ("批准外出", "外出"),
    "missing": ("未归", "未在", "去向不明"),
    "refused": ("未批准", "不同意", "驳回"),
    "returned": ("已返回", "销假"),
    "in": ("进", "入", "进门"),
    "out": ("出", "出门"),
}

TRUE: Final = frozenset({"true", "1", "yes", "y", "t", "是", "对", "有", "√", "✓"})
FALSE: Final = frozenset({"false", "0", "no", "n", "f", "否", "不", "无", "×", "✗"})
