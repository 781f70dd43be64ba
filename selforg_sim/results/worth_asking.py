"""Of all who left: the most frequent reasons, and whom to ask about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from selforg_sim.engine.codes import WHY
from selforg_sim.results.lives import check_replicate
from selforg_sim.results.reasons import COLUMNS, SHORT, check_reasons, largest

if TYPE_CHECKING:
    import pandas as pd

    from selforg_sim.results.store import Results

LONG = 7
ASKED = 3


def overview(results: Results, replicate: int = 0) -> dict[str, Any]:
    """How often each reason was the largest, its mean share, and some people worth asking about.

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
    often = main.value_counts()
    ranked = sorted(WHY, key=lambda name: -int(often.get(name, 0)))
    return {
        "replicate": replicate,
        "left": len(spells),
        "reasons": [
            {
                "reason": name,
                "label": SHORT[name],
                "largest": int(often.get(name, 0)),
                "mean_share": float(spells[f"why_{name}"].mean()),
            }
            for name in ranked
            if name in often
        ],
        "people": _people(spells, main, ranked) if len(spells) else [],
    }


def _people(spells: pd.DataFrame, main: pd.Series, ranked: list[str]) -> list[dict[str, Any]]:
    """The clearest case of each of the most frequent reasons, and who left most often."""
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
        found.append(_one(row, f"{SHORT[name]}: {share:.0%} of his reasons, after {days} days"))
    times = spells["person"].value_counts().sort_index().sort_values(kind="stable")
    says = f"the one who left most often: {times.iloc[-1]} times"
    return [*found, {"person": int(times.index[-1]), "group": None, "says": says, "more": ""}]


def _one(row: pd.Series, says: str) -> dict[str, Any]:
    group = int(row["group"])
    return {"person": int(row["person"]), "group": group, "says": says, "more": f" --group {group}"}
