"""The closed sets of words that columns may hold. The first of each is not a default."""

from typing import Final

TIERS: Final = ("head", "flock", "tail")
VENUE_KINDS: Final = ("classroom", "field_site", "activity_room", "external", "online")
TEACHER_KINDS: Final = ("leader", "expert", "party_school", "local_expert", "role_model")
STRANDS: Final = ("red", "theory", "practice")
FOCUSES: Final = ("political", "professional")
FORMS: Final = ("lecture", "discussion", "field", "exam", "ceremony", "self_study", "online")
MEASURES: Final = ("go_out", "invite_in", "party_school", "knowledge_class")
STAGES: Final = ("proposed", "approved", "notified", "running", "closed", "cancelled")
POSITIONS: Final = ("first", "last")
ENROLMENT_STATES: Final = ("confirmed", "reserve", "declined", "withdrawn")
UNAVAILABLE_KINDS: Final = ("teacher", "venue", "class", "unit", "person")
SESSION_STATES: Final = ("planned", "published", "held", "cancelled")
MARK_STATUSES: Final = ("present", "late", "early", "leave", "duty", "absent", "void")
ATTENDED: Final = ("present", "late", "early")
EXTRA_EVENTS: Final = ("to", "back")
PARTS: Final = ("AM", "PM", "EVE")
LANGUAGES: Final = ("zh", "en")
