"""Curriculum-based course timetabling: the public problem that the engine is measured on.

An instance is read (``instance``), compiled into the general form of the annealing core (``form``,
``compile``), started feasibly (``start``), improved (``anneal``, ``solve``), and judged by a scorer
that shares nothing with all that (``score``). ``moves`` and ``state`` are the compiled core: they
know meetings, cells of a week, places and patterns of days, but no course and no curriculum.
"""
