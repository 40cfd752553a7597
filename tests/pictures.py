"""The pictures of the documentation, taken of the app itself.

``python -m tests.pictures URL DATE`` writes ``docs/images/*.svg`` from a database that holds a
solved timetable, such as the one that ``trainer demo`` makes. It marks nobody and stores nothing.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import sys
from pathlib import Path

from textual.widgets import Input

from trainer.clock import Clock
from trainer.desk import Desk
from trainer.phrases import set_language
from tui.app import TrainerApp

FOLDER = Path(__file__).parents[1] / "docs" / "images"
SIZE = (100, 30)
PICTURES = {
    "today-zh": ("zh", ()),
    "timetable-zh": ("zh", ("f3",)),
    "timetable-en": ("en", ("f3",)),
    "roll-call-zh": ("zh", ("enter",)),
    "roll-call-en": ("en", ("enter",)),
    "leave-zh": ("zh", ("enter", "j", "=bj pm 发烧")),
    "mend-zh": ("zh", ("f3", "e", "=第二教室", "enter", "=+6-+7 维修", "enter")),
    "completion-zh": ("zh", ("f5", "c", "=ZC23-02", "enter", "e", "slash", "=sjz", "enter")),
}
#: A picture names fonts of the reader's machine and fetches nothing.
FONTS = '"Noto Sans Mono CJK SC", "Sarasa Mono SC", "Microsoft YaHei Mono", monospace'


async def take(desk: Desk, language: str, keys: tuple[str, ...]) -> str:
    """Return the screen after some keys as an SVG document."""
    set_language(language)
    app = TrainerApp(lambda: desk)
    async with app.run_test(size=SIZE) as pilot:
        for key in ("", *keys):
            if key.startswith("="):
                box = app.screen.focused
                assert isinstance(box, Input)
                box.cursor_blink = False
                box.insert_text_at_cursor(key[1:])
            elif key:
                await pilot.press(key)
            for _turn in range(3):
                await pilot.pause()
                await app.workers.wait_for_complete()
        picture = app.export_screenshot(title=" ")
    picture = re.sub(r"@font-face\s*\{.*?\}", "", picture, flags=re.DOTALL)
    picture = re.sub(r"font-family: [^;]*Fira Code[^;]*;", f"font-family: {FONTS};", picture)
    return re.sub(r"[ \t]+\n", "\n", picture)


def main() -> None:
    """Take every picture."""
    url, date = sys.argv[1:]
    desk = Desk(url, "clerk", Clock(fixed=dt.date.fromisoformat(date)))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, (language, keys) in PICTURES.items():
        picture = asyncio.run(take(desk, language, keys))
        (FOLDER / f"{name}.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
