"""refute, prove and bound: questions about statements, and their answers as objects."""
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import html
import json
import os
import re
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

from fplab import _fplab

ModeName = Union[str, _fplab.Mode]


def _is_wide(kind: str) -> bool:
    custom = re.fullmatch(r"e(\d+)p(\d+)", kind)
    return kind in ("x87", "f128") or (custom is not None and (int(custom[1]) > 11 or int(custom[2]) > 53))


def _scalar(kind: str, value: Dict[str, str]) -> Any:
    """An operand as a NumPy scalar: of its own type where NumPy has that, else the same value as float64; one of a wide
    format, which may have no float64, as its hexadecimal text."""
    import numpy as np

    if _is_wide(kind):
        return value["hex"]
    pattern = int(value["bits"], 16)
    natives = {"f16": (np.uint16, np.float16), "f32": (np.uint32, np.float32), "f64": (np.uint64, np.float64)}
    if kind in natives:
        unsigned, native = natives[kind]
        return unsigned(pattern).view(native)
    if kind[0] in "iu" and kind[1:].isdigit():
        width = int(kind[1:])
        unsigned = getattr(np, f"uint{width}")(pattern)
        return unsigned.view(getattr(np, f"int{width}")) if kind[0] == "i" else unsigned
    return np.float64(_fplab.to_float64(kind, pattern))


class ModeAnswer:
    """What was found in one mode; a mapping of the fields that `--json` has, with these besides."""

    def __init__(self, fields: Dict[str, Any], types: Dict[str, str], operands: Optional[Dict[str, Any]]) -> None:
        self.fields = fields
        #: "none", "ftz", "daz", "ftz+daz", with a rounding direction after a comma; "every"
        self.mode: str = fields["mode"]
        #: Operands that refute, or that attain the largest error, by name, as NumPy scalars (of wide formats
        #: as hexadecimal text); None where there are none.
        self.operands: Optional[Dict[str, Any]] = None
        #: Their bit patterns.
        self.bits: Optional[Dict[str, int]] = None
        if operands:
            self.operands = {name: _scalar(types[name], value) for name, value in operands.items()}
            self.bits = {name: int(value["bits"], 16) for name, value in operands.items()}

    def __getitem__(self, field: str) -> Any:
        return self.fields[field]

    def __repr__(self) -> str:
        return f"<fplab.ModeAnswer {self.mode}: {self.word}>"

    @property
    def word(self) -> str:
        """The answer in a word or two."""
        if "in_range" in self.fields:
            return f"{self.fields['in_range']['ulps']:.6g} ulp"
        return str(self.fields.get("answer", "holds" if self.fields.get("holds") else "refuted"))


class Answer:
    """An answer to a question about a statement: prints as the command does, and is a table in Jupyter."""

    def __init__(self, text: str, fields: Dict[str, Any], types: Sequence[Tuple[str, str]]) -> None:
        self._text = text
        #: What the command prints with --json.
        self.json = fields
        #: The variables' types, by name: f32, i32 ...
        self.types: Dict[str, str] = dict(types)
        #: What was found, mode by mode.
        self.modes: List[ModeAnswer] = [
            ModeAnswer(entry, self.types, self._operands_of(entry)) for entry in fields.get("modes", [fields])
        ]

    @staticmethod
    def _operands_of(entry: Dict[str, Any]) -> Optional[Dict[str, Any]]:
        raise NotImplementedError

    def __getitem__(self, mode: ModeName) -> ModeAnswer:
        for answer in self.modes:
            if answer.mode == str(mode):
                return answer
        raise KeyError(f"{mode}: expected one of {', '.join(answer.mode for answer in self.modes)}")

    @property
    def statement(self) -> str:
        return str(self.json.get("statement", self.json.get("expression")))

    @property
    def format(self) -> str:
        return str(self.json["format"])

    @property
    def operands(self) -> Optional[Dict[str, Any]]:
        """Those of the first mode that has any, as NumPy scalars by name."""
        return next((answer.operands for answer in self.modes if answer.operands), None)

    def __str__(self) -> str:
        return self._text.rstrip("\n")

    def __repr__(self) -> str:
        words = ", ".join(f"{answer.mode}: {answer.word}" for answer in self.modes)
        return f"<fplab.{type(self).__name__} {self.statement!r} ({self.format}): {words}>"

    def _repr_html_(self) -> str:
        names = list(self.types)
        rows = "".join(
            "<tr>"
            + "".join(
                f"<td>{html.escape(cell)}</td>"
                for cell in [
                    answer.mode,
                    answer.word,
                    *(str(answer.operands[name]) if answer.operands and name in answer.operands else "" for name in names),
                ]
            )
            + "</tr>"
            for answer in self.modes
        )
        heads = "".join(f"<th>{html.escape(head)}</th>" for head in ["mode", "answer", *names])
        return (
            f"<table><caption><code>{html.escape(self.statement)}</code> ({html.escape(self.format)})</caption>"
            f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        )


