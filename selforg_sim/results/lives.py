"""What the tables know of one person: his memberships, and his groups as they were then."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from selforg_sim.engine.codes import WHY
from selforg_sim.errors import ResultsError, nearest
from selforg_sim.results.reasons import check_reasons

if TYPE_CHECKING:
    from selforg_sim.results.store import Results

CHANGES = ("size", "quality", "noise", "belonging")


@dataclass(frozen=True, slots=True)
class Moment:
    """A group in the evening of a recorded day."""

    day: int
    size: int
    quality: float
    noise: float
    belonging: float


@dataclass(frozen=True)
class Stay:
    """One membership, with the group when it began and when it ended (or was last seen).

    Attributes
    ----------
    spell : the row of the table ``spells``
    came : how he came in: "invited", "found", "founded" or "split off"
    reasons : shares of the reasons of its end, largest first; empty while it is open
    went_to : names of the groups that he joined on the day on which he left
    """

    name: str
    spell: dict[str, Any]
    came: str
    inviter_kind: str
    joined: Moment | None
    last: Moment | None
    reasons: dict[str, float]
    went_to: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Whether he is still a member."""
        return self.spell["left"] is None


@dataclass(frozen=True)
class Life:
    """A person and his memberships in the order of their days.

    Attributes
    ----------
    stays : his memberships, or those in the group asked for
    groups, times : in how many groups he was, and how often, those not asked for included
    """

    replicate: int
    person: dict[str, Any]
    stays: tuple[Stay, ...]
    groups: int
    times: int
    last_day: int


def life_of(results: Results, person: int, group: str | None = None, replicate: int = 0) -> Life:
    """A person's memberships, in one group or in all.

    Raises
    ------
    ResultsError
        There is no such replicate, person or group, he was not in it, or the results hold no
        memberships. The text says what is valid.
    """
    check_reasons(results)
    check_replicate(results, replicate)
    who = _person(results, person, replicate)
    names = group_names(results, replicate)
    rows = _rows(results, "spells", replicate=replicate, person=person)
    rows.sort(key=lambda row: (row["joined"], row["group"]))
    stays = [_stay(results, row, rows, names, replicate) for row in rows]
    if group is not None:
        stays = _only_in(stays, _find_group(group, names), person, names)
    groups = len({row["group"] for row in rows})
    return Life(replicate, who, tuple(stays), groups, len(rows), _last_day(results))


def check_replicate(results: Results, replicate: int) -> None:
    """Refuse a replicate that there is not."""
    if not 0 <= replicate < results.replicates:
        runs = results.replicates
        valid = "only replicate 0" if runs == 1 else f"replicates 0 to {runs - 1}"
        raise ResultsError(f"There is no replicate {replicate}: these results hold {valid}.")


def _person(results: Results, person: int, replicate: int) -> dict[str, Any]:
    found = []
    if abs(person) < 2**31:
        found = _rows(results, "people", replicate=replicate, person=person)
    if not found:
        people = _count(results, "people", replicate)
        valid = f"people are numbered 0 to {people - 1}" if people else "nobody lives in this run"
        raise ResultsError(f"There is no person {person}: {valid}.")
    return found[0]


def _find_group(asked: str, names: dict[int, str]) -> int:
    """The row of a group, given by name or, if none is called that, by number."""
    for row, name in names.items():
        if name == asked:
            return row
    if asked.isdecimal() and int(asked) in names:
        return int(asked)
    if asked.lstrip("-").isdecimal():
        raise ResultsError(f"There is no group {asked}: groups are numbered 0 to {len(names) - 1}.")
    raise ResultsError(f"There is no group {asked!r}. {nearest(asked, names.values())}")


def _only_in(stays: Sequence[Stay], group: int, person: int, names: dict[int, str]) -> list[Stay]:
    found = [stay for stay in stays if stay.spell["group"] == group]
    if not found:
        others = list(dict.fromkeys(stay.name for stay in stays))
        was = f"he was in {listed(others)}" if others else "he was in no group at all"
        raise ResultsError(f"Person {person} was never in {names[group]}: {was}.")
    return found


def listed(names: Sequence[str]) -> str:
    """Names with commas and *and*.

    >>> listed(["g1", "g2", "g3"])
    'g1, g2 and g3'
    """
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def _stay(
    results: Results,
    row: dict[str, Any],
    rows: Sequence[dict[str, Any]],
    names: dict[int, str],
    replicate: int,
) -> Stay:
    inviter = row["invited_by"]
    kind = ""
    if inviter is not None:
        kind = str(_person(results, inviter, replicate)["kind"])
    until = _last_day(results) if row["left"] is None else row["left"]
    moments = _moments(results, replicate, row["group"], until)
    next_groups = [
        names[other["group"]]
        for other in rows
        if other["joined"] == row["left"] and other["group"] != row["group"]
    ]
    return Stay(
        name=names[row["group"]],
        spell={k: v for k, v in row.items() if k != "replicate"},
        came=_came(results, row, replicate),
        inviter_kind=kind,
        joined=_at(moments, row["joined"]),
        last=_at(moments, until),
        reasons=_reasons(row),
        went_to=tuple(next_groups),
    )


def _came(results: Results, row: dict[str, Any], replicate: int) -> str:
    group = _rows(results, "groups", replicate=replicate, group=row["group"])[0]
    if row["invited_by"] is not None:
        return "invited"
    if group["founded"] == row["joined"] and group["founder"] == row["person"]:
        return "founded"
    if group["founded"] == row["joined"] and group["parent"] is not None:
        return "split off"
    return "found"


def _reasons(row: dict[str, Any]) -> dict[str, float]:
    if row["left"] is None:
        return {}
    shares = {name: float(row[f"why_{name}"]) for name in WHY}
    return {name: shares[name] for name in sorted(WHY, key=lambda name: -shares[name])}


def _moments(results: Results, replicate: int, group: int, until: int) -> list[Moment]:
    table = results.arrow("series").select(["replicate", "day", "group", *CHANGES])
    rows = _filtered(table, replicate=replicate, group=group)
    return [
        Moment(row["day"], row["size"], row["quality"], row["noise"], _number(row["belonging"]))
        for row in rows
        if row["day"] <= until
    ]


def _at(moments: Iterable[Moment], day: int) -> Moment | None:
    """The evening of a day, or of the last recorded day before it on which anybody was there."""
    before = [moment for moment in moments if moment.day <= day and moment.size > 0]
    return max(before, key=lambda moment: moment.day, default=None)


def _rows(results: Results, name: str, **wanted: int) -> list[dict[str, Any]]:
    return _filtered(results.arrow(name), **wanted)


def _filtered(table: Any, **wanted: int) -> list[dict[str, Any]]:
    import pyarrow.compute as pc

    for column, value in wanted.items():
        table = table.filter(pc.equal(table[column], value))
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def _count(results: Results, name: str, replicate: int) -> int:
    import pyarrow.compute as pc

    return int(pc.sum(pc.equal(results.arrow(name)["replicate"], replicate)).as_py() or 0)


def group_names(results: Results, replicate: int) -> dict[int, str]:
    table = results.arrow("groups").select(["replicate", "group", "name"])
    return {row["group"]: str(row["name"]) for row in _filtered(table, replicate=replicate)}


def _last_day(results: Results) -> int:
    last = results.manifest.get("last_day")
    if last is None:
        import pyarrow.compute as pc

        last = pc.max(results.arrow("series")["day"]).as_py() or 0
    return int(last)


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
