"""The record: what is kept of a run while it goes on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from selforg_sim.engine.columns import Array, Table, new_array
from selforg_sim.engine.declarations import Column

SPELL_COLUMNS = (
    Column("person", "membership", "i4", "row", "Member."),
    Column("group", "membership", "i4", "row", "Group."),
    Column("invited_by", "membership", "i4", "row", "Who invited him."),
    Column("joined", "membership", "i4", "day", "Day of joining."),
    Column("fit", "membership", "f8", "1", "Fit when joining."),
    Column("trust", "membership", "f8", "share", "Trust when joining."),
    Column("belonging", "membership", "f8", "share", "Belonging when joining."),
    Column("left", "membership", "i4", "day", "Day of leaving.", -1),
    Column("reason", "membership", "i1", "code", "Reason of leaving.", -1),
    Column("belonging_left", "membership", "f8", "share", "Belonging when leaving.", float("nan")),
)
ENDED = Column("spell", "membership", "i4", "row", "Which spell ended.")
INVITATION_COLUMNS = (
    Column("day", "membership", "i4", "day", "Day."),
    Column("from", "membership", "i4", "row", "Who invited; nobody where the group was found."),
    Column("to", "membership", "i4", "row", "Who was invited."),
    Column("group", "membership", "i4", "row", "Into which group."),
    Column("outcome", "membership", "i1", "code", "What came of it."),
)
EVENT_COLUMNS = (
    Column("day", "membership", "i4", "day", "Day."),
    Column("event", "membership", "i1", "code", "What happened."),
    Column("group", "membership", "i4", "row", "To which group.", -1),
    Column("person", "membership", "i4", "row", "Who did it.", -1),
    Column("other", "membership", "i4", "row", "The other group, if any.", -1),
)


class Record:
    """Growing tables of spells, invitations, events, and whole days.

    Parameters
    ----------
    keep_invitations : whether every single invitation is kept
    of_spells : further columns of spells, which are as at birth until the membership ends
    """

    def __init__(self, keep_invitations: bool = True, of_spells: Sequence[Column] = ()) -> None:
        self.keep_invitations = keep_invitations
        self.spells = Table(SPELL_COLUMNS, 0, {})
        self.ends = Table((ENDED, *of_spells), 0, {})
        self.invitations = Table(INVITATION_COLUMNS, 0, {})
        self.events = Table(EVENT_COLUMNS, 0, {})
        self.days: dict[str, list[dict[str, Array]]] = {"series": [], "memberships": []}

    def add(self, table: Table, **columns: Array | int | Sequence[int]) -> range:
        """Append rows to a table; columns not named are as at birth."""
        longest = max(np.size(v) for v in columns.values())
        where = table.grow(longest)
        for name, values in columns.items():
            table.arrays[name][where.start : where.stop] = values
        return where

    def event(
        self, day: int, code: int, group: int = -1, person: int = -1, other: int = -1
    ) -> None:
        """Note one event."""
        self.add(self.events, day=day, event=code, group=group, person=person, other=other)

    def close_spells(
        self, spells: Array, day: int, reasons: Array, belonging: Array, **further: Array
    ) -> None:
        """Note the end of memberships; ``further`` by the names of further columns."""
        self.spells.arrays["left"][spells] = day
        self.spells.arrays["reason"][spells] = reasons
        self.spells.arrays["belonging_left"][spells] = belonging
        if further:
            self.add(self.ends, spell=spells, **further)

    def table(self, name: str) -> dict[str, Array]:
        """Columns of one table, ready for results."""
        if name in self.days:
            return _concatenated(self.days[name])
        table: Table = getattr(self, name)
        columns = {column.name: table[column.name] for column in table.columns}
        return columns | self._at_ends() if name == "spells" else columns

    def _at_ends(self) -> dict[str, Array]:
        """The further columns of spells: as at birth where a membership is open."""
        found = {c.name: new_array(c, self.spells.rows, {}) for c in self.ends.columns[1:]}
        for name, column in found.items():
            column[self.ends["spell"]] = self.ends[name]
        return found


def _concatenated(days: Iterable[dict[str, Array]]) -> dict[str, Array]:
    parts = list(days)
    return {k: np.concatenate([part[k] for part in parts]) for k in parts[0]} if parts else {}
