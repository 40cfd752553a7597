"""What every annealing core shares: compiling, chance, rounds of falling temperature, processes.

A core is a package with a *form* (a problem as arrays), compiled moves over it, and a module
``rounds`` with ``warm_up()`` and ``run_round(form, plan, tell)`` for the processes of ``crew``.
``offices`` and ``curricula`` are the two cores.
"""
