"""fplab: floating-point arithmetic at the edge of underflow, from Python.

    >>> import fplab
    >>> with fplab.mode(ftz=True, daz=True):
    ...     print(fplab.current_mode())
    ftz+daz

Statements: refute, prove, bound. Arrays: matmul, and the exact model's operations. Networks: train, load_run. Libraries
that switch flushing on: scan. See tools/python/README.md.
"""
# SPDX-License-Identifier: Apache-2.0
from fplab._control_word import ControlWordError, assert_ieee, mode
from fplab._environment import Environment, env
from fplab._fplab import (
    Error,
    Mode,
    Network,
    PreparedMatrix,
    __version__,
    add,
    convert,
    current_mode,
    div,
    equal,
    fma,
    fmod,
    hypot,
    less,
    less_equal,
    matmul,
    max_num,
    maximum,
    maximum_number,
    min_num,
    minimum,
    minimum_number,
    mul,
    next_down,
    next_up,
    prepare,
    remainder,
    rint,
    sqrt,
    sub,
    x86_max,
    x86_min,
)
from fplab._runs import Data, Run, load_data, load_run, train
from fplab._scan import Scan, scan
from fplab._statements import Bound, ModeAnswer, Proof, Refutation, bound, prove, refute
from fplab.strategies import floats

__all__ = [
    "Bound",
    "ControlWordError",
    "Data",
    "Environment",
    "Error",
    "Mode",
    "ModeAnswer",
    "Network",
    "PreparedMatrix",
    "Proof",
    "Refutation",
    "Run",
    "Scan",
    "__version__",
    "add",
    "assert_ieee",
    "bound",
    "convert",
    "current_mode",
    "div",
    "env",
    "equal",
    "floats",
    "fma",
    "fmod",
    "hypot",
    "less",
    "less_equal",
    "load_data",
    "load_run",
    "matmul",
    "max_num",
    "maximum",
    "maximum_number",
    "min_num",
    "minimum",
    "minimum_number",
    "mode",
    "mul",
    "next_down",
    "next_up",
    "prepare",
    "prove",
    "refute",
    "remainder",
    "rint",
    "scan",
    "sqrt",
    "sub",
    "train",
    "x86_max",
    "x86_min",
]
