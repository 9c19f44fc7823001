"""How long fplab.matmul takes beside the same call from C++, and a small call: prints what the README states.

Times are of the processor, so that whatever else the machine does matters little.

PYTHONPATH=BUILD/python python3 tools/python/tests/measure_matmul.py BUILD/tools/python/fplab_matmul_reference
"""
# SPDX-License-Identifier: Apache-2.0
import hashlib
import resource
import subprocess
import sys
import time

import numpy as np

import fplab

SIZE = 1024
ROUNDS = 6
PRODUCTS = 20
CALLS = 1000


def operand(seed: int) -> np.ndarray:
    mixed = (np.arange(SIZE * SIZE, dtype=np.uint64) + np.uint64(seed)) * np.uint64(2654435761) % np.uint64(1 << 24)
    return ((mixed.astype(np.float32) - np.float32(2**23)) * np.float32(2.0**-85)).reshape(SIZE, SIZE)


def best(call, repetitions: int) -> float:
    times = []
    for _ in range(repetitions):
        begin = time.thread_time()
        call()
        times.append(time.thread_time() - begin)
    return min(times)


def seconds_of_cpp(reference: str, products: int, digests: set) -> float:
    """Processor time of a program that makes its operands and then so many products."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [reference, *[str(SIZE)] * 3, "ftz+daz", "best", str(products)]
    digests.add(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[0])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(reference: str) -> None:
    a, b, c = operand(1), fplab.prepare(operand(2)), np.empty((SIZE, SIZE), np.float32)
    python, cpp, digests = [], [], set()
    for _ in range(ROUNDS):
        many = best(lambda: [fplab.matmul(a, b, out=c, mode="ftz+daz") for _ in range(PRODUCTS)], 1)
        python.append(many / PRODUCTS)
        more = seconds_of_cpp(reference, PRODUCTS + 1, digests) - seconds_of_cpp(reference, 1, digests)
        cpp.append(more / PRODUCTS)
    digests.add(hashlib.sha256(c.tobytes()).hexdigest())
    print(f"{SIZE} x {SIZE} x {SIZE}, prepared b, out=c, one thread: Python {1e3 * min(python):.2f} ms, "
          f"C++ {1e3 * min(cpp):.2f} ms, {100 * (min(python) / min(cpp) - 1):+.1f} %; "
          f"{'the same digest' if len(digests) == 1 else 'ANOTHER DIGEST'}")
    a, b, c = (np.ones((8, 8), np.float32) for _ in range(3))
    prepared = fplab.prepare(b)
    for name, call in [
        ("matmul 8 x 8 x 8, prepared b, out=c", lambda: fplab.matmul(a, prepared, out=c)),
        ("matmul 8 x 8 x 8", lambda: fplab.matmul(a, b)),
        ("add of two float32 scalars", lambda one=np.float32(1): fplab.add(one, one)),
        ("add of two arrays of 8", lambda row=a[0]: fplab.add(row, row)),
        ("current_mode", fplab.current_mode),
    ]:
        thousand = best(lambda: [call() for _ in range(CALLS)], 5)
        print(f"{name}: {1e6 * thousand / CALLS:.1f} microseconds a call")


main(sys.argv[1])
