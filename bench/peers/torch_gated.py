# The gated network's training step in PyTorch: forward, backward and Adam on the same shapes, on data in memory.
# Prints seconds an epoch of 60,000 samples (median). Arguments: threads (2), epochs (5). Debian: python3-torch.
# SPDX-License-Identifier: Apache-2.0
import statistics
import sys
import time

import torch

threads = int(sys.argv[1]) if len(sys.argv) > 1 else 2
epochs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
batch = 256
torch.set_num_threads(threads)
torch.manual_seed(1)
x = torch.rand(60000, 784)
y = torch.randint(10, (60000,))
weights = [torch.randn(i, o) * (2 / i) ** 0.5 for i, o in ((784, 512), (512, 512), (512, 10))]
biases = [torch.zeros(o) for o in (512, 512, 10)]
parameters = [p.requires_grad_() for p in weights + biases]
optimizer = torch.optim.Adam(parameters, lr=1e-3)


def shrink(z):
    return torch.nn.functional.hardshrink(z, 0.5)


def epoch():
    start = time.perf_counter()
    order = torch.randperm(60000)
    for first in range(0, 60000, batch):
        at = order[first:first + batch]
        h = x[at]
        for w, b in zip(weights, biases):
            h = shrink(torch.addmm(b, h, w))
        loss = torch.nn.functional.cross_entropy(h, y[at])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return time.perf_counter() - start


epoch()
seconds = statistics.median(epoch() for _ in range(epochs))
print(f"PyTorch {torch.__version__}, {threads} threads: {seconds:.2f} s an epoch")
