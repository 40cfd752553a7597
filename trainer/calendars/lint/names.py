"""The properties and components that standards name, as data.

Sources: RFC 5545, 3.6 to 3.8; 5546; 6321 (XML); 7808 (TZUNTIL); 7953 (VAVAILABILITY); 7986;
9073; 9074; 9253.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Property:
    """What a property may hold: value types (the default first), and how.

    ``listed``: several values with commas between; ``utc``: times only in UTC; ``explicit``: the
    parameter VALUE must be given; ``choices``: the only words it may have.
    """

    types: tuple[str, ...]
    listed: bool = False
    utc: bool = False
    explicit: bool = False
    choices: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Component:
    """What a component must have, may have once and may have often, and what it may contain.

    ``parents`` is where it may stand; an ``open`` one takes any property.
    """

    parents: frozenset[str]
    required: frozenset[str] = frozenset()
    once: frozenset[str] = frozenset()
    often: frozenset[str] = frozenset()
    open: bool = False
    single: frozenset[str] = field(init=False)
    allowed: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "single", self.required | self.once)
        object.__setattr__(self, "allowed", self.required | self.once | self.often)


_TEXT: Final = Property(("TEXT",))
_TEXTS: Final = Property(("TEXT",), listed=True)
_URI: Final = Property(("URI",))
_INTEGER: Final = Property(("INTEGER",))
_ADDRESS: Final = Property(("CAL-ADDRESS",))
_MOMENT: Final = Property(("DATE-TIME", "DATE"))
_INSTANT: Final = Property(("DATE-TIME",), utc=True)
_OFFSET: Final = Property(("UTC-OFFSET",))
_RULE: Final = Property(("RECUR",))

PROPERTIES: Final[dict[str, Property]] = {
    **dict.fromkeys(
        (
            *("CLASS", "COMMENT", "CONTACT", "DESCRIPTION", "LOCATION", "METHOD", "NAME", "PRODID"),
            *("STATUS", "SUMMARY", "TZID", "TZNAME", "UID", "ACTION", "COLOR", "PROXIMITY"),
            *("PARTICIPANT-TYPE", "RESOURCE-TYPE", "REFID", "TZID-ALIAS-OF", "XML"),
        ),
        _TEXT,
    ),
    **dict.fromkeys(("CATEGORIES", "RESOURCES", "LOCATION-TYPE"), _TEXTS),
    **dict.fromkeys(("SOURCE", "TZURL", "URL", "CONCEPT"), _URI),
    **dict.fromkeys(("PERCENT-COMPLETE", "PRIORITY", "REPEAT", "SEQUENCE"), _INTEGER),
    **dict.fromkeys(("ATTENDEE", "ORGANIZER", "CALENDAR-ADDRESS"), _ADDRESS),
    **dict.fromkeys(("DTEND", "DTSTART", "DUE", "RECURRENCE-ID"), _MOMENT),
    **dict.fromkeys(
        ("ACKNOWLEDGED", "COMPLETED", "CREATED", "DTSTAMP", "LAST-MODIFIED", "TZUNTIL"), _INSTANT
    ),
    **dict.fromkeys(("TZOFFSETFROM", "TZOFFSETTO"), _OFFSET),
    **dict.fromkeys(("EXRULE", "RRULE"), _RULE),
    "ATTACH": Property(("URI", "BINARY")),
    "BUSYTYPE": Property(
        ("TEXT",), choices=frozenset({"BUSY", "BUSY-UNAVAILABLE", "BUSY-TENTATIVE"})
    ),
    "CALSCALE": Property(("TEXT",), choices=frozenset({"GREGORIAN"})),
    "CONFERENCE": Property(("URI",), explicit=True),
    "DURATION": Property(("DURATION",)),
    "EXDATE": Property(("DATE-TIME", "DATE"), listed=True),
    "FREEBUSY": Property(("PERIOD",), listed=True, utc=True),
    "GEO": Property(("FLOAT",)),
    "IMAGE": Property(("URI", "BINARY"), explicit=True),
    "LINK": Property(("URI", "UID", "XML-REFERENCE"), explicit=True),
    "RDATE": Property(("DATE-TIME", "DATE", "PERIOD"), listed=True),
    "REFRESH-INTERVAL": Property(("DURATION",), explicit=True),
    "RELATED-TO": Property(("TEXT", "UID", "URI")),
    "REQUEST-STATUS": Property(("TEXT",)),
    "STRUCTURED-DATA": Property(("TEXT", "BINARY", "URI"), explicit=True),
    "STYLED-DESCRIPTION": Property(("TEXT", "URI"), explicit=True),
    "TRANSP": Property(("TEXT",), choices=frozenset({"OPAQUE", "TRANSPARENT"})),
    "TRIGGER": Property(("DURATION", "DATE-TIME")),
    "VERSION": Property(("TEXT",), choices=frozenset({"2.0"})),
}

_LATER: Final = frozenset({"CONCEPT", "LINK", "REFID", "STRUCTURED-DATA", "STYLED-DESCRIPTION"})
_ENTRY: Final = frozenset({"UID", "DTSTAMP"})
_ENTRY_ONCE: Final = frozenset(
    {"CLASS", "COLOR", "CREATED", "DTSTART", "LAST-MODIFIED", "ORGANIZER", "RECURRENCE-ID"}
    | {"SEQUENCE", "STATUS", "SUMMARY", "URL"}
)
_TIMED_ONCE: Final = _ENTRY_ONCE | {"DESCRIPTION", "DURATION", "GEO", "LOCATION", "PRIORITY"}
_ENTRY_OFTEN: Final = _LATER | {
    *("ATTACH", "ATTENDEE", "CATEGORIES", "COMMENT", "CONTACT", "EXDATE", "EXRULE", "IMAGE"),
    *("RDATE", "RELATED-TO", "REQUEST-STATUS", "RRULE"),
}
_TIMED_OFTEN: Final = _ENTRY_OFTEN | {"CONFERENCE", "RESOURCES"}
_CALENDAR: Final = frozenset({"VCALENDAR"})
_OBSERVANCE: Final = Component(
    parents=frozenset({"VTIMEZONE"}),
    required=frozenset({"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"}),
    often=frozenset({"COMMENT", "RDATE", "RRULE", "TZNAME"}),
)

COMPONENTS: Final[dict[str, Component]] = {
    "VCALENDAR": Component(
        parents=frozenset(),
        required=frozenset({"PRODID", "VERSION"}),
        once=frozenset(
            {"CALSCALE", "COLOR", "LAST-MODIFIED", "METHOD", "REFRESH-INTERVAL", "SOURCE", "UID"}
            | {"URL"}
        ),
        often=_LATER | {"CATEGORIES", "DESCRIPTION", "IMAGE", "NAME"},
    ),
    "VEVENT": Component(
        parents=_CALENDAR,
        required=_ENTRY,
        once=_TIMED_ONCE | {"DTEND", "TRANSP"},
        often=_TIMED_OFTEN,
    ),
    "VTODO": Component(
        parents=_CALENDAR,
        required=_ENTRY,
        once=_TIMED_ONCE | {"COMPLETED", "DUE", "PERCENT-COMPLETE"},
        often=_TIMED_OFTEN,
    ),
    "VJOURNAL": Component(
        parents=_CALENDAR,
        required=_ENTRY,
        once=_ENTRY_ONCE,
        often=_ENTRY_OFTEN | {"DESCRIPTION"},
    ),
    "VFREEBUSY": Component(
        parents=_CALENDAR,
        required=_ENTRY,
        once=frozenset({"CONTACT", "DTEND", "DTSTART", "ORGANIZER", "URL"}),
        often=_LATER | {"ATTENDEE", "COMMENT", "FREEBUSY", "REQUEST-STATUS"},
    ),
    "VTIMEZONE": Component(
        parents=_CALENDAR,
        required=frozenset({"TZID"}),
        once=frozenset({"LAST-MODIFIED", "TZUNTIL", "TZURL"}),
        often=frozenset({"COMMENT", "TZID-ALIAS-OF"}),
    ),
    "STANDARD": _OBSERVANCE,
    "DAYLIGHT": _OBSERVANCE,
    "VALARM": Component(
        parents=frozenset({"VEVENT", "VTODO"}),
        required=frozenset({"ACTION", "TRIGGER"}),
        once=frozenset(
            {"ACKNOWLEDGED", "DESCRIPTION", "DURATION", "PROXIMITY", "REPEAT", "SUMMARY", "UID"}
        ),
        often=_LATER | {"ATTACH", "ATTENDEE", "RELATED-TO"},
    ),
    "VAVAILABILITY": Component(parents=_CALENDAR, required=_ENTRY, open=True),
    "AVAILABLE": Component(parents=frozenset({"VAVAILABILITY"}), required=_ENTRY, open=True),
    "PARTICIPANT": Component(
        parents=frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"}),
        required=frozenset({"PARTICIPANT-TYPE", "UID"}),
        open=True,
    ),
    "VLOCATION": Component(
        parents=frozenset({"VEVENT", "VTODO", "VJOURNAL", "VALARM", "PARTICIPANT", "VFREEBUSY"}),
        required=frozenset({"UID"}),
        open=True,
    ),
    "VRESOURCE": Component(
        parents=frozenset({"VEVENT", "VTODO", "VJOURNAL", "PARTICIPANT", "VFREEBUSY"}),
        required=frozenset({"UID"}),
        open=True,
    ),
}

ENTRIES: Final = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"})
"""What a calendar is about; everything else serves these."""

STATUSES: Final[dict[str, tuple[str, ...]]] = {
    "VEVENT": ("TENTATIVE", "CONFIRMED", "CANCELLED"),
    "VTODO": ("NEEDS-ACTION", "COMPLETED", "IN-PROCESS", "CANCELLED"),
    "VJOURNAL": ("DRAFT", "FINAL", "CANCELLED"),
}
