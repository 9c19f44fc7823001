"""train, load_run, load_data and Network: weights, metrics and predictions as arrays."""
# SPDX-License-Identifier: Apache-2.0
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

import fplab

SMALL = dict(data="glyphs", preset="quick", train_limit=600, epochs=2, layers=[784, 24, 10], evaluate_every=1, batch=100)


def command(*words):
    return subprocess.run([os.environ["FPLAB_COMMAND"], *map(str, words)], check=True, capture_output=True, text=True)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return fplab.train(out=tmp_path_factory.mktemp("runs") / "run", threads=2, **SMALL)


@pytest.fixture(scope="module")
def data():
    return fplab.load_data("glyphs", train_limit=600)


def test_it_trains_as_the_command_does(run, tmp_path):
    words = [word for name, value in SMALL.items() for word in (
        "--" + name.replace("_", "-"), ",".join(map(str, value)) if isinstance(value, list) else value)]
    told = json.loads(command("train", *words, "--out", tmp_path / "other", "--json").stdout)
    assert run.finished and run.network.digest == told["digest"]
    assert run.step == told["steps"] == 12


def test_its_history_says_by_which_script_and_on_which_data(run):
    lines = [json.loads(line) for line in open(os.path.join(run.path, "history.jsonl")).read().splitlines()]
    assert lines[0]["command"] == sys.argv and len(lines[0]["data"]["train"]) == 64


def test_going_on_with_other_data_is_refused_as_the_command_refuses_it(run):
    with pytest.raises(fplab.Error, match="spirals"):
        fplab.train(out=run.path, resume=True, data="spirals")


def test_a_run_is_loaded_from_its_folder_and_from_its_checkpoint(run):
    loaded = fplab.load_run(run.path)
    assert loaded.network.digest == run.network.digest and loaded.finished is None
    assert loaded.config["layers"] == [784, 24, 10]
    checkpoint = fplab.load_run(os.path.join(run.path, "checkpoint.safetensors"))
    assert checkpoint.network.digest == run.network.digest and checkpoint.metrics == {}


def test_metrics_are_arrays_by_field(run):
    metrics = run.metrics
    assert metrics["step"].tolist() == [6, 12]
    assert metrics["train_zeros"].shape == (2, 2)
    assert metrics["test_accuracy"].dtype == np.float64


def test_weights_go_out_and_come_back_to_the_same_digest_and_predictions(run, data):
    weights, biases = run.weights, run.biases
    assert [w.shape for w in weights] == [(784, 24), (24, 10)] and weights[0].dtype == np.float32
    digest = hashlib.sha256(b"".join(w.tobytes() + b.tobytes() for w, b in zip(weights, biases))).hexdigest()
    back = fplab.Network(weights, biases, rescaled=run.network.rescaled)
    assert back.digest == run.network.digest == digest
    predicted = run.predict(data.test_images, threads=2)
    np.testing.assert_array_equal(back.predict(data.test_images), predicted)
    logits = back.logits(data.test_images)
    np.testing.assert_array_equal(logits.argmax(axis=1), predicted)
    found = back.evaluate(data.test_images, data.test_labels)
    assert found["accuracy"] == np.mean(predicted == data.test_labels)
    told = json.loads(command("eval", run.path, "--json").stdout)
    assert found["accuracy"] == told["test"]["accuracy"]
    weights[0][:] = 0
    assert run.network.digest == digest


def test_without_flushing_the_network_is_linear_and_with_it_it_is_not(run, data):
    images = data.test_images[:50]
    open_gates = run.network.with_modes(elementwise_mode="none", rescaled=False)
    w, b = [x.astype(np.float64) for x in run.weights], [x.astype(np.float64) for x in run.biases]
    linear = (images.astype(np.float64) @ w[0] + b[0]) @ w[1] + b[1]
    np.testing.assert_allclose(open_gates.logits(images), linear, rtol=0, atol=1e-2)  # rounding of sums of 784 terms of some 10
    assert not np.allclose(run.network.logits(images), linear, rtol=0, atol=1e-2)
    fplab.assert_ieee()


def test_data_are_arrays_over_the_cores_own_memory(data):
    assert data.train_images.shape == (600, 784) and data.train_images.dtype == np.float32
    assert data.train_labels.dtype == np.uint8 and not data.train_images.flags.owndata
    kept = fplab.load_data("spirals").train_images
    assert np.isfinite(kept).all()


def test_a_callback_sees_every_step_and_ends_the_run_that_resumes_to_the_same_bits(run, tmp_path):
    seen = []

    def three(progress):
        seen.append((progress["step"], progress["test_accuracy"] is None, threading.current_thread()))
        return progress["step"] < 3

    stopped = fplab.train(out=tmp_path / "run", callback=three, **SMALL)
    assert [step for step, _, _ in seen] == [1, 2, 3] and all(thread is threading.main_thread() for *_, thread in seen)
    assert not stopped.finished and stopped.step == 3
    resumed = fplab.train(out=tmp_path / "run", resume=True)
    assert resumed.finished and resumed.network.digest == run.network.digest


