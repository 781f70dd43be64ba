"""Sweeps: many runs of a scenario with some settings varied, kept in a folder, and gone on with.

A sweep is run from an experiment's file by `run_sweep`; `selforg sweep` does the same from the
command line.
"""

from __future__ import annotations

from selforg_sim.executors import Inline, Processes
from selforg_sim.sweep.experiment import Experiment
from selforg_sim.sweep.load import load_experiment
from selforg_sim.sweep.results import Sweep
from selforg_sim.sweep.run import State, run_sweep
from selforg_sim.sweep.schedule import Shard
from selforg_sim.sweep.study import Study, study_of

__all__ = [
    "Experiment",
    "Inline",
    "Processes",
    "Shard",
    "State",
    "Study",
    "Sweep",
    "load_experiment",
    "run_sweep",
    "study_of",
]
