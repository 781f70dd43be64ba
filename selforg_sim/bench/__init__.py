"""Benchmarks: what a run costs, and against what, as ratios taken in one run on one machine.

One part a file, each a function of ``Settings`` to plain numbers; ``suite`` runs them, ``report``
puts them into words. Nothing here is a test, and no test asks how long anything takes.
"""
