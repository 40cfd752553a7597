"""Every defect the lint knows: its sentence, its mend, and why it fails a file or only advises.

Where the line is drawn:

============================  ======  ==============================================================
defect                        fails   reason
============================  ======  ==============================================================
a MUST or the grammar broken  yes     RFC 5545 and those that extend it
not UTF-8, BOM, split fold    yes     the encoding is the standard's, and clients show garbage
LF-only line ends             yes     the grammar of 3.1 knows CRLF alone
a line over 75 octets         yes     a SHOULD NOT of 3.1, but the standard's own limit: strict
                                      clients refuse or cut such lines, and the mend is mechanical
an empty calendar             yes     3.6: at least one component
floating time                 no      3.3.5 defines it; each reader sees another instant
PUBLISH without ORGANIZER     no      a MUST of RFC 5546, 3.2.1, that binds mailed messages; the
                                      feeds of nearly every large program leave it out, harmlessly
ATTENDEE in PUBLISH           no      as above
no line end after the last    no      nothing is lost, and whatever was cut off is found by its END
blank lines at the very end   no      nothing follows that a reader could lose
property where not listed     no      the grammar admits any registered property anywhere
unknown names                 no      a reader must ignore them; a slip of the pen looks the same
COLOR that is no CSS name     no      readers fall back to their own colour
============================  ======  ==============================================================
"""

from __future__ import annotations

from typing import Final, NamedTuple

from trainer.phrases import mark


class Defect(NamedTuple):
    """Two English templates: what is wrong, and what to do about it."""

    message: str
    mend: str


ALIKE: Final = mark("{count} more findings of the kind “{code}” follow, the last one here")
ALIKE_MEND: Final = mark("mend those listed and check again")

_ENCODING: Final = {
    "bom": Defect(
        mark("the file begins with a byte order mark"),
        mark("save it as UTF-8 without a byte order mark"),
    ),
    "not-utf8": Defect(
        mark("the text is not UTF-8"),
        mark("save the file as UTF-8; it may be in GB18030 or in UTF-16 now"),
    ),
    "split-character": Defect(
        mark("a fold stands inside a character, so that the character is lost"),
        mark("fold between two characters; count octets, but never cut one character apart"),
    ),
    "control-character": Defect(
        mark("there is a control character (U+{point}) in the text"),
        mark("take it out; a line break within a text is written \\n"),
    ),
    "lf-line-end": Defect(
        mark("{count} lines end in LF alone, this one first"),
        mark("end every line with CR and LF"),
    ),
    "cr-line-end": Defect(
        mark("the lines end in CR alone"),
        mark("end every line with CR and LF"),
    ),
    "doubled-line-end": Defect(
        mark("{count} lines end in CR CR LF, this one first"),
        mark("end every line with one CR and one LF; write the file as it is, not as text"),
    ),
    "long-line": Defect(
        mark("the line is {count} octets long; 75 is the most"),
        mark("fold it: a line end and one blank after at most 75 octets"),
    ),
    "no-final-line-end": Defect(
        mark("the last line has no line end"),
        mark("end it with CR and LF"),
    ),
    "blank-line": Defect(
        mark("the line is empty; readers stop here or lose what follows"),
        mark("take the empty line out; within a text write \\n"),
    ),
    "final-blank-line": Defect(
        mark("there are empty lines at the end of the file"),
        mark("take them out"),
    ),
    "stray-fold": Defect(
        mark("the line begins with a blank, as a continuation, but there is nothing to continue"),
        mark("take the blank out"),
    ),
    "raw-newline": Defect(
        mark("this line is not a property (“{value}”): a text was broken by a raw line end"),
        mark("write line breaks within a text as \\n, or fold with one blank"),
    ),
    "bad-parameter": Defect(
        mark("the parameters of {property} cannot be read at “{value}”"),
        mark("write ;NAME=value, and quote a value that holds a colon, semicolon or comma"),
    ),
    "duplicate-parameter": Defect(
        mark("the parameter {parameter} of {property} is given twice"),
        mark("give it once"),
    ),
    "not-a-calendar": Defect(
        mark("this is not a calendar: there is no BEGIN:VCALENDAR"),
        mark("choose an .ics file"),
    ),
    "outside-calendar": Defect(
        mark("“{value}” stands outside BEGIN:VCALENDAR and END:VCALENDAR"),
        mark("take the line out, or move it into the calendar"),
    ),
}

