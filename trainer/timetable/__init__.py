"""From syllabus to sessions: the timetable is built, solved, checked, applied and published."""
