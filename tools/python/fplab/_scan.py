"""Which libraries switch a process to flushing when they are loaded."""
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import os
from typing import Any, Dict, List, Union

from fplab import _fplab


class Scan:
    """What a scan found: prints as `fplab scan` does, and is true where something switches flushing on."""

    def __init__(self, text: str, fields: Dict[str, Any]) -> None:
        self._text = text
        #: What the command prints with --json.
        self.json = fields
        #: The files that change the control word, those that are undecided, and a file that was named: each with "path",
        #: "verdict" and more.
        self.files: List[Dict[str, Any]] = fields["files"]
        #: With python_env: the packages whose files change it, each with "name", "version" and "files".
        self.packages: List[Dict[str, Any]] = fields.get("packages", [])
        #: Sentences about what could not be examined.
        self.errors: List[str] = fields["errors"]

    @property
    def found(self) -> int:
        """How many files change the control word."""
        return int(self.json["found"])

    def __bool__(self) -> bool:
        return self.found > 0

    def __str__(self) -> str:
        return self._text.rstrip("\n")

    def __repr__(self) -> str:
        return f"<fplab.Scan: {self.json['examined']} examined, {self.found} found, {len(self.errors)} unreadable>"


def scan(path: Union[str, "os.PathLike[str]"], *, load: bool = False, python_env: bool = False) -> Scan:
    """Libraries and programs under `path` whose start-up code sets FTZ or DAZ, found by reading them.

    path: an ELF file, a wheel or zip archive, or a folder. load: also load each file in a child process, which runs its
    constructors. python_env: the folder is a virtual environment or a site-packages: name the packages.
    """
    text, fields = _fplab.scan(path, load, python_env)
    return Scan(text, json.loads(fields))
