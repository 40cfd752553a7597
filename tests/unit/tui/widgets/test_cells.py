"""Text cut to cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.widgets.cells import fit, pad, wrap

TEXTS = st.text(alphabet="ab 中文（），x·", max_size=40)
WIDTHS = st.integers(min_value=2, max_value=30)


@given(TEXTS, WIDTHS)
def test_nothing_is_wider_than_its_room(text: str, width: int) -> None:
    """Cut texts fit, filled texts fit exactly."""
    assert cell_len(fit(text, width)) <= width
    assert cell_len(pad(text, width)) == width


@given(TEXTS, WIDTHS, st.integers(min_value=1, max_value=5))
def test_lines_fit_and_lose_nothing_before_the_last(text: str, width: int, lines: int) -> None:
    """Every line fits; where no line was cut, all characters are there."""
    found = wrap(text, width, lines)
    assert len(found) <= lines
    assert all(cell_len(line) <= width for line in found)
    if len(found) < lines:
        assert "".join(found).replace(" ", "") == text.replace(" ", "")


def test_a_cut_is_told_by_two_dots() -> None:
    """No character of ambiguous width is used for it."""
    assert fit("党校第一教室", 8) == "党校第.."
    assert wrap("调查研究（方法）", 10, 2) == ["调查研究", "（方法）"]
