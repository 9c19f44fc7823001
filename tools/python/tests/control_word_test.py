"""fplab.mode, current_mode, assert_ieee and env: the control word is this thread's, and comes back."""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import subprocess
import threading

import numpy as np
import pytest

import fplab
from fplab import _fplab

MIN = np.finfo(np.float32).tiny
NAMES = ["none", "ftz", "daz", "ftz+daz"]


def half_min() -> int:
    """The bits of min/2 as NumPy computes it now."""
    operand = np.full(1, MIN, np.float32)
    return int((operand * np.float32(0.5)).view(np.uint32)[0])


def test_numpy_computes_in_the_mode_of_the_block_and_in_ieee_after_it():
    before = _fplab.control_word()
    with fplab.mode(ftz=True, daz=True) as mode:
        flushed, inside = half_min(), fplab.current_mode()
    assert mode == inside == fplab.Mode(ftz=True, daz=True)
    assert flushed == 0
    assert half_min() == 0x00400000
    assert _fplab.control_word() == before


@pytest.mark.parametrize("name", [*NAMES, "ftz,up", "none,down", "daz,toward-zero"])
def test_every_mode_is_entered_by_its_name_and_left(name):
    with fplab.mode(name):
        inside = str(fplab.current_mode())
    assert inside == name
    assert str(fplab.current_mode()) == "none"


def test_an_exception_gives_the_mode_back():
    with pytest.raises(ZeroDivisionError):
        with fplab.mode("ftz"):
            1 // 0
    fplab.assert_ieee()


def test_blocks_nest_and_one_object_may_be_entered_again_inside_itself():
    flushing = fplab.mode("ftz+daz")
    with flushing:
        with fplab.mode("none,up"):
            with flushing:
                innermost = str(fplab.current_mode())
            middle = str(fplab.current_mode())
        outer = str(fplab.current_mode())
    assert (innermost, middle, outer) == ("ftz+daz", "none,up", "ftz+daz")
    fplab.assert_ieee()


def test_a_decorated_function_computes_in_the_mode_also_when_it_recurses():
    @fplab.mode("ftz")
    def deep(level):
        return [str(fplab.current_mode())] + (deep(level - 1) if level else [])

    assert deep(2) == ["ftz"] * 3
    fplab.assert_ieee()


def test_threads_under_different_modes_at_once_each_have_their_own():
    barrier = threading.Barrier(len(NAMES))
    seen = {}

    def compute(name):
        with fplab.mode(name):
            results = set()
            for _ in range(200):
                barrier.wait()
                results.add((str(fplab.current_mode()), half_min()))
        seen[name] = results

    threads = [threading.Thread(target=compute, args=(name,)) for name in NAMES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flushed = {"none": 0x00400000, "ftz": 0, "daz": 0x00400000, "ftz+daz": 0}
    assert seen == {name: {(name, flushed[name])} for name in NAMES}
    fplab.assert_ieee()


def test_a_block_that_ends_on_another_thread_is_an_error_and_changes_nothing_there():
    block = fplab.mode("ftz")
    block.__enter__()
    errors = []

    def leave():
        try:
            block.__exit__(None, None, None)
        except fplab.Error as error:
            errors.append((str(error), str(fplab.current_mode())))

    with fplab.mode("none"):
        thread = threading.Thread(target=leave)
        thread.start()
        thread.join()
    _fplab.enter_mode(fplab.Mode())
    assert len(errors) == 1 and "another thread" in errors[0][0]


def test_assert_ieee_says_what_it_found():
    fplab.assert_ieee()
    with fplab.mode("ftz+daz"):
        with pytest.raises(fplab.ControlWordError, match=r"in mode ftz\+daz, expected none") as caught:
            fplab.assert_ieee()
    assert isinstance(caught.value, AssertionError)


@pytest.mark.parametrize(
    "arguments, keywords, error, sentence",
    [
        (("fast",), {}, fplab.Error, "fast"),
        (("none,nearest-away",), {}, fplab.Error, "nearest-away"),
        (("",), {}, fplab.Error, "expected"),
        ((1,), {}, TypeError, "mode: mode: found int"),
        ((), {"ftz": 1}, TypeError, "found int, expected True or False"),
        ((), {"rounding": "sideways"}, fplab.Error, "sideways"),
        ((), {"rounding": 3}, TypeError, "found int"),
        (("ftz",), {"daz": True}, fplab.Error, "a name and daz="),
    ],
)
def test_what_is_no_mode_is_refused_by_a_sentence_before_anything_changes(arguments, keywords, error, sentence):
    with pytest.raises(error, match=sentence):
        with fplab.mode(*arguments, **keywords):
            pass
    fplab.assert_ieee()


def test_modes_are_values():
    assert fplab.Mode(ftz=True) == fplab.Mode(ftz=True) != fplab.Mode(daz=True)
    assert fplab.Mode() != "none"
    assert len({fplab.Mode(), fplab.Mode(), fplab.Mode(rounding="up")}) == 2
    assert (str(fplab.Mode(ftz=True, rounding="up")), repr(fplab.Mode())) == ("ftz,up", "<fplab.Mode none>")


def test_env_has_the_fields_of_the_command_and_prints_as_it():
    environment = fplab.env()
    command = os.environ["FPLAB_COMMAND"]
    told = json.loads(subprocess.run([command, "env", "--json"], check=True, capture_output=True).stdout)
    assert set(environment) == set(told)
    for field in ("version", "cpu", "isas", "best_isa", "modes"):
        assert environment[field] == told[field]
    assert str(environment).startswith(f"fplab {fplab.__version__}, ")
    assert fplab.__version__ == environment["version"]


def test_env_tells_the_control_word_of_the_thread_that_asks_and_prints_right_under_flushing():
    with fplab.mode("ftz+daz"):
        environment = fplab.env()
        text = str(environment)
    assert "flush outputs on, flush inputs on" in environment["main_thread"]
    assert "a matmul of subnormal products takes" in text
