"""One content line by itself: whether its value and its parameters are of the right types."""

from __future__ import annotations

from typing import Final

from trainer.calendars.colors import CSS_NAMES
from trainer.calendars.lint.findings import Report
from trainer.calendars.lint.lines import ContentLine
from trainer.calendars.lint.names import PROPERTIES, STATUSES, Property
from trainer.calendars.lint.recurrence import fault_of_rule
from trainer.calendars.lint.values import (
    CHECKS,
    EXPECTED,
    fault_of_text,
    is_geo,
    is_integer,
    is_reference,
    is_request_status,
    is_token,
    is_uri,
)
from trainer.phrases import phrase

MOST_PRIORITY: Final = 9
MOST_PERCENT: Final = 100

_CHOICES: Final[dict[str, frozenset[str]]] = {
    "ENCODING": frozenset({"8BIT", "BASE64"}),
    "RANGE": frozenset({"THISANDFUTURE"}),
    "RELATED": frozenset({"START", "END"}),
    "RSVP": frozenset({"TRUE", "FALSE"}),
}
_SINGLE: Final = frozenset(
    {"ALTREP", "CN", "CUTYPE", "DIR", "EMAIL", "ENCODING", "FBTYPE", "FMTTYPE", "LABEL"}
    | {"LANGUAGE", "PARTSTAT", "RANGE", "RELATED", "RELTYPE", "ROLE", "RSVP", "SENT-BY", "TZID"}
    | {"VALUE"}
)
"""Parameters that have one value: a comma in it must be within quotation marks."""
_ADDRESSES: Final = ("ALTREP", "DELEGATED-FROM", "DELEGATED-TO", "DIR", "MEMBER", "SENT-BY")


def check_property(line: ContentLine, component: str, report: Report) -> None:
    """Report what is wrong with a line whatever else its component holds."""
    rule = PROPERTIES.get(line.name)
    if rule is None:
        if not line.name.startswith("X-"):
            report.add(line.number, "unknown-property", property=line.name)
        return
    if line.parameters:
        _check_parameters(line, report)
    kind = (line.parameter("VALUE") or "").upper()
    if rule.explicit and not kind:
        expected = ", ".join(rule.types)
        report.add(line.number, "missing-value-parameter", property=line.name, expected=expected)
    if kind and kind not in rule.types:
        if not kind.startswith("X-"):
            expected = ", ".join(rule.types)
            report.add(
                line.number, "wrong-value-type", property=line.name, value=kind, expected=expected
            )
        return
    kind = kind or rule.types[0]
    _check_encoding(line, kind, report)
    special = _SPECIAL.get(line.name)
    if special is not None:
        special(line, component, report)
    elif kind == "TEXT":
        _check_text(line, rule, report)
    else:
        _check_typed(line, rule, kind, report)


def _check_text(line: ContentLine, rule: Property, report: Report) -> None:
    fault = fault_of_text(line.value, listed=rule.listed)
    if fault is not None:
        value, is_escape = fault
        code = "bad-escape" if is_escape else "unescaped-character"
        report.add(line.number, code, property=line.name, value=value)
    elif rule.choices and line.value.upper() not in rule.choices:
        expected = phrase("one of: {choices}", choices=", ".join(sorted(rule.choices)))
        _bad_value(line, line.value, expected, report)


def _check_typed(line: ContentLine, rule: Property, kind: str, report: Report) -> None:
    check = CHECKS[kind]
    if kind == "URI" and not line.value:
        # Apple's programs write it where no address was given
        report.add(line.number, "empty-address", property=line.name)
        return
    for value in line.value.split(",") if rule.listed else (line.value,):
        if not check(value):
            if kind == "DATE-TIME" and "DATE" in rule.types and CHECKS["DATE"](value):
                report.add(line.number, "date-without-value", property=line.name)
            else:
                _bad_value(line, value, EXPECTED[kind], report)
            return
        if rule.utc and not all(part.endswith("Z") for part in _instants(value)):
            report.add(line.number, "not-utc", property=line.name, value=value)
            return
    if "TZID" in line.parameters:
        _check_zone(line, kind, report)


def _instants(value: str) -> list[str]:
    """Return the date-times of a value that may be a period."""
    return [part for part in value.split("/") if "P" not in part]


def _check_zone(line: ContentLine, kind: str, report: Report) -> None:
    if kind == "DATE":
        report.add(line.number, "tzid-with-date", property=line.name)
    elif any(part.endswith("Z") for part in line.value.split(",")):
        report.add(line.number, "tzid-with-utc", property=line.name)


def _check_encoding(line: ContentLine, kind: str, report: Report) -> None:
    encoded = (line.parameter("ENCODING") or "").upper() == "BASE64"
    if encoded != (kind == "BINARY"):
        report.add(line.number, "encoding-without-binary", property=line.name)


