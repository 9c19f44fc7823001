"""fplab.matmul: the kernels' bits, on arrays as they lie in memory; what does not fit is refused by a sentence."""
# SPDX-License-Identifier: Apache-2.0
import hashlib
import os
import subprocess
import sys
import threading

import numpy as np
import pytest

import fplab
from fplab import _fplab

MODES = ["none", "ftz", "daz", "ftz+daz"]


def operand(rows, cols, seed):
    """What tests/matmul_reference.cc makes: products that are subnormal, normal and zero."""
    mixed = (np.arange(rows * cols, dtype=np.uint64) + np.uint64(seed)) * np.uint64(2654435761) % np.uint64(1 << 24)
    return ((mixed.astype(np.float32) - np.float32(2**23)) * np.float32(2.0**-85)).reshape(rows, cols)


def digest(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def chain(a, b, mode):
    """The definition, on the exact model."""
    acc = np.zeros((a.shape[0], b.shape[1]), np.float32)
    for k in range(a.shape[1]):
        acc = fplab.fma(a[:, k : k + 1], b[k : k + 1, :], acc, mode=mode)
    return acc


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("isa", fplab.env()["isas"])
def test_every_element_is_the_chain_of_the_exact_model(mode, isa):
    a, b = operand(5, 17, 3), operand(17, 35, 4)
    expected = chain(a, b, mode)
    for right in (b, fplab.prepare(b)):
        for threads in (1, 2):
            c = fplab.matmul(a, right, mode=mode, isa=isa, threads=threads)
            np.testing.assert_array_equal(c.view(np.uint32), expected.view(np.uint32))


@pytest.mark.parametrize("mode", MODES)
def test_the_digest_is_that_of_the_same_call_in_cpp(mode):
    m, k, n = 70, 90, 110
    command = [os.environ["FPLAB_MATMUL_REFERENCE"], str(m), str(k), str(n), mode, "best", "1"]
    reference = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[0]
    out = np.empty((m, n), np.float32)
    c = fplab.matmul(operand(m, k, 1), fplab.prepare(operand(k, n, 2)), mode=mode, out=out, threads=2)
    assert c is out
    assert digest(out) == reference


def test_without_a_mode_it_computes_in_that_of_the_thread_and_gives_it_back():
    a, b = operand(3, 4, 1), operand(4, 3, 2)
    with fplab.mode("ftz+daz"):
        inside = fplab.matmul(a, b)
        word = _fplab.control_word()
        other = fplab.matmul(a, b, mode="none")
        assert _fplab.control_word() == word
    assert digest(inside) == digest(fplab.matmul(a, b, mode="ftz+daz")) != digest(other)
    assert digest(other) == digest(fplab.matmul(a, b))
    fplab.assert_ieee()


def test_threads_under_different_modes_at_once_each_compute_in_their_own():
    a, b = operand(40, 50, 1), operand(50, 60, 2)
    expected = {mode: digest(fplab.matmul(a, b, mode=mode)) for mode in MODES}
    assert len(set(expected.values())) > 1
    wrong = []

    def compute(mode):
        with fplab.mode(mode):
            for _ in range(50):
                if digest(fplab.matmul(a, b, threads=2)) != expected[mode] or str(fplab.current_mode()) != mode:
                    wrong.append(mode)

    threads = [threading.Thread(target=compute, args=(mode,)) for mode in MODES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_rows_of_a_wider_array_are_taken_as_they_lie_and_nothing_beside_them_is_written():
    wide_a, wide_b, wide_c = operand(6, 40, 1), operand(9, 50, 2), np.full((6, 30), 7, np.float32)
    a, b, c = wide_a[:, 3:12], wide_b[:, 5:16], wide_c[:, 10:21]
    fplab.matmul(a, b, out=c, mode="ftz")
    np.testing.assert_array_equal(c, fplab.matmul(a.copy(), b.copy(), mode="ftz"))
    assert (wide_c[:, :10] == 7).all() and (wide_c[:, 21:] == 7).all()
    every_other = wide_a[::2, :9]
    np.testing.assert_array_equal(fplab.matmul(every_other, b), fplab.matmul(every_other.copy(), b))


def test_empty_matrices_give_what_the_chain_of_no_links_is():
    for m, k, n in [(0, 3, 4), (3, 0, 4), (3, 4, 0), (0, 0, 0)]:
        a, b = np.ones((m, k), np.float32), np.ones((k, n), np.float32)
        for right in (b, fplab.prepare(b)):
            c = fplab.matmul(a, right, threads=2)
            assert c.shape == (m, n) and not c.any()


def read_only(array):
    array.flags.writeable = False
    return array


def unaligned():
    return np.frombuffer(bytes(65), np.uint8)[1:].view(np.float32).reshape(4, 4)


GOOD = np.ones((4, 4), np.float32)
BAD = [
    (None, TypeError, "found NoneType, expected a NumPy array"),
    ([[1.0]], TypeError, "found list"),
    (3.0, TypeError, "found float"),
    ("x", TypeError, "found str"),
    (GOOD.astype(np.float64), fplab.Error, "found float64, expected float32"),
    (GOOD.astype(np.float16), fplab.Error, "found float16"),
    (GOOD.astype(np.int32), fplab.Error, "found int32"),
    (GOOD.astype(">f4"), fplab.Error, "found >f4"),
    (GOOD.astype(object), fplab.Error, "found object"),
    (GOOD.astype([("x", "f4")]), fplab.Error, "expected float32"),
    (np.float32(1), fplab.Error, "found 0 dimensions"),
    (np.array(1, np.float32), fplab.Error, "found 0 dimensions"),
    (GOOD[0], fplab.Error, "found 1 dimensions"),
    (GOOD[None], fplab.Error, "found 3 dimensions"),
    (GOOD[::-1], fplab.Error, "strides of -16 and 4 bytes"),
    (GOOD[:, ::-1], fplab.Error, "strides of 16 and -4 bytes"),
    (np.ones((4, 8), np.float32)[:, ::2], fplab.Error, "contiguous"),
    (np.asfortranarray(np.arange(16, dtype=np.float32).reshape(4, 4)), fplab.Error, "strides of 4 and 16"),
    (np.broadcast_to(np.float32(1), (4, 4)), fplab.Error, "strides of 0 and 0"),
    (np.broadcast_to(np.float32(1), (2**40, 4)), fplab.Error, "1099511627776 rows or columns"),
    (np.lib.stride_tricks.as_strided(GOOD, (3, 4), (8, 4)), fplab.Error, "strides of 8 and 4"),
    (unaligned(), fplab.Error, "not aligned"),
    (np.ma.masked_array(GOOD), TypeError, "MaskedArray"),
]


CALLS = {
    "a": lambda bad: fplab.matmul(bad, GOOD),
    "b": lambda bad: fplab.matmul(GOOD, bad),
    "prepare": fplab.prepare,
    "out": lambda bad: fplab.matmul(GOOD, GOOD, out=bad),
}


@pytest.mark.parametrize("place", CALLS)
@pytest.mark.parametrize("bad, error, sentence", BAD)
def test_whatever_is_no_matrix_of_binary32_is_refused_by_a_sentence(bad, error, sentence, place):
    if bad is None and place == "out":
        return  # then one is made
    with pytest.raises(error, match=sentence):
        CALLS[place](bad)


@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (0, 0), (0, 4), (4, 0), (1, 1)])
def test_shapes_that_do_not_fit_are_refused(shape):
    other = np.ones(shape, np.float32)
    if shape[1] != 4:
        with pytest.raises(fplab.Error, match="b: found 4 x 4, expected"):
            fplab.matmul(other, GOOD)
    if shape[0] != 4:
        for right in (other, fplab.prepare(other)):
            with pytest.raises(fplab.Error, match="expected 4 rows"):
                fplab.matmul(GOOD, right)
    with pytest.raises(fplab.Error, match="expected 4 x 4"):
        fplab.matmul(GOOD, GOOD, out=other)


