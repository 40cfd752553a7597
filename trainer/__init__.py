"""What a training office does: from needs to plan, timetable, attendance, hours and reports."""

__version__ = "0.1.0"
