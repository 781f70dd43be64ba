"""Short names for the arrays that kernels take."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.integer[Any]]
Flags: TypeAlias = NDArray[np.int8]

ROW = np.uint32
"""Type of row numbers where rows are gone through: unsigned, because a look-up by a signed number
asks each time whether it counts from the end."""