_STRUCTURE: Final = {
    "unclosed-component": Defect(
        mark("BEGIN:{component} has no END:{component}"),
        mark("add END:{component} after its last line; the file may have been cut short"),
    ),
    "stray-end": Defect(
        mark("END:{component} has no BEGIN:{component}"),
        mark("take the line out, or add the missing BEGIN:{component}"),
    ),
    "misplaced-component": Defect(
        mark("{component} must not stand within {parent}"),
        mark("move it to where it belongs"),
    ),
    "empty-calendar": Defect(
        mark("the calendar holds nothing"),
        mark("put at least one event into it, or do not hand the file out"),
    ),
    "missing-prodid": Defect(
        mark("the calendar has no PRODID"),
        mark("add a line PRODID with the name of the program that made the file"),
    ),
    "missing-version": Defect(
        mark("the calendar has no VERSION"),
        mark("add VERSION:2.0 right after BEGIN:VCALENDAR"),
    ),
    "missing-uid": Defect(
        mark("{component} has no UID"),
        mark("give it a UID that never changes; without one every import makes a copy"),
    ),
    "missing-dtstamp": Defect(
        mark("{component} has no DTSTAMP"),
        mark("add DTSTAMP with the time of this revision in UTC"),
    ),
    "missing-property": Defect(
        mark("{component} has no {property}"),
        mark("add {property}"),
    ),
    "incomplete-alarm": Defect(
        mark("the alarm has no {property}"),
        mark("add {property} to the VALARM"),
    ),
    "alarm-without-description": Defect(
        mark("an alarm of the kind {action} has no DESCRIPTION"),
        mark("add DESCRIPTION with the text to show"),
    ),
    "incomplete-timezone": Defect(
        mark("the time zone is incomplete: {component} has no {property}"),
        mark("add {property}, or replace the whole VTIMEZONE by a complete one"),
    ),
    "timezone-without-rule": Defect(
        mark("the time zone is incomplete: VTIMEZONE has neither STANDARD nor DAYLIGHT"),
        mark("add a STANDARD block with DTSTART, TZOFFSETFROM and TZOFFSETTO"),
    ),
    "duplicate-property": Defect(
        mark("{component} has {property} more than once"),
        mark("keep one of them"),
    ),
    "duplicate-uid": Defect(
        mark("the UID “{value}” is used already in line {first}"),
        mark("give each event a UID of its own; a changed occurrence needs a RECURRENCE-ID"),
    ),
}

_VALUES: Final = {
    "bad-value": Defect(
        mark("{property} has the value “{value}” where there should be {expected}"),
        mark("correct the value of {property}"),
    ),
    "date-without-value": Defect(
        mark("{property} has a date without time, but does not say so"),
        mark("write {property};VALUE=DATE:… or add the time"),
    ),
    "wrong-value-type": Defect(
        mark("{property} cannot be of the type {value}"),
        mark("use one of: {expected}"),
    ),
    "missing-value-parameter": Defect(
        mark("{property} does not say of which type it is"),
        mark("write {property};VALUE=…, with one of: {expected}"),
    ),
    "unescaped-character": Defect(
        mark("there is an unescaped “{value}” in the text of {property}"),
        mark("write a backslash before it"),
    ),
    "bad-escape": Defect(
        mark("“{value}” in {property} is not an escape"),
        mark("a backslash stands only before \\ ; , n or N; a backslash itself is written \\\\"),
    ),
    "bad-status": Defect(
        mark("{component} cannot have the status “{value}”"),
        mark("use one of: {expected}"),
    ),
    "bad-geo": Defect(
        mark("GEO is “{value}”, which is not a latitude and a longitude"),
        mark("write degrees with a semicolon between, such as GEO:35.405000;116.973000"),
    ),
    "bad-sequence": Defect(
        mark("SEQUENCE is “{value}”, which is not a count"),
        mark("write a whole number from 0 up that grows with every change"),
    ),
    "bad-trigger": Defect(
        mark("TRIGGER is “{value}”, which is neither a length of time nor an instant in UTC"),
        mark("write such as TRIGGER:-PT30M or TRIGGER;VALUE=DATE-TIME:20260302T003000Z"),
    ),
    "bad-rule": Defect(
        mark("the recurrence rule cannot be followed: {reason}"),
        mark("correct the rule, or write each date as an event of its own"),
    ),
    "not-utc": Defect(
        mark("{property} must be in UTC, but is “{value}”"),
        mark("convert the time to UTC and end it with Z"),
    ),
    "tzid-with-utc": Defect(
        mark("{property} names a time zone, but its time is in UTC"),
        mark("take out either the parameter TZID or the Z"),
    ),
    "tzid-with-date": Defect(
        mark("{property} names a time zone, but is a date without time"),
        mark("take out the parameter TZID"),
    ),
    "bad-parameter-value": Defect(
        mark("the parameter {parameter} of {property} cannot be “{value}”"),
        mark("there should be {expected}"),
    ),
    "encoding-without-binary": Defect(
        mark("{property} has BASE64 without VALUE=BINARY, or BINARY without ENCODING=BASE64"),
        mark("write both, VALUE=BINARY and ENCODING=BASE64"),
    ),
}

