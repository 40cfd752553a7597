"""What rules find, as lines of coloured text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from rich.text import Text

from trainer.phrases import say

if TYPE_CHECKING:
    from trainer.classlife.checks import Finding

_MOST: Final = 4


def findings_text(findings: Sequence[Finding], colour: Callable[[str], str]) -> Text:
    """Return what rules find, the blocking ones in red; a good word where they find nothing."""
    if not findings:
        return Text(say("TB-1 and TB-2 find nothing amiss"), colour("success"))
    lines = []
    for finding in findings[:_MOST]:
        style = colour("error" if finding.level == "block" else "warning")
        line = say("{rule}  {message}", rule=finding.rule, message=finding.message)
        lines.append(Text(line, style))
    more = len(findings) - _MOST
    if more > 0:
        lines.append(Text(say("and {count} more", count=more), "dim"))
    return Text("\n").join(lines)
