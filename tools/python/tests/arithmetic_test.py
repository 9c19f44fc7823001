"""The exact model's operations on arrays: of any format, under any mode, and whatever else an interpreter can pass."""
# SPDX-License-Identifier: Apache-2.0
import itertools

import numpy as np
import pytest

import fplab
from fplab import _fplab

MIN = np.finfo(np.float32).tiny
FORMATS = ["f16", "bf16", "f32", "f64", "e5m2", "e4m3", "e3m2", "e2m1", "e6p10", "e4m3sat", "e4m3fnuz"]


def test_numpy_agrees_on_what_it_can_compute():
    generator = np.random.default_rng(1)
    with np.errstate(all="ignore"):
        for unsigned, native in [(np.uint16, np.float16), (np.uint32, np.float32), (np.uint64, np.float64)]:
            patterns = generator.integers(0, np.iinfo(unsigned).max, (2, 4000), dtype=unsigned, endpoint=True)
            a, b = patterns.view(native)
            for own, numpy in [(fplab.add, np.add), (fplab.sub, np.subtract), (fplab.mul, np.multiply), (fplab.div, np.divide)]:
                np.testing.assert_array_equal(own(a, b), numpy(a, b))
            np.testing.assert_array_equal(fplab.less(a, b), a < b)
            np.testing.assert_array_equal(fplab.sqrt(a), np.sqrt(a))
            np.testing.assert_array_equal(fplab.convert(a, "f32"), a.astype(np.float32))


@pytest.mark.parametrize("mode", ["ftz", "daz", "ftz+daz"])
def test_the_machine_agrees_on_flushing(mode):
    # (not halves: where the compiler's conversions make them, they obey no mode)
    generator = np.random.default_rng(2)
    bits = generator.integers(0, 0x01800000, (2, 4000), dtype=np.uint32)
    a, b = bits.view(np.float32)
    with fplab.mode(mode):
        machine = np.subtract(a, b)
        model = fplab.sub(a, b)
    np.testing.assert_array_equal(machine.view(np.uint32), model.view(np.uint32))


def test_the_mode_is_the_threads_unless_it_is_named_and_flags_are_returned():
    a, half = np.float32(MIN), np.float32(0.5)
    assert fplab.mul(a, half) == MIN / 2
    with fplab.mode("ftz"):
        flushed = fplab.mul(a, half)
        kept = fplab.mul(a, half, mode="none").view(np.uint32)
    assert flushed == 0 and kept == 0x00400000
    result, flags = fplab.mul(a, half, mode="ftz", flags=True)
    assert (result, flags) == (0, 3) and type(flags) is np.uint8
    assert fplab.mul(-a, half, mode="ftz", positive_zero=True).view(np.uint32) == 0


def test_scalars_give_scalars_and_arrays_broadcast():
    assert type(fplab.add(np.float32(1), np.float32(2))) is np.float32
    a = np.arange(6, dtype=np.float64).reshape(2, 3)
    np.testing.assert_array_equal(fplab.fma(a, np.float64(2), a[0]), a * 2 + a[0])
    np.testing.assert_array_equal(fplab.add(a[::-1, ::-2], a[:, :1]), a[::-1, ::-2] + a[:, :1])
    assert fplab.add(np.empty((0, 3)), a[0]).shape == (0, 3)


def test_every_small_format_computes_on_its_bit_patterns():
    e2m1 = np.arange(16, dtype=np.uint8)
    values = fplab.convert(e2m1, "f32", format="e2m1")
    np.testing.assert_array_equal(np.abs(values[:8]), [0, 0.5, 1, 1.5, 2, 3, 4, 6])
    for format in FORMATS:
        marks = _fplab.landmarks(format)
        unsigned = getattr(np, f"uint{8 * marks['bytes']}")
        one = unsigned(marks["one"])
        two = fplab.add(one, one, format=format)
        assert type(two) is unsigned
        assert _fplab.to_float64(format, int(two)) == 2
        assert fplab.convert(two, format, format=format) == (two if format not in ("f16", "f32", "f64") else 2)