_TIMES: Final = {
    "end-before-start": Defect(
        mark("{property} lies before DTSTART"),
        mark("put the end after the start"),
    ),
    "end-equals-start": Defect(
        mark("{property} is the same as DTSTART; it must be later"),
        mark("put the end after the start; for an instant leave {property} out"),
    ),
    "end-and-duration": Defect(
        mark("{component} has both {property} and DURATION"),
        mark("keep one of them"),
    ),
    "duration-without-start": Defect(
        mark("VTODO has DURATION but no DTSTART"),
        mark("add DTSTART, or write DUE instead of DURATION"),
    ),
    "negative-duration": Defect(
        mark("DURATION is less than nothing"),
        mark("put the end after the start"),
    ),
    "duration-of-date": Defect(
        mark("DTSTART is a date without time, but DURATION counts hours or minutes"),
        mark("count whole days or weeks, such as P1D"),
    ),
    "mixed-types": Defect(
        mark("{property} and DTSTART are not of one kind: one is a date, the other has a time"),
        mark("write both as dates, or both with a time"),
    ),
    "mixed-floating": Defect(
        mark("of DTSTART and {property} one has a time zone and the other has none"),
        mark("give both a time zone"),
    ),
    "trigger-without-end": Defect(
        mark("the alarm counts from the end, but there is no end"),
        mark("add DTEND or DURATION, or count from the start"),
    ),
    "repeat-without-duration": Defect(
        mark("of REPEAT and DURATION the alarm has one without the other"),
        mark("write both or neither"),
    ),
    "recurrence-id-type": Defect(
        mark("RECURRENCE-ID and the DTSTART of the series (line {first}) are not of one kind"),
        mark("write both as dates, or both with a time"),
    ),
    "tzid-without-timezone": Defect(
        mark("the time zone “{value}” is used, but there is no VTIMEZONE for it"),
        mark("add the VTIMEZONE, or write the times in UTC"),
    ),
    "duplicate-timezone": Defect(
        mark("there is a VTIMEZONE “{value}” already in line {first}"),
        mark("keep one of them"),
    ),
    "timezone-not-local": Defect(
        mark("DTSTART of {component} must be a local time without time zone"),
        mark("write it such as DTSTART:19700101T000000"),
    ),
    "method-without-organizer": Defect(
        mark("METHOD:{method} demands an ORGANIZER in every {component}"),
        mark("add ORGANIZER, or leave METHOD out where the file is not mailed"),
    ),
    "method-without-attendee": Defect(
        mark("METHOD:{method} demands an ATTENDEE in every {component}"),
        mark("add ATTENDEE, or leave METHOD out where the file is not mailed"),
    ),
    "method-many-uids": Defect(
        mark("METHOD:{method} speaks of one UID only; there is another in line {first}"),
        mark("make one file for each event"),
    ),
    "cancel-not-cancelled": Defect(
        mark("METHOD:CANCEL demands STATUS:CANCELLED where a status is given"),
        mark("write STATUS:CANCELLED, or leave STATUS out"),
    ),
    "cancel-without-sequence": Defect(
        mark("METHOD:CANCEL demands a SEQUENCE"),
        mark("add SEQUENCE, one more than in the last version sent"),
    ),
}

