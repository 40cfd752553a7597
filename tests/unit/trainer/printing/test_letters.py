"""Letters that the document font has or lacks."""

from __future__ import annotations

from trainer.printing.letters import missing_letters


def test_names_in_common_and_rare_letters_are_covered() -> None:
    # 㛃 and 䶮 are of extension A, 𠮷 of B, 𬭎 of E: all in names of living people
    assert missing_letters(["王晓明", "阿卜杜热合曼·买买提", "㛃䶮𠮷𬭎", "〔2026〕第0012号"]) == ""


def test_letters_of_other_scripts_are_told_once_in_their_order() -> None:
    assert missing_letters(["王😀明", "ཨ😀"]) == "😀ཨ"