@pytest.mark.parametrize(
    "keywords, error, sentence",
    [
        ({"mode": 3}, TypeError, "matmul: mode: found int"),
        ({"mode": "fast"}, fplab.Error, "fast"),
        ({"mode": "none,nearest-away"}, fplab.Error, "nearest-away"),
        ({"isa": "sse9"}, fplab.Error, "sse9"),
        ({"isa": None}, TypeError, "isa: found NoneType"),
        ({"threads": 0}, fplab.Error, "threads"),
        ({"threads": -1}, fplab.Error, "threads"),
        ({"threads": 10**6}, fplab.Error, "threads"),
        ({"threads": 2**80}, fplab.Error, "expected a number of 32 bits"),
        ({"threads": 1.0}, TypeError, "found float"),
        ({"threads": True}, TypeError, "found bool"),
        ({"out": read_only(np.empty((4, 4), np.float32))}, fplab.Error, "read-only"),
        ({"colour": "red"}, TypeError, "incompatible"),
    ],
)
def test_a_keyword_that_says_nothing_sensible_is_refused(keywords, error, sentence):
    with pytest.raises(error, match=sentence):
        fplab.matmul(GOOD, GOOD, **keywords)
    fplab.assert_ieee()


def test_a_product_over_its_own_operands_is_refused_and_nothing_is_written():
    memory = np.arange(32, dtype=np.float32)
    a, b = memory[:16].reshape(4, 4), memory[16:].reshape(4, 4)
    for out in (a, b, memory[8:24].reshape(4, 4)):
        with pytest.raises(fplab.Error, match="shares memory with"):
            fplab.matmul(a, b, out=out)
    np.testing.assert_array_equal(memory, np.arange(32, dtype=np.float32))
    fplab.matmul(a, fplab.prepare(b), out=b)  # prepare has copied it


def test_results_too_large_for_memory_are_an_exception():
    tall = np.lib.stride_tricks.as_strided(np.ones((1, 1), np.float32), (2**31 - 1, 1), (4, 4))
    wide = fplab.prepare(np.ones((1, 2**18), np.float32))
    with pytest.raises((MemoryError, fplab.Error, ValueError)):
        fplab.matmul(tall, wide)


def test_a_child_of_fork_computes_with_threads_of_its_own():
    program = """
import os, numpy as np, fplab
a = np.ones((300, 300), np.float32)
fplab.matmul(a, a, threads=2)
child = os.fork()
c = fplab.matmul(a, a, threads=2)
if child == 0:
    os._exit(0 if (c == 300).all() else 1)
assert os.waitpid(child, 0)[1] == 0
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)
