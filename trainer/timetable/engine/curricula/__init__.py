"""Curriculum-based course timetabling: the public problem that the engine is measured on.

An instance (``instance``) is read (``reading``), compiled into the general form of the annealing
core (``form``, ``compile``), started feasibly (``start``), improved (``solve``, ``crew``,
``rounds``), and judged by a scorer that shares nothing with all that (``score``). The compiled core
(``anneal``, ``moves``, ``state``, ``kernel``) knows meetings, cells of a week, places and patterns
of days, but no course and no curriculum.
"""
