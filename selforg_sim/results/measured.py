"""The measures of the table ``series``: declared by the rules, put here in an order to read them
in."""

from __future__ import annotations

from collections.abc import Iterable

from selforg_sim.engine.declarations import Measure
from selforg_sim.plan import MEASURES

ORDER = (
    *("size", "active", "quiet", "core_layer", "contributors", "lurkers", "troublemakers"),
    *("owner_present", "joins", "quits", "moved", "removals", "split_off", "ended"),
    *("belonging", "belonging_low", "belonging_high", "trust", "experienced", "fit", "evidence"),
    *("quality", "manageability", "noise", "order", "supply", "hours", "time_share"),
    *("givers", "messages", "disruptions", "pool", "paid", "envelopes", "advertised"),
    *("core_distance", "stage", "ever_joined", "involved", "with_results", "happy", "gini"),
)


def in_order(measures: Iterable[Measure]) -> tuple[Measure, ...]:
    """Measures in the order of `ORDER`; those that a new rule has added come last."""
    place = {name: number for number, name in enumerate(ORDER)}
    return tuple(sorted(measures, key=lambda measure: place.get(measure.name, len(place))))


SERIES_MEASURES = in_order(MEASURES)
