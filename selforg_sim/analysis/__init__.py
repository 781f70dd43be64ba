"""Analysis of sweeps: means, the share of luck, indices, pictures.

Examples
--------
>>> from tempfile import TemporaryDirectory
>>> from selforg_sim.analysis import analyze
>>> from selforg_sim.sweep import Inline, load_experiment, run_sweep, study_of
>>> study = study_of(
...     load_experiment("smoke", vary=["group.levels=1,2"], changes=["horizon=3"], replicates=2)
... )
>>> with TemporaryDirectory() as place:
...     _ = run_sweep(study, place, executor=Inline())
...     found = analyze(place)
>>> found.tables()["points"][["outcome", "group.levels", "runs"]].head(2).values.tolist()
[['size', 1, 2], ['size', 2, 2]]
"""

from selforg_sim.analysis.analysis import Analysis, Finding, analyze
from selforg_sim.analysis.case import Case
from selforg_sim.analysis.found import Effect, Found, Index

__all__ = ["Analysis", "Case", "Effect", "Finding", "Found", "Index", "analyze"]
