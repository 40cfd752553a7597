"""Attendance: marks as an append-only log, roll call, leave, merging and what is odd about them."""
