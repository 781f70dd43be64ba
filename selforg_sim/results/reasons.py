"""Why people left: the shares of the leave ledger, summed up over runs, weeks and groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from selforg_sim.engine.codes import WHY
from selforg_sim.errors import ResultsError

if TYPE_CHECKING:
    import pandas as pd

    from selforg_sim.results.store import Results

OF_THEIR_OWN = ("quit", "moved", "drifted off")
COLUMNS = tuple(f"why_{name}" for name in WHY)
SHORT = {
    "value_mismatch": "other values",
    "weak_supply": "weak supply",
    "crowding": "crowding",
    "trouble": "trouble and noise",
    "no_returns": "little return",
    "little_trust": "little trust",
    "no_friends": "few friends",
    "restlessness": "restlessness",
    "no_time": "no time",
    "better_group": "a better group",
    "removed": "removed",
    "group_ended": "group ended",
    "event": "an event",
    "own_program": "his own program",
}
"""Reasons in two or three words."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why people left of their own: how many did, and the mean share of each reason.

    Attributes
    ----------
    left : memberships that ended with quitting, moving or drifting off, in all replicates
    shares : mean share by reason, largest first; they add up to 1, and are empty if nobody left
    """

    left: int
    shares: dict[str, float]


def keeps_reasons(results: Results) -> bool:
    """Whether memberships and the reasons of their ends are among the results."""
    return "spells" in results.tables and set(COLUMNS) <= set(results.arrow("spells").column_names)


def check_reasons(results: Results) -> None:
    """Refuse results that cannot say why people left.

    Raises
    ------
    ResultsError
        Memberships were not recorded, or by a version that kept no reasons.
    """
    if "spells" not in results.tables:
        raise ResultsError(
            f"The results of {results.name} hold no memberships: the scenario says "
            "record.spells = false. Run it again with --set record.spells=true."
        )
    if not keeps_reasons(results):
        raise ResultsError(
            f"The results of {results.name} were made by a version that kept no reasons of "
            "leaving. Run the scenario again."
        )


def ended(results: Results, columns: tuple[str, ...] = ()) -> pd.DataFrame:
    """Ended memberships: replicate, group, day of leaving, how they ended, and all shares."""
    spells = results.table("spells", ("replicate", "group", "left", "reason", *columns, *COLUMNS))
    return spells[spells["left"].notna()].reset_index(drop=True)


def reasons(results: Results) -> Reasons:
    """Mean shares of those who left of their own, over all replicates."""
    if not keeps_reasons(results):
        return Reasons(0, {})
    spells = results.table("spells", ("reason", *COLUMNS))
    shares = spells.loc[spells["reason"].isin(OF_THEIR_OWN), list(COLUMNS)]
    if not len(shares):
        return Reasons(0, {})
    mean = shares.to_numpy(float).mean(axis=0)
    order = np.argsort(-mean, kind="stable")
    names = list(WHY)
    return Reasons(len(shares), {names[i]: float(mean[i]) for i in order})


def largest(shares: pd.DataFrame) -> pd.Series:
    """The name of the largest share in each row; of equal ones the first in the order of `WHY`.

    >>> import pandas as pd
    >>> table = pd.DataFrame([[0.0] * len(COLUMNS)] * 2, columns=COLUMNS)
    >>> table.loc[0, "why_trouble"] = 1.0
    >>> table.loc[1, ["why_no_time", "why_better_group"]] = 0.5
    >>> largest(table).tolist()
    ['trouble', 'no_time']
    """
    import pandas as pd

    place = shares[list(COLUMNS)].to_numpy(float).argmax(axis=1)
    return pd.Series(np.array(list(WHY))[place], index=shares.index, dtype=object)


def main_ones(weights: dict[str, float], most: int = 7, least: float = 0.02) -> list[str]:
    """Reasons that are worth a colour of their own, largest first; the rest is *other*.

    >>> main_ones({"trouble": 60.0, "crowding": 39.0, "event": 1.0, "removed": 0.0})
    ['trouble', 'crowding']
    """
    whole = sum(weights.values())
    ranked = sorted(weights, key=lambda name: -weights[name])
    return [name for name in ranked[:most] if weights[name] > least * whole]
