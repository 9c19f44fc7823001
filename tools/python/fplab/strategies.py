"""Hypothesis strategies: numbers of any format from the strata where floating point goes wrong."""
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any, Callable, Dict, Sequence

from fplab import _fplab

#: What floats() may be asked for, in the order in which Hypothesis shrinks.
STRATA = ("zero", "one", "power", "normal", "min_normal", "subnormal", "max_finite", "infinity", "nan")


def _strata(marks: Dict[str, Any]) -> Dict[str, Callable[[], Any]]:
    """A strategy of magnitudes for each stratum that the format has."""
    from hypothesis import strategies as st

    fraction = marks["fraction_bits"]
    least, most = marks["min_normal"], marks["max_finite"]

    def around(landmark: int) -> Any:
        return st.integers(max(1, landmark - 3), min(most, landmark + 3))

    strata = {
        "zero": lambda: st.just(0),
        "one": lambda: around(marks["one"]),
        "power": lambda: st.integers(1, most >> fraction).map(lambda exponent: exponent << fraction),
        "normal": lambda: st.integers(least, most),
        "min_normal": lambda: around(least),
        "subnormal": lambda: st.integers(marks["min_subnormal"], marks["max_subnormal"]),
        "max_finite": lambda: st.integers(max(least, most - 3), most),
    }
    if marks["infinity"] is not None:
        strata["infinity"] = lambda: st.just(marks["infinity"])
    if marks["nan"] is not None:
        strata["nan"] = lambda: st.just(marks["nan"])
    return strata


def floats(format: str = "f32", strata: Sequence[str] = STRATA[:7], *, signed: bool = True) -> Any:
    """A strategy of numbers of a format: NumPy scalars of f16, f32 and f64, bit patterns as ints of any other.

    strata: some of zero, one, power (of two), normal, min_normal (and its neighbours), subnormal, max_finite, infinity and
    nan; each is drawn equally often. By default the finite ones. signed: with both signs.

        @hypothesis.given(fplab.floats("f32", strata=("subnormal", "min_normal")))
        def test(x): ...
    """
    import numpy as np
    from hypothesis import strategies as st

    marks = _fplab.landmarks(format)
    known = _strata(marks)
    if isinstance(strata, str) or not strata:
        raise _fplab.Error(f"floats: strata: found {strata!r}, expected a list of some of {', '.join(known)}")
    for stratum in strata:
        if stratum not in known:
            raise _fplab.Error(f"floats: strata: found {stratum!r}, expected some of {', '.join(known)}")

    def sign(drawn: Any) -> int:
        magnitude, negative = drawn
        one_pattern = magnitude == 0 and not marks["negative_zero"]
        return magnitude | (marks["sign"] if negative and not one_pattern and magnitude != marks["nan"] else 0)

    bits = st.tuples(st.one_of(*(known[stratum]() for stratum in strata)), st.booleans() if signed else st.just(False))
    natives = {"f16": (np.uint16, np.float16), "f32": (np.uint32, np.float32), "f64": (np.uint64, np.float64)}
    patterns = bits.map(sign)
    if marks["name"] not in natives:
        return patterns
    unsigned, native = natives[marks["name"]]
    return patterns.map(lambda pattern: unsigned(pattern).view(native))
