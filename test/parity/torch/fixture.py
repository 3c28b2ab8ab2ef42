"""A file of cases for the parity tests: tensors in safetensors, what they mean in its metadata."""

import json
import os
import struct

import torch

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures")

TYPES = {torch.float64: "F64", torch.float32: "F32", torch.int64: "I32", torch.int32: "I32"}

PRECISIONS = {"f64": torch.float64, "f32": torch.float32}


class Fixture:
    """Cases by name; tensors are called `case/dtype/name`, or `case/name` where there is one type."""

    def __init__(self, name):
        self.name = name
        self.cases = []
        self.tensors = {}

    def case(self, name, **facts):
        if any(case["name"] == name for case in self.cases):
            raise ValueError("case " + name + " exists")
        self.cases.append({"name": name, **facts})

    def put(self, name, tensor):
        tensor = tensor.detach().contiguous()
        self.tensors[name] = tensor.to(torch.int32) if tensor.dtype == torch.int64 else tensor.clone()

    def write(self):
        header = {
            "__metadata__": {
                "origin": "PyTorch " + torch.__version__ + " (Debian python3-torch), test/parity/torch/make.py",
                "cases": json.dumps(self.cases),
            }
        }
        chunks = []
        offset = 0
        for name, tensor in sorted(self.tensors.items()):
            data = tensor.numpy().tobytes()
            header[name] = {
                "dtype": TYPES[tensor.dtype],
                "shape": list(tensor.shape),
                "data_offsets": [offset, offset + len(data)],
            }
            chunks.append(data)
            offset += len(data)
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        path = os.path.join(FOLDER, self.name + ".safetensors")
        with open(path, "wb") as file:
            file.write(struct.pack("<Q", len(text)) + text + b"".join(chunks))
        print(self.name, len(self.cases), "cases,", offset + len(text) + 8, "bytes")


class Numbers:
    """Random numbers that single precision holds, so that both precisions meet the same."""

    def __init__(self, seed):
        self.generator = torch.Generator().manual_seed(seed)

    def normal(self, *shape, scale=1.0):
        return (torch.randn(*shape, generator=self.generator) * scale).float().double()

    def uniform(self, *shape, low=0.0, high=1.0):
        return (torch.rand(*shape, generator=self.generator) * (high - low) + low).float().double()

    def integers(self, high, *shape):
        return torch.randint(0, high, shape, generator=self.generator)

    def distribution(self, *shape):
        values = self.uniform(*shape, low=0.05, high=1.0)
        return values / values.sum(-1, keepdim=True)
