"""Compile every ``.po`` into the ``.mo`` beside it; list the sentences that lack a translation."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
_SOME_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ERRORS = (
    "TrainerError",
    "Refused",
    "ImportRefused",
    "StaleWrite",
    "UsageError",
    "StorageError",
    "FileProblem",
    "NotAllowed",
)
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    **dict.fromkeys(("say", "phrase", "mark", "Phrase", *ERRORS)),
    "say_n": (1, 2),
}


def compile_all() -> int:
    """Write every catalogue's binary form; return how many there are."""
    # babel is a tool of development, not needed by the program
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    paths = sorted(HERE.glob("*/LC_MESSAGES/*.po"))
    for path in paths:
        with path.open("rb") as file:
            catalogue = read_po(file)
        # the day of compiling would make other bytes of the same sentences
        catalogue.creation_date = catalogue.revision_date = _SOME_DAY
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
    return len(paths)


def untranslated(language: str = "zh") -> dict[str, str]:
    """Return the templates of the source without a translation, each with a place it stands."""
    # babel is a tool of development, not needed by the program
    from babel.messages.extract import extract_from_dir
    from babel.messages.pofile import read_po

    known: set[str] = set()
    for path in (HERE / language / "LC_MESSAGES").glob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id and message.string and not message.fuzzy:
                    known.update([message.id] if isinstance(message.id, str) else message.id)
    missing: dict[str, str] = {}
    for room in ("db", "trainer", "tui"):
        found = extract_from_dir(
            ROOT / room, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=()
        )
        for place, line, ids, _comments, _context in found:
            for template in [ids] if isinstance(ids, str) else ids:
                if template and template not in known:
                    missing.setdefault(template, f"{room}/{place}:{line}")
    return missing


if __name__ == "__main__":
    count = compile_all()
    lacking = untranslated()
    for template, place in sorted(lacking.items(), key=lambda item: item[1]):
        sys.stderr.write(f"{place}: {template!r}\n")
    sys.stderr.write(f"{count} catalogues compiled, {len(lacking)} sentences untranslated\n")
    sys.exit(1 if lacking else 0)