def test_what_a_callback_raises_is_raised_and_its_mode_is_given_back(tmp_path):
    def fail(progress):
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        fplab.train(out=tmp_path / "a", callback=fail, **SMALL)
    fplab.assert_ieee()


def test_ctrl_c_leaves_a_run_to_resume(tmp_path):
    program = f"""
import fplab
try:
    fplab.train(data="glyphs", epochs=1000, out={str(tmp_path / 'run')!r},
                callback=lambda progress: print("step", flush=True) if progress["step"] == 2 else None)
except KeyboardInterrupt:
    print("interrupted", fplab.load_run({str(tmp_path / 'run')!r}).step > 0)
"""
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "step\n"
    child.send_signal(signal.SIGINT)
    assert child.communicate(timeout=300)[0] == "interrupted True\n"


@pytest.mark.parametrize(
    "keywords, error",
    [
        ({"data": "nothing-of-the-kind"}, fplab.Error), ({"epochs": 0}, fplab.Error), ({"epochs": "many"}, fplab.Error),
        ({"colour": "red"}, fplab.Error), ({"layers": {}}, TypeError), ({"threads": -1}, fplab.Error),
        ({"isa": "sse9"}, fplab.Error), ({"callback": 3}, TypeError), ({"max_steps": -1}, fplab.Error),
        ({"resume": True}, fplab.Error), ({"out": 3}, TypeError), ({"preset": "worst"}, fplab.Error),
    ],
)
def test_what_is_no_training_is_refused_before_there_is_a_folder(keywords, error, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error):
        fplab.train(**{**SMALL, **keywords})
    assert not list(tmp_path.iterdir())


def test_what_is_no_run_is_refused(tmp_path):
    (tmp_path / "file").write_bytes(b"\xff" * 100)
    (tmp_path / "config.json").write_text("{}")
    for path in (tmp_path, tmp_path / "file", tmp_path / "none"):
        with pytest.raises(fplab.Error):
            fplab.load_run(path)
    for path in (None, 3, "a\0b"):
        with pytest.raises((TypeError, ValueError)):
            fplab.load_run(path)
    with pytest.raises(fplab.Error):
        fplab.load_data("mnist-of-nowhere")
    with pytest.raises(fplab.Error):
        fplab.load_data("glyphs", train_limit=-1)


W, B = np.ones((3, 2), np.float32), np.zeros(2, np.float32)


@pytest.mark.parametrize(
    "make, error",
    [
        (lambda: fplab.Network([], []), fplab.Error),
        (lambda: fplab.Network([W], []), fplab.Error),
        (lambda: fplab.Network(W, B), TypeError),
        (lambda: fplab.Network(None, None), TypeError),
        (lambda: fplab.Network([W, W], [B, B]), fplab.Error),
        (lambda: fplab.Network([W.astype(np.float64)], [B]), fplab.Error),
        (lambda: fplab.Network([W], [B[:1]]), fplab.Error),
        (lambda: fplab.Network([W], [np.zeros((2, 1), np.float32)]), fplab.Error),
        (lambda: fplab.Network([W], [np.zeros(4, np.float32)[::2]]), fplab.Error),
        (lambda: fplab.Network([W], [[0.0, 0.0]]), TypeError),
        (lambda: fplab.Network([np.ones((0, 2), np.float32)], [B]), fplab.Error),
        (lambda: fplab.Network([W], [B], scale_exponent=200), fplab.Error),
        (lambda: fplab.Network([W], [B], scale_exponent=1.5), TypeError),
        (lambda: fplab.Network([W], [B], elementwise_mode="fast"), fplab.Error),
        (lambda: fplab.Network([W], [B], rescaled=True, matmul_mode="ftz"), fplab.Error),
        (lambda: fplab.Network([W], [B]).with_modes(matmul_mode=3), TypeError),
    ],
)
def test_what_is_no_network_is_refused(make, error):
    with pytest.raises(error):
        make()


def test_images_and_labels_that_do_not_fit_are_refused_and_none_at_all_are_none():
    network = fplab.Network([W], [B])
    good, labels = np.ones((5, 3), np.float32), np.zeros(5, np.uint8)
    for images in (None, [[1.0]], good.astype(np.float64), good[0], good[:, :2], good[:, ::-1], good[::-1],
                   np.ones((5, 3), np.uint8), np.broadcast_to(np.float32(1), (2**40, 3))):
        for use in (network.predict, network.logits, lambda x: network.evaluate(x, labels)):
            with pytest.raises((TypeError, fplab.Error)):
                use(images)
    for wrong in (None, labels.astype(np.int64), labels[:4], labels[:, None], np.full(5, 2, np.uint8), [0] * 5):
        with pytest.raises((TypeError, fplab.Error)):
            network.evaluate(good, wrong)
    assert network.predict(good[:0]).shape == (0,) and network.logits(good[:0]).shape == (0, 2)
    assert network.evaluate(good, np.zeros(10, np.uint8)[::2])["accuracy"] == 1
    nan = good.copy()
    nan[2, 1] = np.nan
    assert network.predict(nan).tolist() == [0, 0, -1, 0, 0]
