"""refute, prove and bound: objects that print as the commands do."""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import fplab

SECONDS = re.compile(r"\d+\.\d\d s\)")


def command(*words):
    return subprocess.run([os.environ["FPLAB_COMMAND"], *words], capture_output=True, text=True).stdout.rstrip("\n")


def same(answer, text):
    """Up to the seconds that a proof took."""
    assert SECONDS.sub("s)", str(answer)) == SECONDS.sub("s)", text)


@pytest.mark.parametrize(
    "statement, options, words",
    [
        ("a-b == 0 <=> a == b", {"mode": "all"}, ["--mode", "all"]),
        ("a-b == 0 <=> a == b", {"mode": fplab.Mode(ftz=True), "format": "f16"}, ["--mode", "ftz", "--format", "f16"]),
        ("x/2*2 == x when normal(x)", {"mode": "all,up", "format": "bf16"}, ["--mode", "all,up", "--format", "bf16"]),
        ("a+b == b+a", {"only_under": "ftz", "effort": "quick"}, ["--only-under", "ftz", "--effort", "quick"]),
        ("a-b == 0 <=> a == b", {"differs": ["none", "ftz"]}, ["--differs", "none", "ftz"]),
        ("x*0.5 == x/2", {"mode": "may-ftz"}, ["--mode", "may-ftz"]),
        ("a == 0.1", {"when": "a > 0", "all_values": True}, ["--when", "a > 0", "--all-values"]),
        ("(n: i32) + 1 > n", {}, []),
        ("a < 1", {"when": "a != a"}, ["--when", "a != a"]),
    ],
)
def test_a_refutation_prints_and_counts_as_the_command_does(statement, options, words):
    answer = fplab.refute(statement, **options)
    same(answer, command("refute", statement, *words))
    assert answer.json == json.loads(command("refute", statement, *words, "--json"))


@pytest.mark.parametrize("mode", ["all", "every", "ftz", "may-ftz"])
def test_a_proof_prints_as_the_command_does(mode):
    for statement in ("a-b == 0 <=> a == b", "a+b == b+a"):
        answer = fplab.prove(statement, format="f16", mode=mode)
        same(answer, command("prove", statement, "--format", "f16", "--mode", mode))
    assert answer.proved and not answer.refuted


def test_a_bound_prints_as_the_command_does():
    answer = fplab.bound("x*x - y*y", format="e4m3")
    same(answer, command("bound", "x*x - y*y", "--format", "e4m3"))
    assert answer.ulps == max(mode["in_range"]["ulps"] for mode in answer.json["modes"])
    same(fplab.bound("x+y", against="y+x", format="f64"), command("bound", "x+y", "--against", "y+x", "--format", "f64"))


def test_operands_are_numpy_scalars_that_refute():
    answer = fplab.refute("a-b == 0 <=> a == b", mode="ftz")
    a, b = answer.operands["a"], answer.operands["b"]
    assert type(a) is np.float32 and not answer.holds
    assert a != b and fplab.sub(a, b, mode="ftz") == 0
    assert answer["ftz"].bits["a"] == int(a.view(np.uint32))
    with pytest.raises(KeyError, match="expected one of ftz"):
        answer["daz"]
    types = {"f16": np.float16, "f64": np.float64, "e4m3": np.float64}
    for format, expected in types.items():
        assert type(fplab.refute("a == 0", format=format).operands["a"]) is expected
    assert type(fplab.refute("(n: i32) != 7").operands["n"]) is np.int32
    assert fplab.refute("(n: u64) != 7").operands["n"] == np.uint64(7)


def test_what_holds_has_no_operands():
    answer = fplab.refute("a*2 == a+a", format="e4m3")
    assert answer.holds and answer.exhaustive and answer.operands is None
    assert repr(answer).startswith("<fplab.Refutation 'a*2 == a+a' (e4m3): none: ")


def test_jupyter_shows_a_table_in_which_nothing_is_markup():
    shown = fplab.refute("a-b == 0 <=> a == b", mode="all")._repr_html_()
    assert shown.count("<tr>") == 5 and "&lt;=&gt;" in shown and "<td>refuted</td>" in shown
    assert "<td>" in fplab.prove("a == a", format="e2m1")._repr_html_()
    assert "ulp</td>" in fplab.bound("x*x", format="e2m3")._repr_html_()


@pytest.mark.parametrize("ask", [fplab.refute, fplab.prove, fplab.bound])
def test_what_is_no_question_is_refused(ask):
    for statement in ("", "a ===== b", "a == ", "\0", "(" * 5000, "a+" * 1000):
        with pytest.raises(fplab.Error):
            ask(statement)
    for statement in (None, 1, b"a == b", ["a"], np.float32(1), "\ud800"):
        with pytest.raises(TypeError, match="statement: found"):
            ask(statement)
    good = "a + b" if ask is fplab.bound else "a == a"
    for keywords, error in [
        ({"format": "f99"}, fplab.Error), ({"mode": "fast"}, fplab.Error), ({"threads": 0}, fplab.Error),
        ({"threads": 10**30}, TypeError), ({"isa": "sse9"}, fplab.Error), ({"seconds": -1.0}, fplab.Error),
        ({"seconds": float("nan")}, fplab.Error), ({"seed": -1}, TypeError), ({"nonsense": 1}, TypeError),
        ({"when": None}, TypeError), ({"flush": "E"}, fplab.Error), ({"mode": None}, TypeError),
    ]:
        with pytest.raises(error):
            ask(good, **keywords)


def test_options_that_exclude_each_other_are_refused():
    for keywords in [{"mode": "ftz", "only_under": "ftz"}, {"differs": ["none"]}, {"differs": "none"},
                     {"only_under": "ftz", "differs": ["none", "ftz"]}, {"on": "paper"}, {"effort": "some"}]:
        with pytest.raises(fplab.Error):
            fplab.refute("a == a", **keywords)
    with pytest.raises(fplab.Error, match="conflicts"):
        fplab.prove("a == a", conflicts=-1)


def test_no_answer_depends_on_the_mode_of_the_thread_that_asks_and_the_gil_is_free_meanwhile():
    expected = str(fplab.refute("x*0.1 == x/10"))
    ticks = []
    stop = threading.Event()

    def tick():
        while not stop.wait(0.001):
            ticks.append(1)

    thread = threading.Thread(target=tick)
    thread.start()
    with fplab.mode("ftz+daz,up"):
        answer = fplab.refute("x*0.1 == x/10")
        fplab.refute("a+b == b+a", effort="200000000", seconds=0.3)
    stop.set()
    thread.join()
    assert str(answer) == expected
    assert len(ticks) > 20


@pytest.mark.parametrize(
    "question",
    [
        "fplab.refute('a+b == b+a', effort='100000000000')",
        "fplab.prove('sqrt(a*a) == a when a > 1 and a < 2', format='f64', mode='none')",
        "fplab.bound('a+b+c', effort='100000000000')",
    ],
)
def test_ctrl_c_stops_a_question_with_keyboard_interrupt(question):
    program = f"""
import fplab
print("ready", flush=True)
try:
    {question}
    print("ended")
except KeyboardInterrupt:
    print("interrupted")
"""
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    time.sleep(1)
    child.send_signal(signal.SIGINT)
    assert child.communicate(timeout=120)[0] == "interrupted\n"
