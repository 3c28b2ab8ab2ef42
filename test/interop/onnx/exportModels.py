"""Models of PyTorch with random weights as ONNX files, with what PyTorch makes of them: outputs, gradients, steps of training.

    python3 exportModels.py FOLDER [NAME …]

Writes NAME.onnx and NAME.json. The random numbers are seeded; all in double precision unless the name says so.
"""

import json
import sys
import warnings

import torch
import torch.nn.functional as F
from torch import nn

warnings.filterwarnings("ignore")


class Block(nn.Module):
    """The block of ResNet-18."""

    def __init__(self, inner, outer, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inner, outer, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outer)
        self.conv2 = nn.Conv2d(outer, outer, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outer)
        plain = stride == 1 and inner == outer
        self.downsample = None if plain else nn.Sequential(nn.Conv2d(inner, outer, 1, stride, bias=False), nn.BatchNorm2d(outer))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    """The shape of ResNet-18 (He et al. 2015) with narrow layers."""

    def __init__(self, width=4, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        layers, inner = [], width
        for k in range(4):
            outer = width * 2**k
            layers.append(nn.Sequential(Block(inner, outer, 1 if k == 0 else 2), Block(outer, outer, 1)))
            inner = outer
        self.layers = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(inner, classes)

    def forward(self, x):
        x = self.layers(self.maxpool(F.relu(self.bn1(self.conv1(x)))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


class Recurrent(nn.Module):
    """Two recurrent layers; the last step is read."""

    def __init__(self, cell, **options):
        super().__init__()
        self.cells = cell(3, 5, 2, batch_first=True, **options)
        self.fc = nn.Linear(10 if options.get("bidirectional") else 5, 2)

    def forward(self, x):
        return self.fc(self.cells(x)[0][:, -1])


class Attention(nn.Module):
    def __init__(self, width, heads, context):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.register_buffer("mask", torch.tril(torch.ones(context, context)).view(1, 1, context, context))

    def forward(self, x):
        batch, time, width = x.size()
        q, k, v = (
            part.view(batch, time, self.heads, width // self.heads).transpose(1, 2)
            for part in self.qkv(x).split(width, dim=2)
        )
        scores = (q @ k.transpose(-2, -1)) * (1.0 / (k.size(-1)) ** 0.5)
        scores = scores.masked_fill(self.mask[:, :, :time, :time] == 0, float("-inf"))
        mixed = (F.softmax(scores, -1) @ v).transpose(1, 2).contiguous().view(batch, time, width)
        return self.proj(mixed)


class GptBlock(nn.Module):
    def __init__(self, width, heads, context):
        super().__init__()
        self.ln1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads, context)
        self.ln2 = nn.LayerNorm(width)
        self.fc = nn.Linear(width, 4 * width)
        self.out = nn.Linear(4 * width, width)

    def forward(self, x):
        x = x + self.attn(self.ln1(x))
        return x + self.out(F.gelu(self.fc(self.ln2(x))))


class Gpt(nn.Module):
    """The shape of GPT-2 (Radford et al. 2019): learnt positions, norms first, the head tied to the embedding."""

    def __init__(self, letters=11, width=8, heads=2, context=16, layers=2):
        super().__init__()
        self.wte = nn.Embedding(letters, width)
        self.wpe = nn.Embedding(context, width)
        self.h = nn.ModuleList([GptBlock(width, heads, context) for _ in range(layers)])
        self.lnf = nn.LayerNorm(width)
        self.head = nn.Linear(width, letters, bias=False)
        self.head.weight = self.wte.weight

    def forward(self, tokens):
        places = torch.arange(0, tokens.size(1)).unsqueeze(0)
        x = self.wte(tokens) + self.wpe(places)
        for block in self.h:
            x = block(x)
        return self.head(self.lnf(x))


class Mixed(nn.Module):
    """Operators of signals: transposed convolution, group norm, interpolation, padding, sums along an axis."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(2, 4, 3, padding=1)
        self.up = nn.ConvTranspose1d(4, 2, 4, 2, 1)
        self.norm = nn.GroupNorm(2, 4)
        self.prelu = nn.PReLU()

    def forward(self, x):
        y = F.avg_pool1d(self.prelu(self.norm(self.conv(x))), 2)
        y = F.pad(F.interpolate(self.up(y), scale_factor=2.0, mode="linear"), (1, 2), mode="reflect")
        y = F.hardtanh(y).clamp(-0.5)
        z = F.normalize(torch.cat([y, y.flip(-1)], 1).roll(1, -1), dim=1)
        z = torch.cumsum(torch.where(z > 0, z, z * 2), -1)
        z = torch.einsum("bct,bdt->bcd", z, z / z.std(dim=-1, keepdim=True))
        return z.masked_fill(torch.eye(4, dtype=torch.bool), 0.0).repeat(1, 2, 1).logsumexp(-1)


class Picture(nn.Module):
    """A small U-Net: pooling of both kinds with open ends, resizing of three kinds, shuffled pixels."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(1, 4, 3, padding=1)
        self.inner = nn.Conv2d(4, 8, 3, padding=1, groups=2)
        self.up = nn.ConvTranspose2d(8, 4, 2, 2)
        self.last = nn.Conv2d(8, 1, 1)

    def forward(self, x):
        a = F.silu(self.down(x))
        b = F.mish(self.inner(F.max_pool2d(a, 2)))
        y = torch.sigmoid(self.last(torch.cat([a, self.up(b)], 1)))
        y = y + F.interpolate(F.avg_pool2d(x, 3, 2, ceil_mode=True, padding=1), size=(8, 8), mode="bilinear")
        y = y + F.interpolate(F.adaptive_avg_pool2d(x, 4), scale_factor=2, mode="nearest")
        y = y + F.interpolate(F.max_pool2d(x, 3, 2, 1, ceil_mode=True), size=(8, 8), mode="bicubic")
        return y + F.pixel_shuffle(torch.cat([F.max_pool2d(x, 2)] * 4, 1), 2)


class Indices(nn.Module):
    """Operators with indices."""

    def forward(self, x):
        best = torch.argmax(x, 1)
        hot = F.one_hot(best, 4).to(x.dtype)
        picked = x.gather(1, best.unsqueeze(1))
        placed = torch.zeros_like(x).scatter(1, best.unsqueeze(1), 1.0)
        changed = x.clone()
        changed[:, 1] = 5
        return torch.cat([hot, picked, placed, x[:, [2, 0]], changed, x.tril(), x[:, 1:].prod(1, keepdim=True)], 1)


def randomize(model):
    """Numbers that make no two weights alike: the exporter joins those that are."""
    with torch.no_grad():
        for name, value in list(model.named_parameters()):
            value.add_(0.1 * torch.randn_like(value))
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.5, 1.5)
    return model


def tensor(value):
    kind = "f32" if value.dtype == torch.float32 else "f64" if value.is_floating_point() else "i32"
    return {"shape": list(value.shape), "dtype": kind, "data": value.detach().flatten().tolist()}


def numbers(*shape, dtype=torch.float64):
    return torch.randn(*shape, dtype=dtype)


def labels(below, *shape):
    return torch.randint(0, below, shape)


single = torch.float32
cases = {
    # name: model, input, targets of classes or None, open axes, export options
    "mlp": lambda: (nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)), numbers(5, 4), labels(3, 5), [0]),
    "mlpF32": lambda: (
        nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)).float(), numbers(5, 4, dtype=single), labels(3, 5), [0]
    ),
    "resnet18": lambda: (ResNet(), numbers(2, 3, 32, 32), labels(10, 2), [0]),
    "lstm": lambda: (Recurrent(nn.LSTM), numbers(4, 6, 3), labels(2, 4), [0, 1]),
    "lstmBoth": lambda: (Recurrent(nn.LSTM, bidirectional=True), numbers(4, 6, 3), labels(2, 4), [0]),
    "gru": lambda: (Recurrent(nn.GRU), numbers(4, 6, 3), labels(2, 4), [0, 1]),
    "rnn": lambda: (Recurrent(nn.RNN), numbers(4, 6, 3), labels(2, 4), [0]),
    "gpt2": lambda: (Gpt(), labels(11, 2, 7), labels(11, 2, 7), [0, 1]),
    "encoder": lambda: (nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), numbers(2, 5, 8), None, []),
    "mixed": lambda: (Mixed(), numbers(2, 2, 8), None, [0]),
    "picture": lambda: (Picture(), numbers(2, 1, 8, 8), None, [0]),
    "indices": lambda: (Indices(), numbers(3, 4), None, []),
}


