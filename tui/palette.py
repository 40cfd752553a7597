"""The palette: whatever the app can do, found by name in either language, pinyin or initials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.phrases import phrase, say
from trainer.roster.search import search_text
from tui.keys import key_name, shown_keys
from tui.screens.chooser import Choice, Chooser
from tui.screens.help import gather, moves_cursor

if TYPE_CHECKING:
    from tui.app import TrainerApp
    from tui.screens.room import Room


def open_palette(app: TrainerApp, room: Room) -> None:
    """Let somebody choose one of the acts that are possible in the room, and do it."""
    found = gather([active.binding for active in room.untranslated_bindings.values()])
    places = {
        active.binding.id: active.node
        for active in room.untranslated_bindings.values()
        if active.binding.id
    }
    choices = []
    for name, (binding, keys) in found.items():
        if moves_cursor(name) or name == "app.find":
            continue
        words = binding.tooltip or binding.description
        english, chinese = (phrase(words).text(language) for language in ("en", "zh"))
        names = "  ".join(key_name(key) for key in shown_keys(keys)[:2])
        choices.append(
            Choice(name, say(words), names, search_text(chinese, english, binding.description))
        )

    async def answer(name: str | None) -> None:
        if name is not None:
            await app.run_action(found[name][0].action, places[name])

    hint = say("a few letters, or pinyin")
    chooser = Chooser(say("What do you want to do?"), hint=hint, choices=choices)
    app.push_screen(chooser, answer)
