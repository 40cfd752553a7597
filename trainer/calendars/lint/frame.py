"""A component as it was read: its lines by property, and the components within it."""

from __future__ import annotations

from dataclasses import dataclass, field

from trainer.calendars.lint.lines import ContentLine
from trainer.calendars.lint.moments import Moment, moment_of


@dataclass(slots=True)
class Frame:
    """One component between BEGIN (at line ``number``) and END."""

    name: str
    number: int
    lines: dict[str, list[ContentLine]] = field(default_factory=dict)
    children: list[Frame] = field(default_factory=list)
    child_names: set[str] = field(default_factory=set)

    @property
    def has_children(self) -> bool:
        """Tell whether a component has begun within it."""
        return bool(self.child_names)

    def first(self, name: str) -> ContentLine | None:
        """Return the first line of a property, or None."""
        lines = self.lines.get(name)
        return lines[0] if lines else None

    def value(self, name: str) -> str | None:
        """Return the value of a property's first line, or None."""
        line = self.first(name)
        return None if line is None else line.value

    def moment(self, name: str) -> tuple[ContentLine, Moment] | None:
        """Return a date or date-time property with its value, or None where it cannot be read."""
        line = self.first(name)
        moment = None if line is None else moment_of(line.value)
        return None if line is None or moment is None else (line, moment)

    def names(self, *names: str) -> bool:
        """Tell whether the component has any of these properties."""
        return any(name in self.lines for name in names)
