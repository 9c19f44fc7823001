"""fplab.scan, and `fplab scan --python-env`: which package's library switches flushing on."""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import shutil
import subprocess

import pytest

import fplab

LIBRARY = pathlib.Path(os.environ["FPLAB_PYTHON_FIXTURES"]) / "flushing_library.so"


def command(*words):
    return subprocess.run([os.environ["FPLAB_COMMAND"], "scan", *map(str, words)], capture_output=True, text=True)


def install(site, name, version, *files):
    info = site / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "RECORD").write_text("".join(f'"{file}",sha256=x,1\n' if "," in file else f"{file},,\n" for file in files))


@pytest.fixture
def environment(tmp_path):
    """A virtual environment with three packages: the library of one lies in a folder of another name."""
    site = tmp_path / "venv" / "lib" / "python3.11" / "site-packages"
    install(site, "quick_maths", "1.2.3", "quick/__init__.py", "quick_maths.libs/libquick,fast.so", "../../../bin/quick")
    install(site, "innocent", "0.1", "innocent/__init__.py")
    (site / "quick").mkdir()
    (site / "quick" / "__init__.py").write_text("")
    (site / "quick_maths.libs").mkdir()
    shutil.copy(LIBRARY, site / "quick_maths.libs" / "libquick,fast.so")
    (site / "innocent").mkdir()
    (site / "innocent" / "__init__.py").write_text("")
    shutil.copy(LIBRARY, site / "unknown.cpython-311-x86_64-linux-gnu.so")
    return tmp_path / "venv"


def test_a_file_is_judged_as_by_the_command():
    found = fplab.scan(LIBRARY)
    assert found and found.found == 1 and found.files[0]["verdict"] == "switches"
    assert str(found) == command(LIBRARY).stdout.rstrip("\n")
    assert found.json == json.loads(command("--json", LIBRARY).stdout)
    assert fplab.scan(str(LIBRARY), load=True).files[0]["load"]["changed"]
    fplab.assert_ieee()


def test_the_package_whose_library_switches_is_named(environment):
    result = command("--python-env", environment)
    assert result.returncode == 1
    assert "package quick_maths 1.2.3 switches flushing on, by " in result.stdout
    assert "libquick,fast.so" in result.stdout and "innocent" not in result.stdout
    assert "package unknown switches flushing on" in result.stdout
    found = fplab.scan(environment, python_env=True)
    assert str(found) == result.stdout.rstrip("\n")
    assert [(package["name"], package["version"]) for package in found.packages] == [("quick_maths", "1.2.3"), ("unknown", "")]
    assert found.json == json.loads(command("--json", "--python-env", environment).stdout)


def test_the_site_packages_itself_will_do_and_slashes_do_not_matter(environment):
    site = environment / "lib" / "python3.11" / "site-packages"
    for path in (site, f"{site}/", f"{site}/../site-packages"):
        assert [package["name"] for package in fplab.scan(path, python_env=True).packages] == ["quick_maths", "unknown"]


def test_records_that_make_no_sense_name_nothing(environment):
    site = environment / "lib" / "python3.11" / "site-packages"
    record = site / "quick_maths-1.2.3.dist-info" / "RECORD"
    for text in (b"", b'"', b'"\n"",\n,,,\n\0\xff\n', b"/" * 10**6, b"../" * 3000 + b"etc/passwd,,\n"):
        record.write_bytes(text)
        names = [package["name"] for package in fplab.scan(environment, python_env=True).packages]
        assert names == ["quick_maths", "unknown"]
    (site / "loose.dist-info").mkdir()
    (site / "loose.dist-info" / "top_level.txt").write_text("unknown.cpython-311-x86_64-linux-gnu.so\n")
    assert [p["name"] for p in fplab.scan(environment, python_env=True).packages] == ["quick_maths", "loose"]


def test_what_is_no_environment_is_refused(tmp_path):
    assert command("--python-env", tmp_path / "none").returncode == 2
    assert "expected a Python environment" in command("--python-env", LIBRARY).stderr
    assert command().returncode == 2
    assert command("--python-env", tmp_path, LIBRARY).returncode == 2
    with pytest.raises(fplab.Error, match="not a folder"):
        fplab.scan(LIBRARY, python_env=True)


def test_paths_that_are_none_are_told_or_refused(tmp_path):
    missing = fplab.scan(tmp_path / "missing.so")
    assert not missing and len(missing.errors) == 1
    assert not fplab.scan(tmp_path)
    for path in (None, 1, [], b"x\0y", "x\0y"):
        with pytest.raises((TypeError, ValueError)):
            fplab.scan(path)
