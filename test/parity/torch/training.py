"""Twenty training steps of small networks in double precision."""

import torch
import torch.nn.functional as F
from torch import nn

from fixture import Fixture, Numbers

STEPS = 20


class Attentive(nn.Module):
    """Symbols, a transformer block, the mean over time, classes."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(6, 8)
        self.block = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, activation="gelu", batch_first=True, norm_first=True)
        self.dense = nn.Linear(8, 3)

    def forward(self, x):
        return self.dense(self.block(self.embedding(x)).mean(1))


class Recurrent(nn.Module):
    """An LSTM whose last output is read."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 5, batch_first=True)
        # Of two biases that are only ever added, one is enough; both would move twice as far.
        self.lstm.bias_hh_l0.requires_grad_(False)
        self.dense = nn.Linear(5, 1)

    def forward(self, x):
        return self.dense(self.lstm(x)[0][:, -1])


def training_fixture():
    fixture = Fixture("training")
    numbers = Numbers(5)
    o = torch.optim

    def train(name, model, options, make, loss, inputs, targets):
        """One batch a step: the first axis of inputs and targets is the step."""
        model.double()
        for key, tensor in model.named_parameters():
            tensor.data = numbers.normal(*tensor.shape, scale=0.4)
        fixture.case(name, steps=STEPS, weights=[key for key, _ in model.named_parameters()], **options)
        for key, tensor in model.named_parameters():
            fixture.put(name + "/before/" + key, tensor)
        fixture.put(name + "/inputs", inputs)
        fixture.put(name + "/targets", targets)
        rule = make(model.parameters())
        losses = []
        for x, t in zip(inputs, targets):
            value = loss(model(x), t)
            losses.append(value.detach())
            rule.zero_grad()
            value.backward()
            rule.step()
        fixture.put(name + "/losses", torch.stack(losses))
        for key, tensor in model.named_parameters():
            fixture.put(name + "/after/" + key, tensor)

    points = numbers.normal(STEPS, 10, 2)
    xor = ((points[..., :1] * points[..., 1:]) < 0).double()
    mlp = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
    train("mlp", mlp, {"optimizer": "adam", "settings": {"rate": 0.05}, "loss": "bceWithLogits"}, lambda p: o.Adam(p, lr=0.05), F.binary_cross_entropy_with_logits, points, xor)

    cnn = nn.Sequential(nn.Conv2d(1, 3, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(27, 4))
    images = numbers.normal(STEPS, 5, 1, 6, 6)
    kinds = numbers.integers(4, STEPS, 5)
    train("cnn", cnn, {"optimizer": "momentum", "settings": {"rate": 0.05, "momentum": 0.9}, "loss": "crossEntropy"}, lambda p: o.SGD(p, lr=0.05, momentum=0.9), F.cross_entropy, images, kinds)

    series = numbers.normal(STEPS, 4, 6, 2)
    sums = series[..., 0].sum(-1, keepdim=True)
    train("lstm", Recurrent(), {"optimizer": "rmsprop", "settings": {"rate": 0.01}, "loss": "mse"}, lambda p: o.RMSprop(p, lr=0.01), F.mse_loss, series, sums)

    words = numbers.integers(6, STEPS, 4, 5)
    most = numbers.integers(3, STEPS, 4)
    train("transformer", Attentive(), {"optimizer": "adamw", "settings": {"rate": 0.01}, "loss": "crossEntropy"}, lambda p: o.AdamW(p, lr=0.01), F.cross_entropy, words, most)
    fixture.write()
