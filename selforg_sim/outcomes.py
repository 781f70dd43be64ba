"""Outcomes: what is asked of a world, day by day, by name, with unit and meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from selforg_sim.engine.types import Floats, Ints
from selforg_sim.errors import UsageError, nearest
from selforg_sim.world import World

MONTH = 30
LEAVES = ("quits", "moved", "removals", "split_off", "ended")
MEASURES = (
    "size", "belonging", "quality", "involved", "with_results", "happy", "quiet", "troublemakers",
    "messages", "joins", "hours", *LEAVES,
)  # fmt: skip


@dataclass(frozen=True)
class Lived:
    """What the groups of one world lived through, day by day.

    Attributes
    ----------
    of_groups : measures by name, each float64[days + 1, groups], 0 where a group does not live
    ever_joined : memberships ever begun, float64[days + 1, groups], also after a group's end
    person, joined, left : spells, int64[spells]; ``left`` is -1 while they last
    group : row of the group of each spell
    """

    of_groups: Mapping[str, Floats]
    ever_joined: Floats
    person: Ints
    joined: Ints
    left: Ints
    group: Ints

    def total(self, name: str) -> Floats:
        """A measure added up over the groups, float64[days + 1]."""
        return np.asarray(self.of_groups[name].sum(axis=1))

    def mean(self, name: str) -> Floats:
        """Mean over all members of a measure that is a mean in each group; NaN without members."""
        return ratio(
            (self.of_groups[name] * self.of_groups["size"]).sum(axis=1), self.total("size")
        )

    def share(self, name: str) -> Floats:
        """Part of all members that a measure counts; NaN without members."""
        return ratio(self.total(name), self.total("size"))

    def only(self, group: int | None) -> Lived:
        """One group alone, by its row; nothing where it never opened."""
        columns = [] if group is None else [group]
        spells = self.group == (-1 if group is None else group)
        return Lived(
            {name: values[:, columns] for name, values in self.of_groups.items()},
            self.ever_joined[:, columns],
            self.person[spells],
            self.joined[spells],
            self.left[spells],
            self.group[spells],
        )


def lived(world: World) -> Lived:
    """Read off a world at the end of its days what its groups lived through."""
    series, spells = world.state.record.table("series"), world.state.record.spells
    shape = (world.state.day + 1, world.state.groups.rows)
    where = (series["day"], series["group"])

    def spread(name: str) -> Floats:
        matrix = np.zeros(shape)
        matrix[where] = np.nan_to_num(series[name])
        return matrix

    return Lived(
        {name: spread(name) for name in MEASURES},
        np.maximum.accumulate(spread("ever_joined"), axis=0),
        *(spells[name].astype(np.int64) for name in ("person", "joined", "left", "group")),
    )


def ratio(part: Floats, whole: Floats) -> Floats:
    """Part by whole, NaN where there is nothing.

    >>> ratio(np.array([1.0, 2.0]), np.array([2.0, 0.0])).tolist()
    [0.5, nan]
    """
    undefined = np.full(whole.shape, np.nan)
    return np.asarray(np.divide(part, whole, out=undefined, where=whole > 0))


def people_in_groups(world: Lived) -> Floats:
    """People who are in one group or more, float64[days + 1]; who is in two counts once."""
    days = world.ever_joined.shape[0]
    left = np.where(world.left < 0, days, world.left)
    order = np.lexsort((world.joined, world.person))
    apart = world.person[order] * (days + 1)  # one person's days after the other's, in one line
    begin, end = world.joined[order] + apart, left[order] + apart
    seen = np.maximum.accumulate(end)
    begin[1:] = np.maximum(begin[1:], seen[:-1])
    new = begin < end
    change = np.zeros(days + 1)
    np.add.at(change, (begin - apart)[new], 1.0)
    np.add.at(change, (end - apart)[new], -1.0)
    return np.asarray(np.cumsum(change)[:days])


def churn(world: Lived) -> Floats:
    """Members lost in the 30 days before each day, of those there were; a share per 30 days."""
    days = np.arange(world.ever_joined.shape[0])
    since = np.maximum(days - MONTH, 0)
    lost = np.cumsum(sum(world.total(name) for name in LEAVES))
    present = np.cumsum(world.total("size"))
    return ratio((lost - lost[since]) * MONTH, present - present[since])


@dataclass(frozen=True)
class Outcome:
    """One number that a world comes to, on every day.

    Attributes
    ----------
    name, label : for commands and tables, and for people
    unit : "share", or what is counted
    meaning : one sentence
    of : its values by day, float64[days + 1], from what was lived
    """

    name: str
    label: str
    unit: str
    meaning: str
    of: Callable[[Lived], Floats]


OUTCOMES = {
    outcome.name: outcome
    for outcome in (
        Outcome("size", "members", "members", "Members of all groups together.",
                lambda w: w.total("size")),
        Outcome("retained", "stayed", "share", "Memberships still open, of all ever begun.",
                lambda w: ratio(w.total("size"), w.ever_joined.sum(axis=1))),
        Outcome("belonging", "mean belonging", "0 to 1", "Mean over all members.",
                lambda w: w.mean("belonging")),
        Outcome("involved", "took part", "share",
                "Members who gave or came within seven days.", lambda w: w.share("involved")),
        Outcome("with_results", "got results", "share",
                "Members with more returns or learning than expected.",
                lambda w: w.share("with_results")),
        Outcome("happy", "happy", "share", "Members who experience the value they expect.",
                lambda w: w.share("happy")),
        Outcome("quiet", "quiet", "share", "Members who stay and do not care.",
                lambda w: w.share("quiet")),
        Outcome("troublemakers", "make trouble", "share", "Members who make trouble.",
                lambda w: w.share("troublemakers")),
        Outcome("joined", "ever joined", "memberships", "Memberships begun since day 0.",
                lambda w: w.ever_joined.sum(axis=1)),
        Outcome("churn", "monthly churn", "share", "Members lost in 30 days, of those there were.",
                churn),
        Outcome("removals", "removed", "members", "Members removed since day 0.",
                lambda w: np.cumsum(w.total("removals"))),
        Outcome("people_in_groups", "people in groups", "people",
                "People who are in one group or more.", people_in_groups),
        Outcome("groups_alive", "groups alive", "groups", "Groups that have members.",
                lambda w: (w.of_groups["size"] > 0).sum(axis=1).astype(float)),
        Outcome("mean_size", "mean size", "members", "Members per living group.",
                lambda w: ratio(w.total("size"), (w.of_groups["size"] > 0).sum(axis=1))),
        Outcome("largest", "largest group", "members", "Members of the largest group.",
                lambda w: w.of_groups["size"].max(axis=1, initial=0.0)),
        Outcome("quality", "mean quality", "0 to 1", "Quality of their groups, mean over members.",
                lambda w: w.mean("quality")),
        Outcome("messages", "messages", "messages/day", "Messages written on the day.",
                lambda w: w.total("messages")),
        Outcome("hours", "hours spent", "hours/day", "Time that members spend in groups.",
                lambda w: w.total("hours")),
    )
}  # fmt: skip
"""Every outcome by its name. ``NAME@GROUP`` asks it of one given group alone."""

USUAL = ("size", "retained", "belonging", "involved", "with_results", "happy")


def outcome_of(text: str, groups: Sequence[str] = ()) -> Outcome:
    """The outcome that a text names, of all groups or of one: ``size``, ``size@g1``.

    Parameters
    ----------
    text : as after ``--outcome``
    groups : names of the given groups

    Raises
    ------
    UsageError
        If there is no such outcome or group.
    """
    name, at, group = text.partition("@")
    if name not in OUTCOMES:
        raise UsageError(f"There is no outcome '{name}'. {_meant(name)}")
    found = OUTCOMES[name]
    if not at:
        return found
    if group not in groups:
        raise UsageError(f"--outcome {text}: there is no group '{group}'. {nearest(group, groups)}")
    meaning = f"{found.meaning} In the group {group}."
    return Outcome(text, f"{found.label}, {group}", found.unit, meaning, found.of)


def _meant(name: str) -> str:
    """The outcome that is called so in tables and pictures, the nearest name, or all names."""
    for outcome in OUTCOMES.values():
        if name.lower() == outcome.label:
            return f"What is shown as '{outcome.label}' is called '{outcome.name}'."
    near = nearest(name, OUTCOMES)
    if "Did you mean" in near:
        return near
    return f"Outcomes: {', '.join(OUTCOMES)}; with @GROUP behind it, that of one given group."


def curves_of(world: World, names: Sequence[str] = tuple(OUTCOMES)) -> dict[str, Floats]:
    """Outcomes of a world by name, each float64[days + 1].

    Parameters
    ----------
    names : outcomes; ``size@g1`` is that of one group, all 0 or missing where it never opened
    """
    everything = lived(world)
    groups = world.state.group_names
    curves = {}
    for text in names:
        name, at, group = text.partition("@")
        row = groups.index(group) if group in groups else None
        curves[text] = OUTCOMES[name].of(everything.only(row) if at else everything)
    return curves
