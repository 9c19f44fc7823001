"""Types of the compiled part."""
# SPDX-License-Identifier: Apache-2.0
import os
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

import numpy as np

__version__: str

_Path = Union[str, "os.PathLike[str]"]

class Error(ValueError): ...

class Mode:
    def __init__(self, *, ftz: bool = ..., daz: bool = ..., rounding: str = ...) -> None: ...
    @property
    def ftz(self) -> bool: ...
    @property
    def daz(self) -> bool: ...
    @property
    def rounding(self) -> str: ...

_ModeName = Union[None, str, Mode]

def mode_of(mode: _ModeName) -> Mode: ...
def current_mode() -> Mode: ...
def enter_mode(mode: Mode) -> int: ...
def restore_mode(bits: int) -> None: ...
def control_word() -> int: ...
def set_control_word(settings: int) -> None: ...
def describe_control_word(word: int) -> str: ...
def control_word_name() -> str: ...
def environment() -> Tuple[str, str]: ...

class PreparedMatrix:
    @property
    def shape(self) -> Tuple[int, int]: ...

def prepare(b: np.ndarray) -> PreparedMatrix: ...
def matmul(
    a: np.ndarray,
    b: Union[np.ndarray, PreparedMatrix],
    *,
    out: Optional[np.ndarray] = ...,
    mode: _ModeName = ...,
    isa: str = ...,
    threads: int = ...,
) -> np.ndarray: ...

# Arrays, or NumPy scalars where all operands are; with flags=True a pair with the flags.
_Operand = Union[np.ndarray, np.generic]

def sqrt(
    a: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def rint(
    a: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def next_up(
    a: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def next_down(
    a: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def add(
    a: _Operand, b: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def sub(
    a: _Operand, b: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def mul(
    a: _Operand, b: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def div(
    a: _Operand, b: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def remainder(
    a: _Operand, b: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def fmod(
    a: _Operand, b: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def hypot(
    a: _Operand, b: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def minimum(
    a: _Operand, b: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def maximum(
    a: _Operand, b: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def minimum_number(
    a: _Operand, b: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def maximum_number(
    a: _Operand, b: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def min_num(
    a: _Operand, b: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def max_num(
    a: _Operand, b: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def x86_min(
    a: _Operand, b: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def x86_max(
    a: _Operand, b: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def equal(
    a: _Operand, b: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def less(
    a: _Operand, b: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def less_equal(
    a: _Operand, b: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def fma(
    a: _Operand, b: _Operand, c: _Operand,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def convert(
    a: _Operand,
    to: str,
    *,
    format: Optional[str] = ...,
    mode: _ModeName = ...,
    out: Optional[np.ndarray] = ...,
    flags: bool = ...,
    flush: str = ...,
    positive_zero: bool = ...,
    nans: str = ...,
) -> Any: ...
def to_float64(format: str, bits: int) -> float: ...
def landmarks(format: str) -> Dict[str, Any]: ...

class Network:
    def __init__(
        self,
        weights: Sequence[np.ndarray],
        biases: Sequence[np.ndarray],
        *,
        scale_exponent: int = ...,
        matmul_mode: _ModeName = ...,
        elementwise_mode: _ModeName = ...,
        rescaled: bool = ...,
    ) -> None: ...
    @property
    def weights(self) -> List[np.ndarray]: ...
    @property
    def biases(self) -> List[np.ndarray]: ...
    @property
    def layers(self) -> List[int]: ...
    @property
    def scale_exponent(self) -> int: ...
    @property
    def matmul_mode(self) -> Mode: ...
    @property
    def elementwise_mode(self) -> Mode: ...
    @property
    def rescaled(self) -> bool: ...
    @property
    def digest(self) -> str: ...
    def predict(self, images: np.ndarray, *, isa: str = ..., threads: int = ...) -> np.ndarray: ...
    def logits(self, images: np.ndarray, *, isa: str = ...) -> np.ndarray: ...
    def evaluate(
        self, images: np.ndarray, labels: np.ndarray, *, isa: str = ..., threads: int = ...
    ) -> Dict[str, Any]: ...
    def with_modes(
        self,
        *,
        scale_exponent: Optional[int] = ...,
        matmul_mode: _ModeName = ...,
        elementwise_mode: _ModeName = ...,
        rescaled: Optional[bool] = ...,
    ) -> Network: ...

class LoadedRun:
    network: Network
    step: int
    config: str
    metrics: List[str]

def train(
    options: Sequence[Tuple[str, str]],
    out: _Path,
    resume: bool,
    threads: int,
    isa: str,
    max_steps: int,
    callback: Optional[Callable[[Dict[str, Any]], Optional[bool]]],
) -> Tuple[os.PathLike[str], bool]: ...
def load_run(path: _Path) -> LoadedRun: ...
def load_data(
    name: str, train_limit: int, download: bool, threads: int
) -> Tuple[Tuple[np.ndarray, np.ndarray], Tuple[np.ndarray, np.ndarray], str]: ...
def scan(path: _Path, load: bool, python_env: bool) -> Tuple[str, str]: ...
def refute(words: Dict[str, Any]) -> Tuple[str, str, List[Tuple[str, str]]]: ...
def prove(words: Dict[str, Any]) -> Tuple[str, str, List[Tuple[str, str]]]: ...
def bound(words: Dict[str, Any]) -> Tuple[str, str, List[Tuple[str, str]]]: ...
