"""The scripts of tools/python/README.md run, and say what it says."""
# SPDX-License-Identifier: Apache-2.0
import pathlib
import re
import subprocess
import sys

import pytest

README = pathlib.Path(__file__).resolve().parent.parent / "README.md"
# An indented block whose first line is "# NAME.py: what it is".
SCRIPTS = {
    name: re.sub(r"^    ", "", block, flags=re.M)
    for block, name in re.findall(r"^(    # (\w+\.py): .*\n(?:(?:    .*)?\n)+)", README.read_text(), flags=re.M)
}


def run(name, folder):
    result = subprocess.run([sys.executable, "-c", SCRIPTS[name]], capture_output=True, text=True, cwd=folder, timeout=600)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_there_are_two_scripts_of_thirty_lines():
    assert list(SCRIPTS) == ["lesson.py", "train_on.py"]
    assert all(len(script.strip().splitlines()) <= 31 for script in SCRIPTS.values())


def test_the_lesson_shows_what_flushing_does(tmp_path):
    told = run("lesson.py", tmp_path)
    assert "IEEE 754: a - b = 5.877471754111438e-39, a == b: False" in told
    assert "flushing: a - b = 0.0, a == b: False" in told
    assert "ftz: refuted on the model" in told
    assert "none: proved" in told
    assert "[0.  0.5 1.  1.5 2.  3.  4.  6. ]" in told


@pytest.mark.parametrize("script", ["train_on.py"])
def test_weights_go_out_are_trained_on_and_come_back(script, tmp_path):
    told = run(script, tmp_path)
    shares = [float(share) for share in re.findall(r"(\d+\.\d) %", told)]
    assert len(shares) == 3 and all(0 < share <= 100 for share in shares)
    assert ("trained on by PyTorch" in told) != ("trained on by NumPy" in told)
