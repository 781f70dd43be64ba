"""Where work is done: in this process, in processes beside it, or on a Dask cluster.

All of them are given a piece of work and a way to ask for the next task, and give back what
became of each task, in no certain order. They know nothing of what the work is.
"""

from __future__ import annotations

from selforg_sim.executors.dask import Dask
from selforg_sim.executors.inline import Inline
from selforg_sim.executors.processes import Processes, cores
from selforg_sim.executors.protocol import Changed, Done, Executor, Failed, Lost, Outcome

__all__ = [
    "Changed",
    "Dask",
    "Done",
    "Executor",
    "Failed",
    "Inline",
    "Lost",
    "Outcome",
    "Processes",
    "cores",
]