class Refutation(Answer):
    """What a search for counterexamples found."""

    @staticmethod
    def _operands_of(entry: Dict[str, Any]) -> Optional[Dict[str, Any]]:
        return entry["counterexample"]["operands"] if "counterexample" in entry else None

    @property
    def holds(self) -> bool:
        """Something was judged, and no counterexample was found in any mode."""
        return bool(self.json["holds"])

    @property
    def exhaustive(self) -> bool:
        """Everything was tried: where it holds, that is a proof."""
        return bool(self.json["exhaustive"])


class Proof(Answer):
    """What was proved, and what was refuted on the way."""

    @staticmethod
    def _operands_of(entry: Dict[str, Any]) -> Optional[Dict[str, Any]]:
        return entry.get("counterexample")

    @property
    def proved(self) -> bool:
        """True of every operand, in every mode asked about."""
        return all(answer["answer"] == "proved" for answer in self.modes)

    @property
    def refuted(self) -> bool:
        return any(answer.operands is not None for answer in self.modes)


class Bound(Answer):
    """The largest error of an expression."""

    @staticmethod
    def _operands_of(entry: Dict[str, Any]) -> Optional[Dict[str, Any]]:
        return entry["in_range"].get("operands")

    @property
    def ulps(self) -> float:
        """The largest in any mode asked about."""
        return max(float(answer["in_range"]["ulps"]) for answer in self.modes)


def _ask(question: Any, words: Dict[str, Any], extra: Dict[str, Any]) -> Tuple[str, Dict[str, Any], Any]:
    defaults: Dict[str, Any] = {
        "format": "f32",
        "on": "model",
        "when": "",
        "effort": "normal",
        "seed": 1,
        "seconds": 0.0,
        "threads": os.cpu_count() or 1,
        "isa": "best",
        "all_values": False,
        "signed_zeros": False,
        "flush": "",
        "positive_zero": False,
        "nans": "",
    }
    unknown = set(extra) - set(defaults)
    if unknown:
        raise TypeError(f"{sorted(unknown)[0]}: is no option, expected some of {', '.join(sorted(defaults))}")
    asked = {**defaults, **words, **extra}
    if isinstance(asked["mode"], _fplab.Mode):
        asked["mode"] = str(asked["mode"])
    texts = ("statement", "format", "mode", "on", "when", "effort", "isa", "flush", "nans", "against", "only_under")
    for name in texts:
        if name in asked and not isinstance(asked[name], str):
            raise TypeError(f"{name}: found {type(asked[name]).__name__}, expected a string")
    text, fields, types = question(asked)
    return text, json.loads(fields), types


def refute(
    statement: str,
    *,
    mode: ModeName = "none",
    only_under: str = "",
    differs: Sequence[str] = (),
    **options: Any,
) -> Refutation:
    """Searches for the smallest operands for which a statement does not hold, as `fplab refute` does.

    mode: none, ftz, daz, ftz+daz, all four by "all"; may-ftz ...: may the left side be rewritten as the right one?
    only_under: a mode in which it is to fail while it holds without flushing. differs: two modes, true in one alone.
    Options: format ("f32"), on ("model", "hardware", "both"), when, effort ("quick", "normal", "deep", a number of cases
    as a string), seed, seconds, threads, isa, all_values, signed_zeros, flush, positive_zero, nans.

    >>> print(refute("x/2*2 == x", mode="ftz").operands)        # doctest: +SKIP
    {'x': 1.1754944e-38}

    Raises Error for what is no statement. Ctrl-C stops it.
    """
    if isinstance(differs, str) or len(differs) not in (0, 2):
        raise _fplab.Error(f"differs: found {differs!r}, expected two modes")
    if bool(only_under) + bool(differs) + (str(mode) != "none") > 1:
        raise _fplab.Error("mode, only_under and differs: expected one of them at most")
    words = {"statement": statement, "mode": mode, "only_under": only_under, "differs": list(differs)}
    return Refutation(*_ask(_fplab.refute, words, options))


def prove(statement: str, *, mode: ModeName = "all", conflicts: int = 1000000, **options: Any) -> Proof:
    """Proves a statement for every operand, by trying all or by a SAT proof that is checked, as `fplab prove` does.

    mode: as refute has it, and "every": all four by one proof. conflicts: where the solver gives up. Options: those of
    refute but for on and effort; seconds are of processor time, a mode. Raises Error for what is no statement. Ctrl-C
    stops it.
    """
    for option in ("on", "effort"):
        if option in options:
            raise TypeError(f"{option}: is no option of prove, which asks the model")
    return Proof(*_ask(_fplab.prove, {"statement": statement, "mode": mode, "conflicts": conflicts}, options))


def bound(expression: str, *, against: str = "", mode: ModeName = "all", **options: Any) -> Bound:
    """The largest error of an expression in ulps, in every mode, and where it is attained, as `fplab bound` does.

    against: count steps from this expression instead of the exact value. Options: those of refute but for all_values and
    signed_zeros. Raises Error for what is no expression. Ctrl-C stops it.
    """
    for option in ("all_values", "signed_zeros"):
        if option in options:
            raise TypeError(f"{option}: is no option of bound")
    return Bound(*_ask(_fplab.bound, {"statement": expression, "mode": mode, "against": against}, options))
