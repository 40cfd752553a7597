"""Calendars: sessions out as .ics files that every client reads right, and a lint for any."""
