"""Training networks of underflow, and runs as they lie in their folders."""
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Callable, Dict, List, NamedTuple, Optional, Union

from fplab import _fplab

if TYPE_CHECKING:
    import numpy as np

Path = Union[str, "os.PathLike[str]"]


class Data(NamedTuple):
    """A data set: float32 images, one a row, and uint8 labels. The arrays are the core's own memory."""

    train_images: "np.ndarray"
    train_labels: "np.ndarray"
    test_images: "np.ndarray"
    test_labels: "np.ndarray"
    #: Where the data came from: a folder, a mirror, or "generated".
    source: str


def load_data(name: Path, *, train_limit: int = 0, download: bool = False, threads: Optional[int] = None) -> Data:
    """The data set mnist, glyphs or spirals, or a folder with MNIST's four files.

    train_limit: keep only so many training images; 0: all. download: whether mnist may be fetched.
    """
    train, test, source = _fplab.load_data(os.fspath(name), train_limit, download, threads or os.cpu_count() or 1)
    return Data(*train, *test, source)


class Run:
    """A trained run: its network, configuration and metrics."""

    def __init__(self, path: str, loaded: Any, finished: Optional[bool] = None) -> None:
        #: The folder, or the checkpoint's file.
        self.path = path
        #: The network that evaluation uses: the average of the parameters where one was kept.
        self.network: _fplab.Network = loaded.network
        #: Steps taken.
        self.step: int = loaded.step
        #: What config.json holds.
        self.config: Dict[str, Any] = json.loads(loaded.config)
        #: Of train(): whether it went to its end. None for a run that was loaded.
        self.finished = finished
        self._lines: List[Dict[str, Any]] = [json.loads(line) for line in loaded.metrics]

    @property
    def metrics(self) -> Dict[str, "np.ndarray"]:
        """An array for each field of metrics.jsonl, an element a line; of fields by layer, a row a line. NaN: none."""
        import numpy as np

        table: Dict[str, np.ndarray] = {}
        for name in {name: None for line in self._lines for name in line}:
            values = [line.get(name) for line in self._lines]
            lists = [value for value in values if isinstance(value, list)]
            if lists:
                width = max(len(value) for value in lists)
                rows = np.full((len(values), width), np.nan)
                for row, value in zip(rows, values):
                    if isinstance(value, list):
                        row[: len(value)] = [np.nan if item is None else item for item in value]
                table[name] = rows
            elif any(isinstance(value, (int, float)) for value in values):
                numbers = [value if isinstance(value, (int, float)) else np.nan for value in values]
                table[name] = np.array(numbers, dtype=np.float64)
        return table

    @property
    def weights(self) -> List["np.ndarray"]:
        """A float32 matrix a layer, inputs x outputs; copies."""
        return self.network.weights

    @property
    def biases(self) -> List["np.ndarray"]:
        return self.network.biases

    def predict(self, images: "np.ndarray", **computing: Any) -> "np.ndarray":
        """The class of each image: Network.predict."""
        return self.network.predict(images, **computing)

    def __repr__(self) -> str:
        return f"<fplab.Run {self.path!r} after step {self.step}: {self.network!r}>"


def load_run(path: Path) -> Run:
    """The run in a folder, or in a checkpoint file (then without metrics). Raises Error for what is none."""
    return Run(os.fspath(path), _fplab.load_run(path))


def _option_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(_option_text(item) for item in value)
    if isinstance(value, (str, int, float, _fplab.Mode)):
        return str(value)
    raise TypeError(f"found {type(value).__name__}, expected a string, a number, True or False, or a list of these")


def train(
    *,
    out: Optional[Path] = None,
    resume: bool = False,
    callback: Optional[Callable[[Dict[str, Any]], Optional[bool]]] = None,
    max_steps: int = 0,
    threads: Optional[int] = None,
    isa: str = "best",
    **options: Any,
) -> Run:
    """Trains the deep linear network, as `fplab train` does and to the same bits, and returns the run.

    out: the run's folder [runs/DATA-ESTIMATOR-SEED]. resume: go on with the run in it. callback: called after every step
    with a dict of step, total_steps, epoch, epochs, loss, accuracy, train_accuracy, test_accuracy (None before the first
    evaluation) and seconds; returning False stops, with a checkpoint, and what it raises is raised here. max_steps: stop
    after so many steps in all. Options: those of the command, with underscores: data="glyphs", preset="quick", epochs=3,
    layers=[784, 64, 10], scale_exponent=125 ...

    Ctrl-C stops at the next step, leaves a checkpoint to resume from, and raises KeyboardInterrupt.
    """
    if callback is not None and not callable(callback):
        raise TypeError(f"train: callback: found {type(callback).__name__}, expected a function")
    if resume and out is None:
        raise _fplab.Error("train: resume: name the run's folder with out")
    words = []
    for name, value in options.items():
        try:
            words.append((name.replace("_", "-"), _option_text(value)))
        except TypeError as error:
            raise TypeError(f"train: {name}: {error}") from None
    folder, finished = _fplab.train(
        words, "" if out is None else out, resume, threads or os.cpu_count() or 1, isa, max_steps, callback
    )
    return Run(os.fspath(folder), _fplab.load_run(folder), finished)
