"""This thread's control word: setting the mode for a block of code, and asking that nothing has set it."""
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import contextlib
import threading
from typing import List, Optional, Tuple, Union

from fplab import _fplab


class ControlWordError(AssertionError):
    """This thread does not compute as IEEE 754 has it: something has switched flushing on, or turned the rounding."""


class mode(contextlib.ContextDecorator):
    """Computes in a mode until the end of a `with` block, or of a decorated function, on this thread alone.

    with fplab.mode(ftz=True, daz=True): ...        results and operands are flushed
    with fplab.mode("ftz,up"): ...                  by its name
    with fplab.mode(rounding="down"): ...

    What the control word held of mode comes back at the end, also after an exception. Everything on this thread computes
    in the mode meanwhile, Python's own conversion of numbers to text and back included: print afterwards. Raises Error
    for a mode that this machine lacks. The block must end on the thread on which it began.
    """

    def __init__(
        self,
        name: Union[None, str, _fplab.Mode] = None,
        *,
        ftz: Optional[bool] = None,
        daz: Optional[bool] = None,
        rounding: Optional[str] = None,
    ) -> None:
        given = [word for word, value in (("ftz", ftz), ("daz", daz), ("rounding", rounding)) if value is not None]
        if name is not None:
            if given:
                raise _fplab.Error(f"mode: found a name and {given[0]}=, expected one of them")
            self._mode = _fplab.mode_of(name)
        else:
            for word, value in (("ftz", ftz), ("daz", daz)):
                if not isinstance(value, (bool, type(None))):
                    raise TypeError(f"mode: {word}: found {type(value).__name__}, expected True or False")
            if not isinstance(rounding, (str, type(None))):
                raise TypeError(f"mode: rounding: found {type(rounding).__name__}, expected a string")
            self._mode = _fplab.Mode(ftz=bool(ftz), daz=bool(daz), rounding=rounding or "nearest-even")
        self._found: List[Tuple[int, int]] = []

    def _recreate_cm(self) -> "mode":
        return mode(self._mode)

    def __enter__(self) -> _fplab.Mode:
        self._found.append((threading.get_ident(), _fplab.enter_mode(self._mode)))
        return self._mode

    def __exit__(self, *exception: object) -> None:
        thread, bits = self._found.pop()
        if thread != threading.get_ident():
            raise _fplab.Error("mode: the block ends on another thread than it began on: the mode there is left as it is")
        _fplab.restore_mode(bits)


def assert_ieee() -> None:
    """Raises ControlWordError unless this thread computes as IEEE 754 has it: to nearest-even, without flushing.

    For a test suite: once after the imports, or after each test (fplab.pytest_plugin does so, and names the import).
    """
    found = _fplab.current_mode()
    if found == _fplab.Mode():
        return
    raise ControlWordError(
        f"this thread computes in mode {found}, expected none ({_fplab.control_word_name()} "
        f"{_fplab.describe_control_word(_fplab.control_word())})"
    )