def test_a_result_written_over_an_operand_is_right_and_beside_one_is_refused():
    memory = np.arange(8, dtype=np.float32)
    a = memory[:4]
    assert fplab.add(a, a, out=a) is a
    np.testing.assert_array_equal(a, [0, 2, 4, 6])
    with pytest.raises(fplab.Error, match="shares memory with b"):
        fplab.add(memory[4:6], memory[1:3], out=memory[2:4])
    with pytest.raises(fplab.Error, match="shares memory with a"):
        fplab.add(memory[:1], memory[4:], out=memory[:4])
    with pytest.raises(fplab.Error, match="shares memory"):
        fplab.add(memory[3::-1], memory[4:], out=memory[:4])


BAD = [None, 1.0, 1, "x", [1.0], object(), np.ma.masked_array([1.0]), np.array([1], object), np.array([1j]), np.array(["x"]),
       np.array([True]), np.array([1]), np.array([1.0], ">f4"), np.array([1.0], np.longdouble),
       np.array([(1.0,)], [("x", "f4")]), np.array(["2020"], "M8[Y]"), np.recarray((1,), [("x", "f4")])]


@pytest.mark.parametrize("bad", BAD, ids=[f"{type(bad).__name__}-{getattr(bad, 'dtype', '')}" for bad in BAD])
def test_whatever_is_no_array_of_floats_is_refused_in_every_place(bad):
    good = np.ones(1, np.float32)
    for call in [lambda: fplab.add(bad, good), lambda: fplab.add(good, bad), lambda: fplab.fma(good, good, bad),
                 lambda: fplab.sqrt(bad), lambda: fplab.convert(bad, "f64"), lambda: fplab.next_up(bad)]:
        with pytest.raises((TypeError, fplab.Error), match="found"):
            call()
    if bad is not None:
        with pytest.raises((TypeError, fplab.Error), match="found"):
            fplab.add(good, good, out=bad)


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda one: fplab.add(one, one.astype(np.float64)), "b: found float64, expected uint32"),
        (lambda one: fplab.add(one, one, format="f64"), "a: found float32, expected uint64"),
        (lambda one: fplab.add(one, one, format="f99"), "f99"),
        (lambda one: fplab.add(one, one, format=""), "expected"),
        (lambda one: fplab.add(np.uint8([16]), np.uint8([0]), format="e2m1"), "found 0x10, expected a bit pattern of e2m1"),
        (lambda one: fplab.add(np.uint8([16]), np.uint8([0])), "format="),
        (lambda one: fplab.add(np.ones(2, np.float32), np.ones(3, np.float32)), r"\(2,\) and \(3,\)"),
        (lambda one: fplab.add(one, one, mode="sideways"), "sideways"),
        (lambda one: fplab.add(one, one, flush="E"), "E"),
        (lambda one: fplab.add(one, one, nans="none"), "none"),
        (lambda one: fplab.add(one, one, out=np.empty(2, np.float32)), "the shape"),
        (lambda one: fplab.add(one, one, out=np.empty(1, np.float64)), "found float64, expected float32"),
        (lambda one: fplab.add(np.ones((2, 2)), np.ones((2, 2)), out=np.ones((2, 2), order="F")), "not C-contiguous"),
        (lambda one: fplab.less(one, one, out=one), "expected bool"),
        (lambda one: fplab.convert(one, "f0"), "f0"),
    ],
)
def test_what_does_not_fit_is_refused_by_a_sentence(call, sentence):
    with pytest.raises(fplab.Error, match=sentence):
        call(np.ones(1, np.float32))


def test_keywords_of_other_types_are_type_errors():
    one = np.ones(1, np.float32)
    for keywords in [{"mode": 1}, {"format": 1}, {"flags": 1}, {"flush": None}, {"nans": 1}, {"positive_zero": "no"}]:
        with pytest.raises(TypeError, match="found|incompatible"):
            fplab.add(one, one, **keywords)


def test_a_result_too_large_for_memory_is_an_exception():
    huge = np.broadcast_to(np.float32(1), (2**40, 2**20))
    for call in [lambda: fplab.sqrt(huge), lambda: fplab.add(huge, np.float32(1))]:
        with pytest.raises((MemoryError, ValueError)):
            call()


def test_every_pair_of_a_small_format_is_added_as_the_exact_sum_rounds():
    bits = np.arange(16, dtype=np.uint8)
    a, b = np.array(list(itertools.product(bits, bits)), np.uint8).T
    exact = fplab.add(fplab.convert(a, "f64", format="e2m1"), fplab.convert(b, "f64", format="e2m1"))
    np.testing.assert_array_equal(fplab.add(a, b, format="e2m1") & 7, fplab.convert(exact, "e2m1") & 7)