def write(folder, name):
    torch.manual_seed(len(name))
    model, x, target, axes = cases[name]()
    model = model if name.endswith("F32") else model.double()
    model = randomize(model).eval()
    path = f"{folder}/{name}.onnx"
    sizes = dict(enumerate(["batch", "time"][: len(axes)]))
    torch.onnx.export(
        model, (x,), path,
        input_names=["x"], output_names=["y"], opset_version=17,
        dynamic_axes={"x": sizes} if sizes else None,
        # Norms and weights stay what they are, for training.
        training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False,
    )
    told = {"x": tensor(x), "y": tensor(model(x))}
    if target is not None:
        told["target"] = tensor(target)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
        losses = []
        for step in range(10):
            optimizer.zero_grad()
            y = model(x)
            loss = F.cross_entropy(y.reshape(-1, y.shape[-1]), target.reshape(-1))
            loss.backward()
            if step == 0:
                told["gradients"] = {key: tensor(value.grad) for key, value in model.named_parameters()}
            optimizer.step()
            losses.append(loss.item())
        told["losses"] = losses
        told["trained"] = {key: tensor(value) for key, value in model.named_parameters()}
    with open(f"{folder}/{name}.json", "w") as file:
        json.dump(told, file)


for name in sys.argv[2:] or cases:
    write(sys.argv[1], name)
