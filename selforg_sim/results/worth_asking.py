"""Of all who left: the most frequent reasons, and whom to ask about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from selforg_sim.engine.codes import WHY
from selforg_sim.results.lives import check_replicate, group_names
from selforg_sim.results.reasons import COLUMNS, SHORT, check_reasons, largest

if TYPE_CHECKING:
    import pandas as pd

    from selforg_sim.results.store import Results

LONG = 7
ALIKE = 1e-6
"""Shares that differ by less are equal: they are kept with seven digits."""
ASKED = 3


def overview(results: Results, replicate: int = 0) -> dict[str, Any]:
    """Mean share of each reason, how often it was the largest, and some people worth asking about.

    Where two shares are the largest together (who moved had no time *and* a better group), the
    membership counts for both.

    Raises
    ------
    ResultsError
        There is no such replicate, or the results hold no memberships.
    """
    check_reasons(results)
    check_replicate(results, replicate)
    columns = ("replicate", "person", "group", "joined", "left", *COLUMNS)
    spells = results.table("spells", columns)
    spells = spells[(spells["replicate"] == replicate) & spells["left"].notna()]
    main = largest(spells)
    shares = spells[list(COLUMNS)].to_numpy(float)
    often = (shares >= shares.max(axis=1, keepdims=True) - ALIKE).sum(axis=0)
    mean = dict(zip(WHY, shares.mean(axis=0) if len(spells) else often, strict=True))
    ranked = sorted(WHY, key=lambda name: -mean[name])
    return {
        "replicate": replicate,
        "replicates": results.replicates,
        "left": len(spells),
        "reasons": [
            {
                "reason": name,
                "label": SHORT[name],
                "mean_share": float(mean[name]),
                "largest": int(often[list(WHY).index(name)]),
            }
            for name in ranked
            if mean[name] > 0
        ],
        "people": _people(spells, main, ranked, group_names(results, replicate)),
    }


def _people(
    spells: pd.DataFrame, main: pd.Series, ranked: list[str], names: dict[int, str]
) -> list[dict[str, Any]]:
    """The clearest case of each of the largest reasons, and who left most often."""
    if not len(spells):
        return []
    stayed = (spells["left"] - spells["joined"]).to_numpy()
    found = []
    for name in ranked[:ASKED]:
        of_this = (main == name).to_numpy()
        rows = np.flatnonzero(of_this & (stayed >= LONG))
        if not rows.size:
            continue
        shares = spells[f"why_{name}"].to_numpy(float)[rows]
        row = spells.iloc[rows[shares.argmax()]]
        share, days = float(shares.max()), int(row["left"] - row["joined"])
        when = f"on day {int(row['left'])}, after {days} days"
        says = f"{SHORT[name]}: {share:.0%} of his reasons {when}"
        found.append(_one(row, says, names))
    times = spells["person"].value_counts().sort_index().sort_values(kind="stable")
    says = f"the one who left most often: {times.iloc[-1]} time{'s' if times.iloc[-1] > 1 else ''}"
    return [*found, {"person": int(times.index[-1]), "group": None, "says": says, "more": ""}]


def _one(row: pd.Series, says: str, names: dict[int, str]) -> dict[str, Any]:
    group = int(row["group"])
    more = f" --group {names.get(group, group)}"
    return {"person": int(row["person"]), "group": group, "says": says, "more": more}
