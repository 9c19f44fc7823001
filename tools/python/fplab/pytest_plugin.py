"""A pytest plugin that fails the test after which this thread's control word has changed, and names what did it.

    python3 -m pytest -p fplab.pytest_plugin

A library that switches flushing on as it is loaded changes the arithmetic of everything that follows. The plugin looks at
the control word (rounding, flushing, exception masks; not the sticky flags) around every import, every collected file and
every part of a test; gives back what it found; and fails the test, or the file, in which it changed, naming the import,
or else the libraries that ctypes has loaded meanwhile.
"""
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import sys
from typing import Any, List, Optional

import pytest

from fplab import _fplab


class _Changes:
    """What has changed the control word since the last look, and the word as it should be."""

    def __init__(self) -> None:
        self.expected = _fplab.control_word()
        self.culprits: List[str] = []
        self.opened: List[str] = []

    def begin(self) -> None:
        """Whatever is found now is what should be."""
        self.expected = _fplab.control_word()
        self.culprits.clear()
        self.opened.clear()

    def blame(self, name: str, origin: str) -> None:
        """An import has ended: if the control word is another than it was, that has done it.

        The word is given back at once: of an import that goes on, what an import inside it did is not its own doing.
        """
        found = _fplab.control_word()
        if found != self.expected:
            opened = f", which loaded {', '.join(dict.fromkeys(self.opened))} by ctypes" if self.opened else ""
            self.culprits.append(f"import of {name} ({origin}){opened}, to {_fplab.describe_control_word(found)}")
            self.restore()
            self.opened.clear()

    def restore(self) -> None:
        _fplab.set_control_word(self.expected)

    def verdict(self, during: str) -> Optional[str]:
        """None, or who has changed the control word, which is then as it was."""
        found = _fplab.control_word()
        culprits = list(self.culprits)
        if found != self.expected:
            opened = f", after ctypes loaded {', '.join(dict.fromkeys(self.opened))}" if self.opened else ""
            culprits.append(f"{during} itself{opened}")
            self.restore()
        if not culprits:
            return None
        return (
            f"{_fplab.control_word_name()} has changed: " + "; ".join(culprits) + ".\n"
            "What is computed on this thread afterwards is no longer IEEE 754's; the plugin has put it back to "
            f"{_fplab.describe_control_word(self.expected)}."
        )


_changes = _Changes()


class _Watched:
    """A loader's method that is watched while it runs."""

    def __init__(self, method: Any) -> None:
        self.method = method

    def __call__(self, subject: Any) -> Any:
        name = getattr(subject, "__name__", None) or getattr(subject, "name", "?")
        spec = getattr(subject, "__spec__", None) or subject
        origin = getattr(spec, "origin", None) or "no file"
        try:
            return self.method(subject)
        finally:
            _changes.blame(name, origin)


class _Finder:
    """Asks the other finders, and has the loaders that they return watched."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
        for finder in sys.meta_path:
            if finder is _Finder or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(name, path, target)
            if spec is None:
                continue
            loader = spec.loader
            # Loaders that are classes load what is part of the interpreter.
            if loader is not None and not isinstance(loader, type):
                for method in ("create_module", "exec_module"):
                    own = getattr(loader, method, None)
                    if own is not None and not isinstance(own, _Watched):
                        try:
                            setattr(loader, method, _Watched(own))
                        except AttributeError:
                            pass  # a loader that takes no attributes is not watched; the test that imports is
            return spec
        return None


def _audit(event: str, arguments: Any) -> None:
    if event == "ctypes.dlopen" and arguments and arguments[0]:
        _changes.opened.append(str(arguments[0]))


def pytest_configure(config: Any) -> None:
    if _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)  # type: ignore[arg-type]
        sys.addaudithook(_audit)
    _changes.begin()


def pytest_unconfigure(config: Any) -> None:
    if _Finder in sys.meta_path:
        sys.meta_path.remove(_Finder)  # type: ignore[arg-type]


def _fail(report: Any, sentence: str) -> None:
    if report.outcome == "failed":
        report.sections.append(("control word", sentence))
    else:
        report.outcome = "failed"
        report.longrepr = sentence


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Any:
    outcome = yield
    sentence = _changes.verdict(f"{call.when} of {item.nodeid}")
    if sentence:
        _fail(outcome.get_result(), sentence)
    _changes.begin()


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector: Any) -> Any:
    outcome = yield
    sentence = _changes.verdict(f"collection of {collector.nodeid or 'the tests'}")
    if sentence:
        _fail(outcome.get_result(), sentence)
    _changes.begin()
