"""Stories of people: how they came into a group, what they got there, and why they left."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from selforg_sim.engine.codes import WHY
from selforg_sim.results.lives import CHANGES, Life, Moment, Stay, listed

SMALL = 0.05
CLAUSES = {name: meaning[0].lower() + meaning[1:].rstrip(".") for name, meaning in WHY.items()} | {
    "restlessness": "people leave at times even if they lack nothing",
    "little_trust": "he did not trust the owner fully",
}
"""Reasons in words; each is what was missing to a member who lacks nothing."""
DEGREES = (
    (0.995, "only because"),
    (0.9, "almost only because"),
    (0.505, "mostly because"),
    (0.495, "half because"),
    (0.2, "partly because"),
)
WORDS = {"size": "members", "quality": "quality", "noise": "noise", "belonging": "mean belonging"}
NOTHING = 0.005


def story(life: Life) -> list[str]:
    """A paragraph about a person, and one for each of his memberships."""
    return [_introduced(life), *(told(stay, life) for stay in life.stays)]


def as_dict(life: Life) -> dict[str, Any]:
    """The same for programs: what the story is told from, and the story."""
    return {
        "replicate": life.replicate,
        "person": _plain(life.person),
        "memberships": [
            {
                "name": stay.name,
                "came": stay.came,
                **_plain({k: v for k, v in stay.spell.items() if not k.startswith("why_")}),
                "group_when_joining": _moment(stay.joined),
                "group_when_leaving": _moment(stay.last),
                "why": stay.reasons,
            }
            for stay in life.stays
        ],
        "story": story(life),
    }


def told(stay: Stay, life: Life) -> str:
    """One membership in sentences."""
    parts = [_came(stay), _began(stay), _got(stay, life), _changed(stay), _ended(stay, life)]
    return " ".join(part for part in parts if part)


def because(reasons: dict[str, float]) -> str:
    """Reasons in words, largest first; those below five per cent are summed up.

    >>> because({"little_trust": 0.7, "trouble": 0.26, "crowding": 0.04})
    'mostly because he did not trust the owner fully (70%), partly because trouble and advertising \
drowned the rest (26%); other reasons 4%'
    """
    said = [name for name, share in reasons.items() if share >= SMALL]
    by_degree: dict[str, list[str]] = {}
    for name in said:
        reason = f"{CLAUSES[name]} ({_per_cent(reasons[name])})"
        by_degree.setdefault(_degree(reasons[name]), []).append(reason)
    text = ", ".join(f"{degree} {listed(clauses)}" for degree, clauses in by_degree.items())
    rest = sum(share for name, share in reasons.items() if name not in said)
    return text + (f"; other reasons {_per_cent(rest)}" if rest >= NOTHING else "")


def _degree(share: float) -> str:
    return next((words for least, words in DEGREES if share >= least), "a little because")


def _introduced(life: Life) -> str:
    who, kind = life.person, str(life.person["kind"])
    contacts = _count(who["contacts"], "person", "people")
    text = f"Person {who['person']} is {_article(kind)} {kind} who knows {contacts}."
    text += f" A value of {who['expectation']:.2f} would content him."
    if not life.times:
        return text + " He was never in a group."
    again = life.times > life.groups
    more = f", in some more than once ({life.times} memberships in all)" if again else ""
    return text + f" He was in {_count(life.groups, 'group')}{more}."


def _came(stay: Stay) -> str:
    day, name = stay.spell["joined"], stay.name
    if stay.came == "founded":
        return f"{name}: he founded it on day {day}."
    if stay.came == "split off":
        return f"{name}: he came with those who split off on day {day}."
    if stay.came == "invited":
        inviter = f"person {stay.spell['invited_by']} ({stay.inviter_kind})"
        return f"{name}: {inviter} invited him, and he joined on day {day}."
    return f"{name}: nobody asked him; he found it himself and joined on day {day}."


def _began(stay: Stay) -> str:
    spell = stay.spell
    text = ""
    if stay.joined is not None:
        text = f"That evening it had {_count(stay.joined.size, 'member')}. "
        if stay.joined.day < spell["joined"]:
            text = f"On day {stay.joined.day} it had {_count(stay.joined.size, 'member')}. "
    if stay.came == "founded":
        return text.strip()
    return text + (
        f"Its values {_graded('fitted', spell['fit'], 'his')} ({spell['fit']:.2f}); "
        f"he {_graded('trusted', spell['trust'], 'its owner')} ({spell['trust']:.2f})."
    )


def _got(stay: Stay, life: Life) -> str:
    spell = stay.spell
    if stay.open:
        return ""
    expectation = float(life.person["expectation"])
    value = spell["experienced_left"]
    enough = "enough for him" if value >= expectation else "too little for him"
    returns = spell["returns_left"]
    cash = f"returns of {returns:.2f} a day" if returns >= NOTHING else "no returns to speak of"
    trust = f"his trust {_moved(spell['trust'], spell['trust_left'])}, "
    return (
        f"At the end he experienced a value of {value:.2f}, {enough}, and had {cash}; "
        f"{trust if stay.came != 'founded' else ''}"
        f"his belonging {_moved(spell['belonging'], spell['belonging_left'])}."
    )


def _changed(stay: Stay) -> str:
    if stay.joined is None or stay.last is None or stay.last.day <= stay.joined.day:
        return ""
    first, last = stay.joined, stay.last
    parts = [f"{WORDS['size']} {_whole(first.size, last.size)}"]
    for name in ("quality", "noise", "belonging"):
        before, after = getattr(first, name), getattr(last, name)
        if math.isfinite(before) and math.isfinite(after):
            parts.append(f"{WORDS[name]} {_moved(before, after)}")
    return f"Meanwhile in the group: {', '.join(parts)}."


def _ended(stay: Stay, life: Life) -> str:
    spell = stay.spell
    if stay.open:
        return f"On day {life.last_day}, the last one, he is still a member."
    days = spell["left"] - spell["joined"]
    when = f"on day {spell['left']}, after {_count(days, 'day')}"
    how = _how(spell["reason"], stay.went_to, when)
    return f"{how}: {because(stay.reasons)}." if _needs_reasons(stay) else f"{how}."


def _needs_reasons(stay: Stay) -> bool:
    return stay.spell["reason"] in {"quit", "drifted off", "moved", "split"}


def _how(reason: str, went_to: Sequence[str], when: str) -> str:
    to = f" to {listed(went_to)}" if went_to else " to another group"
    return {
        "quit": f"He left {when}",
        "moved": f"He moved{to} {when}",
        "removed": f"He was removed {when}, for making trouble",
        "split": f"He split off{to} {when}",
        "drifted off": f"Long silent, he drifted off {when}",
        "group ended": f"The group ended {when}",
        "owner left": f"The scenario had him leave {when}",
    }[reason]


GRADES = ((0.75, "well"), (0.45, "fairly well"), (0.2, "little"))


def _graded(verb: str, share: float, whom: str) -> str:
    """How much somebody trusts or fits, in words that go with the two digits shown.

    >>> _graded("trusted", 0.449, "its owner"), _graded("fitted", 0.1, "his")
    ('trusted its owner fairly well', 'hardly fitted his')
    """
    for least, word in GRADES:
        if round(share, 2) >= least:
            return f"{verb} {whom} {word}"
    return f"hardly {verb} {whom}"


def _moved(before: float, after: float) -> str:
    if abs(after - before) < NOTHING:
        return f"stayed at {after:.2f}"
    verb = "rose" if after > before else "fell"
    return f"{verb} from {before:.2f} to {after:.2f}"


def _whole(before: int, after: int) -> str:
    if before == after:
        return f"stayed {after:,}"
    return f"{'rose' if after > before else 'fell'} from {before:,} to {after:,}"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _article(word: str) -> str:
    return "an" if word[:1].lower() in "aeiou" else "a"


def _per_cent(share: float) -> str:
    return f"{share:.0%}"


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: None if value != value else value for name, value in row.items()}


def _moment(moment: Moment | None) -> dict[str, Any] | None:
    if moment is None:
        return None
    return _plain({name: getattr(moment, name) for name in ("day", *CHANGES)})
