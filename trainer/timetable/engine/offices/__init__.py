"""The annealing core for offices: a year's meetings as typed arrays, and compiled moves over them.

``compile`` turns tables and costs into a form (``form``), with ``choices`` of meetings and
``parties``; ``state`` keeps what is busy and what it
costs, by increments; ``moves`` and ``anneal`` change it without ever breaking a hard rule;
``rounds`` runs in processes of its own; ``polish`` is what the solver calls.
"""