_NAMES_ADVICE: Final = {
    "unknown-component": Defect(
        mark("{component} is not a component that any standard names"),
        mark("check the spelling; a component of your own begins with X-"),
    ),
    "unknown-property": Defect(
        mark("{property} is not a property that any standard names"),
        mark(
            "check the spelling, and whether a raw line end broke a text here; "
            "a property of your own begins with X-"
        ),
    ),
    "misplaced-property": Defect(
        mark("{property} does not belong into {component}"),
        mark("readers will ignore it; take it out"),
    ),
    "property-after-component": Defect(
        mark("{property} of {component} stands after the components within it"),
        mark("put all properties before the first BEGIN"),
    ),
    "deprecated-property": Defect(
        mark("{property} is no longer part of the standard"),
        mark("write each exception as EXDATE"),
    ),
    "several-rules": Defect(
        mark("{component} has more than one RRULE; clients follow one or none"),
        mark("write the further dates as RDATE, or as events of their own"),
    ),
    "exdate-type": Defect(
        mark("EXDATE is a date, but DTSTART has a time: most clients except nothing"),
        mark("write the start of the occurrence with its time"),
    ),
    "color-not-a-name": Defect(
        mark("COLOR “{value}” is not a colour name of CSS 3"),
        mark("write a name such as steelblue"),
    ),
}

_HOUSE_ADVICE: Final = {
    "unseen-character": Defect(
        mark(
            "there is an unseen character (U+{point}) in the text; some readers end the line at it"
        ),
        mark("take it out; a line break within a text is written \\n"),
    ),
    "empty-address": Defect(
        mark("{property} is empty, which is no address"),
        mark("leave {property} out"),
    ),
    "only-timezones": Defect(
        mark("the calendar has time zones, but no event"),
        mark("put at least one event into it, or do not hand the file out"),
    ),
    "rule-over-at-once": Defect(
        mark("the recurrence rule ends before DTSTART: most clients show nothing"),
        mark("put UNTIL after the start, or take the rule out"),
    ),
    "floating-time": Defect(
        mark("{property} has neither a time zone nor Z: each reader sees another instant"),
        mark("write ;TZID=Asia/Shanghai with its VTIMEZONE, or UTC with Z"),
    ),
    "timezone-unused": Defect(
        mark("the VTIMEZONE “{value}” is not used"),
        mark("take it out"),
    ),
    "timezone-history": Defect(
        mark("the VTIMEZONE “{value}” writes out {count} rules; history breaks some clients"),
        mark("keep the rules of the events' own years; for China one STANDARD block of +0800"),
    ),
    "uid-with-host": Defect(
        mark("the UID “{value}” names a host or a mailbox"),
        mark("use a random UUID alone; it tells nobody where it was made (RFC 7986, 5.3)"),
    ),
    "no-calendar-name": Defect(
        mark("the calendar has no name; clients will show the file's name or address"),
        mark("add NAME and X-WR-CALNAME"),
    ),
    "cancelled-blocks-time": Defect(
        mark("the event is cancelled but still blocks its time"),
        mark("add TRANSP:TRANSPARENT"),
    ),
    "cancelled-alarm": Defect(
        mark("the event is cancelled but still has an alarm"),
        mark("take the VALARM out"),
    ),
    "attendee-named": Defect(
        mark("the file names attendees; whoever has the file can read them"),
        mark("leave ATTENDEE out of calendars that are handed out"),
    ),
    "publish-without-organizer": Defect(
        mark("METHOD:PUBLISH demands an ORGANIZER, which {component} lacks"),
        mark("leave METHOD out: a file that is not mailed needs none"),
    ),
}

_END_ADVICE: Final = ("no-final-line-end", "final-blank-line")

ADVICE: Final[dict[str, Defect]] = {
    **{code: _ENCODING[code] for code in _END_ADVICE},
    **_NAMES_ADVICE,
    **_HOUSE_ADVICE,
}
"""Defects that leave the exit code at 0."""

ERRORS: Final[dict[str, Defect]] = {
    code: defect
    for group in (_ENCODING, _STRUCTURE, _VALUES, _TIMES)
    for code, defect in group.items()
    if code not in _END_ADVICE
}
"""Defects that break a standard or the encoding."""
