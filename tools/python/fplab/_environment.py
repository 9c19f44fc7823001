"""What this machine computes with."""
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from typing import Any, Dict

from fplab import _fplab


class Environment(Dict[str, Any]):
    """The fields of `fplab env --json`; prints as `fplab env` does."""

    def __init__(self, fields: Dict[str, Any], text: str) -> None:
        super().__init__(fields)
        self._text = text

    def __str__(self) -> str:
        return self._text


def env() -> Environment:
    """The machine, its instruction sets and modes, and the control words of this thread and of a new one."""
    fields, text = _fplab.environment()
    return Environment(json.loads(fields), text)
