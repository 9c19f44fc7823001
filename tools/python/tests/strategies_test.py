"""fplab.floats: a Hypothesis strategy of numbers of any format."""
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

import fplab
from fplab import _fplab

hypothesis = pytest.importorskip("hypothesis")
FORMATS = ["f16", "bf16", "f32", "f64", "e4m3", "e4m3fnuz", "e2m1", "e5m2", "e6p10"]


@pytest.mark.parametrize("format", FORMATS)
def test_every_stratum_draws_what_it_says(format):
    marks = _fplab.landmarks(format)
    strata = [name for name in fplab.strategies.STRATA if name not in ("infinity", "nan") or marks[name] is not None]
    for stratum in strata:
        seen = set()

        @hypothesis.settings(max_examples=50, database=None)
        @hypothesis.given(fplab.floats(format, [stratum]))
        def draw(x):
            bits = int(x.view(getattr(np, f"uint{x.itemsize * 8}"))) if isinstance(x, np.generic) else x
            assert 0 <= bits < 2 ** marks["width"]
            magnitude = bits & ~marks["sign"] if bits != marks["nan"] else bits
            seen.add(magnitude)
            if stratum == "subnormal":
                assert 0 < magnitude <= marks["max_subnormal"]
            if stratum == "normal":
                assert marks["min_normal"] <= magnitude <= marks["max_finite"]

        draw()
        expected = {"zero": 0, "infinity": marks["infinity"], "nan": marks["nan"]}
        if stratum in expected:
            assert seen == {expected[stratum]}


def test_it_finds_what_flushing_breaks():
    @hypothesis.settings(database=None, derandomize=True, max_examples=500)
    @hypothesis.given(fplab.floats("f32", strata=["min_normal", "subnormal"]), fplab.floats("f32", ["min_normal"]))
    def difference_tells(a, b):
        assert (fplab.sub(a, b, mode="ftz") == 0) == (a == b)

    with pytest.raises(AssertionError):
        difference_tells()


def test_what_is_no_stratum_is_refused():
    for format, strata in [("f32", ["tiny"]), ("f32", []), ("f32", "zero"), ("e2m1", ["nan"]), ("f99", ["zero"])]:
        with pytest.raises(fplab.Error):
            fplab.floats(format, strata)
