"""Numbers and sentences as people read them."""

from __future__ import annotations

import math


def value_text(unit: str, value: float) -> str:
    """A value of an outcome: shares in per cent, others with the digits that tell something.

    >>> value_text("share", 0.233), value_text("members", 1234.5), value_text("0 to 1", 0.5714)
    ('23.3%', '1,234', '0.571')
    >>> value_text("1", 3.5152), value_text("1", -0.0123), value_text("members", math.nan)
    ('3.52', '-0.0123', '-')
    """
    if not math.isfinite(value):
        return "-"
    return f"{100 * value:.1f}%" if unit == "share" else number_text(value)


def number_text(value: float) -> str:
    """A number with three digits that tell something, never in powers of ten up to a million.

    >>> [number_text(value) for value in (0.0, 12.345, 99999.0, 2.5e7, 0.00001234)]
    ['0', '12.3', '99,999', '2.5e+07', '1.23e-05']
    """
    if value == 0.0:
        return "0"
    if 100 <= abs(value) < 1e7:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def change_text(unit: str, value: float) -> str:
    """A difference of an outcome with its sign; those of shares in points of a hundred.

    >>> change_text("share", -0.0123), change_text("members", 12.34), change_text("1", 0.0)
    ('-1.23', '+12.3', '0')
    """
    if not math.isfinite(value):
        return "-"
    text = number_text(100 * value if unit == "share" else value)
    return f"+{text}" if value > 0 else text


def share_text(share: float) -> str:
    """A share in three digits.

    >>> share_text(0.12345), share_text(-0.0001)
    ('0.123', '0.000')
    """
    text = f"{share:.3f}"
    return "0.000" if float(text) == 0.0 else text


def span_text(unit: str, low: float, high: float) -> str:
    """An interval of values; nothing where there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "-"
    return f"{value_text(unit, low)} .. {value_text(unit, high)}"
