"""The models of models.ts in PyTorch, on as many threads as OMP_NUM_THREADS says. Prints milliseconds a step, one JSON line a model."""
import json
import os
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
torch.manual_seed(0)
RATE = 0.01


def parameters(**shapes):
    return {k: (0.1 * torch.randn(*s)).requires_grad_() for k, s in shapes.items()}


def trained(p, loss):
    values = list(p.values())

    def step():
        value = loss()
        gradients = torch.autograd.grad(value, values)
        with torch.no_grad():
            for one, g in zip(values, gradients):
                one -= RATE * g

    return step


def cross_entropy(logits, targets):
    return -(F.log_softmax(logits, -1) * targets).sum(-1).mean()


def one_hot(*shape):
    return F.one_hot(torch.randint(shape[-1], shape[:-1]), shape[-1]).float()


def product(n):
    a, b = torch.randn(n, n), torch.randn(n, n)
    return lambda: a @ b


def perceptron():
    x, y = torch.randn(64, 784), one_hot(64, 10)
    p = parameters(w1=(784, 128), b1=(128,), w2=(128, 10), b2=(10,))
    return trained(p, lambda: cross_entropy(F.relu(x @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"], y))


def convolutional():
    x, y = torch.randn(32, 1, 28, 28), one_hot(32, 10)
    p = parameters(k1=(8, 1, 3, 3), c1=(8,), k2=(16, 8, 3, 3), c2=(16,), w=(784, 10), b=(10,))

    def loss():
        h = F.max_pool2d(F.relu(F.conv2d(x, p["k1"], p["c1"], padding=1)), 2)
        h = F.max_pool2d(F.relu(F.conv2d(h, p["k2"], p["c2"], padding=1)), 2)
        return cross_entropy(h.reshape(32, 784) @ p["w"] + p["b"], y)

    return trained(p, loss)


def transformer():
    batch, tokens, width, heads, inner, classes = 8, 32, 64, 4, 256, 64
    head = width // heads
    x, y = torch.randn(batch, tokens, width), one_hot(batch, tokens, classes)
    square = (width, width)
    p = parameters(q=square, k=square, v=square, o=square, g1=(width,), h1=(width,), g2=(width,), h2=(width,),
                   w1=(width, inner), b1=(inner,), w2=(inner, width), b2=(width,), r=(width, classes))
    mask = torch.triu(torch.full((tokens, tokens), -1e9), 1)

    def split(m):
        return m.reshape(batch, tokens, heads, head).transpose(1, 2)

    def loss():
        n1 = F.layer_norm(x, (width,), p["g1"], p["h1"])
        q, k, v = (split(n1 @ p[name]) for name in "qkv")
        mixed = torch.softmax(q @ k.transpose(2, 3) * head**-0.5 + mask, -1) @ v
        after = x + mixed.transpose(1, 2).reshape(batch, tokens, width) @ p["o"]
        n2 = F.layer_norm(after, (width,), p["g2"], p["h2"])
        out = after + F.relu(n2 @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]
        return cross_entropy(out @ p["r"], y)

    return trained(p, loss)


def xor():
    x = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    y = torch.tensor([[0.0], [1], [1], [0]])
    p = parameters(w1=(2, 2), b1=(2,), w2=(2, 1), b2=(1,))
    return trained(
        p, lambda: ((torch.tanh(torch.tanh(x @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]) - y) ** 2).mean()
    )


def measure(step, seconds):
    """Milliseconds a step: the median, and the mean of processor time."""
    step()
    step()
    times = []
    before = time.process_time()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    spent = time.process_time() - before
    return {"time": 1000 * sorted(times)[len(times) // 2], "cpu": 1000 * spent / len(times)}


models = {"perceptron": perceptron, "convolutional": convolutional, "transformer": transformer, "xor": xor}
print(json.dumps({"version": torch.__version__}), flush=True)
for line in sys.stdin:
    name, seconds = line.split()
    step = product(int(name[7:])) if name.startswith("product") else models[name]()
    print(json.dumps(measure(step, float(seconds))), flush=True)
