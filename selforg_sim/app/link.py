"""A link that brings back what somebody saw: scenario, levers, seed, day, lesson, language.

A link is the address of the page and a query::

    ?s=wechat_500&a.strictness=0.8&b.strictness=0.3@40&seed=7&day=87&lesson=belonging&lang=zh

``a.`` and ``b.`` are the levers of the two sides, by their keys; ``@40`` says that the lever was
moved on day 40. They act on all groups, with ``of=yours`` on that one alone. Only what differs from
the scenario stands there. A scenario of one's own travels in the link, packed.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from selforg_sim.errors import UsageError

LONGEST = 6_000
"""Characters of the longest link; servers and chat programs cut longer ones."""

LARGEST = 200_000
"""Bytes of the longest scenario that is unpacked from a link."""

WHERE_ELSE = "Ask for the link again, or open the page without it."
PLAIN = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
KEY = re.compile(r"[A-Za-z_]\w*(\.\w+)*", re.ASCII)
LANGUAGES = ("en", "zh")


class LinkError(UsageError):
    """A link is broken, or what is seen is too long for one."""


@dataclass(frozen=True)
class Moved:
    """A lever that was moved.

    Parameters
    ----------
    key : the lever's key, "strictness"
    value : where it was put; a number, a switch, a text, or a list of them
    day : the day from which it holds; 0: from the start
    """

    key: str
    value: Any
    day: int = 0


@dataclass(frozen=True)
class Wanted:
    """What a link asks for; None where it says nothing.

    Parameters
    ----------
    scenario : name of a shipped scenario
    own : a scenario of one's own, as TOML; then ``scenario`` is None
    a, b : the levers of the sides that were moved; ``b`` is None if there is one side
    seed, day : 0 or more
    lesson : key of a lesson or puzzle, "belonging"
    lang : "en" or "zh"
    of : the group on which levers of groups act, "yours"; None: all, or as the lesson has it
    """

    scenario: str | None = None
    own: str | None = None
    a: tuple[Moved, ...] = ()
    b: tuple[Moved, ...] | None = None
    seed: int | None = None
    day: int | None = None
    lesson: str | None = None
    lang: str | None = None
    of: str | None = None


def encode(wanted: Wanted) -> str:
    """The query of a link, without the question mark.

    Raises
    ------
    LinkError
        If it would be too long.

    Examples
    --------
    >>> encode(Wanted("smoke", a=(Moved("strictness", 0.8),), seed=7, day=30))
    's=smoke&a.strictness=0.8&seed=7&day=30'
    """
    query = urlencode(list(_pairs(wanted)), quote_via=quote, safe="@:,")
    if len(query) > LONGEST:
        raise LinkError(
            f"This is too long for a link ({len(query):,} characters; at most {LONGEST:,}); "
            "download the scenario and send the file."
        )
    return query


def decode(query: str) -> Wanted:
    """What the query of a link asks for; parameters of others are passed over.

    Raises
    ------
    LinkError
        If the link is broken, with one sentence.

    Examples
    --------
    >>> decode("s=smoke&b.levels=2@40").b
    (Moved(key='levels', value=2, day=40),)
    """
    query = query.removeprefix("?")
    if len(query) > LONGEST:
        raise _broken(f"it has {len(query):,} characters, at most {LONGEST:,} are valid")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=200)
    except ValueError:
        raise _broken("it is cut or changed") from None
    single = {key: value for key, value in pairs if "." not in key}
    return Wanted(
        scenario=_plain(single, "s", r"[\w.-]{1,80}"),
        own=_unpacked(single["own"]) if "own" in single else None,
        a=tuple(_moves(pairs, "a")),
        b=tuple(_moves(pairs, "b")) if _two(pairs) else None,
        seed=_number(single, "seed", 2**63 - 1),
        day=_number(single, "day", 100_000),
        lesson=_plain(single, "lesson", r"[\w-]{1,40}"),
        lang=_plain(single, "lang", "|".join(LANGUAGES)),
        of=_plain(single, "of", r"[\w-]{1,40}"),
    )


def _pairs(wanted: Wanted) -> Iterator[tuple[str, str]]:
    if wanted.own is not None:
        yield "own", _packed(wanted.own)
    elif wanted.scenario is not None:
        yield "s", wanted.scenario
    yield from _side("a", wanted.a)
    if wanted.b is not None:
        yield from _side("b", wanted.b) if wanted.b else [("b", "")]
    for name in ("of", "seed", "day", "lesson", "lang"):
        if getattr(wanted, name) is not None:
            yield name, str(getattr(wanted, name))


def _side(side: str, moves: Iterable[Moved]) -> Iterator[tuple[str, str]]:
    for move in moves:
        yield f"{side}.{move.key}", _text(move.value) + (f"@{move.day}" if move.day else "")


def _text(value: Any) -> str:
    if isinstance(value, str) and PLAIN.fullmatch(value) and value not in ("true", "false", "null"):
        return value
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _moves(pairs: list[tuple[str, str]], side: str) -> Iterator[Moved]:
    for name, text in pairs:
        if name.startswith(f"{side}."):
            key = name[2:]
            if not KEY.fullmatch(key):
                raise _broken(f"'{key[:40]}' is not a lever")
            yield Moved(key, *_value(key, text))


def _value(key: str, text: str) -> tuple[Any, int]:
    found = re.fullmatch(r"(.*?)(?:@([0-9]{1,6}))?", text, re.DOTALL | re.ASCII)
    if found is None or not found[1]:
        raise _broken(f"the lever '{key}' has no value")
    day = int(found[2] or 0)
    if PLAIN.fullmatch(found[1]) and found[1] not in ("true", "false", "null"):
        return found[1], day
    try:
        return json.loads(found[1], parse_constant=_finite, parse_float=_finite), day
    except (ValueError, RecursionError):
        raise _broken(f"'{found[1][:40]}' is not a value of '{key}'") from None


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _two(pairs: list[tuple[str, str]]) -> bool:
    return any(name == "b" or name.startswith("b.") for name, _ in pairs)


def _plain(single: dict[str, str], name: str, valid: str) -> str | None:
    text = single.get(name)
    if text is not None and not re.fullmatch(valid, text):
        raise _broken(f"{name}={text[:40]} is not valid")
    return text


def _number(single: dict[str, str], name: str, most: int) -> int | None:
    text = _plain(single, name, "[0-9]{1,19}")
    if text is not None and int(text) > most:
        raise _broken(f"{name}={text} is not valid, at most {most} is")
    return None if text is None else int(text)


def _packed(text: str) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def _unpacked(text: str) -> str:
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        reader = zlib.decompressobj()
        plain = reader.decompress(packed, LARGEST)
        if not reader.eof:
            raise _broken("its scenario is cut, or too long")
        return plain.decode()
    except (binascii.Error, zlib.error, ValueError):
        raise _broken("its scenario is cut or changed") from None


def _broken(why: str) -> LinkError:
    return LinkError(f"This link is broken: {why}. {WHERE_ELSE}")
