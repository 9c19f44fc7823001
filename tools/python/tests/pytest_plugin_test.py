"""The pytest plugin fails the test after which the control word has changed, and names what did it."""
# SPDX-License-Identifier: Apache-2.0
import os
import subprocess
import sys

import pytest

FIXTURES = os.environ["FPLAB_PYTHON_FIXTURES"]
LIBRARY = os.path.join(FIXTURES, "flushing_library.so")


def run(folder, source, **modules):
    (folder / "test_it.py").write_text(source)
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)
    environment = dict(os.environ)
    environment["PYTHONPATH"] = os.pathsep.join([str(folder), FIXTURES, environment["PYTHONPATH"]])
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "fplab.pytest_plugin", str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder)
    return result.returncode, result.stdout + result.stderr


AFTER = """

def test_after():
    import fplab
    fplab.assert_ieee()
"""


def test_a_test_that_imports_an_extension_built_to_flush_fails_and_the_import_is_named(tmp_path):
    status, text = run(tmp_path, "def test_imports():\n    import flushing_extension\n" + AFTER)
    assert status == 1 and "1 failed, 1 passed" in text
    assert "import of flushing_extension (" in text and "flush outputs on" in text
    assert "FAILED test_it.py::test_imports" in text


def test_a_module_that_loads_a_library_by_ctypes_is_named_and_not_the_one_that_imports_it(tmp_path):
    fast = f"import ctypes\nctypes.CDLL({LIBRARY!r})\n"
    status, text = run(
        tmp_path, "def test_imports():\n    import outer\n" + AFTER, outer="import json\nimport fast\n", fast=fast
    )
    assert status == 1 and "1 failed, 1 passed" in text
    assert "import of fast (" in text and f"which loaded {LIBRARY} by ctypes" in text
    assert "import of outer" not in text


def test_an_import_at_the_head_of_a_test_file_fails_the_file(tmp_path):
    status, text = run(tmp_path, "import flushing_extension\n" + AFTER)
    assert status == 2 and "import of flushing_extension (" in text
    assert "collection of test_it.py" not in text


def test_an_import_that_fails_after_it_has_switched_is_named(tmp_path):
    source = "import pytest\n\ndef test_optional():\n    with pytest.raises(ImportError):\n        import broken\n"
    status, text = run(tmp_path, source + AFTER, broken=f"import ctypes\nctypes.CDLL({LIBRARY!r})\nraise ImportError\n")
    assert status == 1 and "1 failed, 1 passed" in text and "import of broken (" in text


def test_a_test_that_does_it_itself_is_named_with_the_library(tmp_path):
    source = f"import ctypes\n\ndef test_loads():\n    ctypes.CDLL({LIBRARY!r})\n"
    status, text = run(tmp_path, source + AFTER)
    assert status == 1 and "1 failed, 1 passed" in text
    assert f"call of test_it.py::test_loads itself, after ctypes loaded {LIBRARY}" in text


def test_a_test_that_fails_by_itself_keeps_its_own_failure(tmp_path):
    status, text = run(tmp_path, "def test_fails():\n    import flushing_extension\n    assert 1 == 2, 'its own'\n" + AFTER)
    assert status == 1 and "its own" in text and "import of flushing_extension" in text


def test_a_fixture_that_does_it_fails_its_test(tmp_path):
    source = f"""
import ctypes, pytest

@pytest.fixture
def loaded():
    ctypes.CDLL({LIBRARY!r})

def test_uses(loaded):
    pass
"""
    status, text = run(tmp_path, source + AFTER)
    assert status == 1 and "setup of test_it.py::test_uses" in text and "1 passed" in text


def test_tests_that_give_the_word_back_or_raise_flags_pass(tmp_path):
    source = """
import fplab, numpy as np, importlib, email.mime.text

def test_mode():
    with fplab.mode("ftz+daz"):
        pass

def test_flags():
    with np.errstate(all="ignore"):
        np.float32(1) / np.zeros(1, np.float32)
    importlib.reload(importlib.import_module("colorsys"))
"""
    status, text = run(tmp_path, source + AFTER)
    assert status == 0 and "3 passed" in text
