"""A strict check of anybody's iCalendar file, in words: what breaks a standard, and advice.

``lint(data)`` is the whole of it. The rules are those of RFC 5545 with 5546 (methods), 6868
(parameters), 7529, 7953, 7986, 9073, 9074 and 9253; what they leave open is left alone.
"""

from trainer.calendars.lint.check import lint
from trainer.calendars.lint.findings import Finding, Severity

__all__ = ["Finding", "Severity", "lint"]