def _check_parameters(line: ContentLine, report: Report) -> None:
    for name, values in line.parameters.items():
        choices = _CHOICES.get(name)
        if len(values) > 1 and name in _SINGLE:
            report.add(
                line.number,
                "bad-parameter-value",
                property=line.name,
                parameter=name,
                value=",".join(values),
                expected=phrase("one value; one with a comma in it in quotation marks"),
            )
            continue
        for value in values:
            if choices is not None and value.upper() not in choices:
                expected = phrase("one of: {choices}", choices=", ".join(sorted(choices)))
            elif name in _ADDRESSES and not is_uri(value):
                expected = phrase("an address in quotation marks, such as “mailto:…”")
            elif name in {"VALUE", "TZID"} and not value:
                expected = phrase("a name")
            else:
                continue
            report.add(
                line.number,
                "bad-parameter-value",
                property=line.name,
                parameter=name,
                value=value,
                expected=expected,
            )


def _check_status(line: ContentLine, component: str, report: Report) -> None:
    choices = STATUSES.get(component)
    if choices and line.value.upper() not in choices:
        report.add(
            line.number,
            "bad-status",
            component=component,
            value=line.value,
            expected=", ".join(choices),
        )


def _check_geo(line: ContentLine, _component: str, report: Report) -> None:
    if not is_geo(line.value):
        report.add(line.number, "bad-geo", value=line.value)


def _check_sequence(line: ContentLine, _component: str, report: Report) -> None:
    if not is_integer(line.value) or int(line.value) < 0:
        report.add(line.number, "bad-sequence", value=line.value)


def _check_trigger(line: ContentLine, _component: str, report: Report) -> None:
    kind = (line.parameter("VALUE") or "DURATION").upper()
    good = CHECKS[kind](line.value) and (kind == "DURATION" or line.value.endswith("Z"))
    if not good:
        report.add(line.number, "bad-trigger", value=line.value)
    elif "TZID" in line.parameters:
        report.add(line.number, "tzid-with-utc", property=line.name)


def _check_rule(line: ContentLine, _component: str, report: Report) -> None:
    fault = fault_of_rule(line.value)
    if fault is not None:
        report.add(line.number, "bad-rule", reason=fault)


def _check_attachment(line: ContentLine, _component: str, report: Report) -> None:
    # alarms name sounds by a bare word, which RFC 3986 calls a relative reference
    binary = (line.parameter("VALUE") or "").upper() == "BINARY"
    kind = "BINARY" if binary else "URI"
    if not (CHECKS["BINARY"](line.value) if binary else is_reference(line.value)):
        _bad_value(line, line.value, EXPECTED[kind], report)


def _check_request_status(line: ContentLine, _component: str, report: Report) -> None:
    if not is_request_status(line.value):
        _bad_value(line, line.value, phrase("a code and a text such as 2.0;Success"), report)


def _check_color(line: ContentLine, _component: str, report: Report) -> None:
    if line.value.lower() not in CSS_NAMES:
        report.add(line.number, "color-not-a-name", value=line.value)


def _check_word(line: ContentLine, _component: str, report: Report) -> None:
    if not is_token(line.value):
        _bad_value(line, line.value, phrase("one word of letters, digits and hyphens"), report)


def _check_count(line: ContentLine, _component: str, report: Report) -> None:
    most = _MOST.get(line.name)
    good = is_integer(line.value) and int(line.value) >= 0
    if not good or (most is not None and int(line.value) > most):
        expected = (
            phrase("a whole number from 0 up")
            if most is None
            else phrase("a whole number from 0 to {most}", most=most)
        )
        _bad_value(line, line.value, expected, report)


def _check_name(line: ContentLine, _component: str, report: Report) -> None:
    if not line.value.strip():
        _bad_value(line, line.value, phrase("a name"), report)
    else:
        _check_text(line, PROPERTIES[line.name], report)


def _bad_value(line: ContentLine, value: str, expected: object, report: Report) -> None:
    report.add(line.number, "bad-value", property=line.name, value=value, expected=expected)


_MOST: Final = {"PRIORITY": MOST_PRIORITY, "PERCENT-COMPLETE": MOST_PERCENT}
_SPECIAL: Final = {
    "ACTION": _check_word,
    "ATTACH": _check_attachment,
    "CLASS": _check_word,
    "COLOR": _check_color,
    "EXRULE": _check_rule,
    "GEO": _check_geo,
    "METHOD": _check_word,
    "PERCENT-COMPLETE": _check_count,
    "PRIORITY": _check_count,
    "PRODID": _check_name,
    "REPEAT": _check_count,
    "REQUEST-STATUS": _check_request_status,
    "RRULE": _check_rule,
    "SEQUENCE": _check_sequence,
    "STATUS": _check_status,
    "TRIGGER": _check_trigger,
    "TZID": _check_name,
    "UID": _check_name,
}
