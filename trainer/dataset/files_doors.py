"""Files of door devices: whose cards there are, and what the devices saw.

They are written only where there is something to write.
"""

from __future__ import annotations

from typing import Final

from db.tables import DoorCard, DoorEvent, words
from trainer.dataset.columns import code, instant, ref, text, word
from trainer.dataset.schema import File

DOORS: Final = (
    File(
        "cards",
        ("门禁卡", "卡号登记"),
        "Cards that people open doors with.",
        DoorCard,
        (
            code("card", "卡号", "the number that the devices write"),
            ref("person", "人员|学员|人员代码", "whose it is", "people", required=True),
        ),
        key=("card",),
        optional=True,
    ),
    File(
        "door_events",
        ("门禁记录", "刷卡记录"),
        "What door devices saw: one row per event ever read. Marks follow from them.",
        DoorEvent,
        (
            code("id", "标识|记录标识|编号", "the event's UUID"),
            text("device", "设备", "which device", required=True),
            ref("person", "人员|学员|人员代码", "who", "people", required=True),
            instant("at", "时间|刷卡时间", "when", required=True),
            word("direction", "进出|方向", "which way; blank = unknown", words.DIRECTIONS),
        ),
        key=("id",),
        union=True,
        optional=True,
    ),
)
