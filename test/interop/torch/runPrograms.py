"""Runs exported programs: each with its inputs, forward and, where asked, backward from the sum of its result."""

import importlib.util
import json
import sys
import warnings

import torch

warnings.simplefilter("ignore")
torch.set_num_threads(1)
TYPES = {"f64": torch.float64, "f32": torch.float32, "i32": torch.int32, "bool": torch.bool}


def numbers(x):
    return [str(one) for one in x.detach().to(torch.float64).reshape(-1).tolist()]


def run(folder, case):
    spec = importlib.util.spec_from_file_location("exported", f"{folder}/{case['module']}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    inputs = []
    for one in case["inputs"]:
        data = [float(text) for text in one["data"]]
        x = torch.tensor(data, dtype=torch.float64).to(TYPES[one["dtype"]]).reshape(one["shape"])
        inputs.append(x.requires_grad_(case["backward"] and x.is_floating_point()))
    results = module.program(*inputs)
    out = {"values": {name: numbers(x) for name, x in results.items()}}
    out["types"] = {name: str(x.dtype) for name, x in results.items()}
    out["shapes"] = {name: list(x.shape) for name, x in results.items()}
    if case["backward"]:
        total = next(iter(results.values())).sum()
        wanted = [x for x in inputs if x.requires_grad]
        if total.requires_grad:
            grads = torch.autograd.grad(total, wanted, allow_unused=True)
        else:
            grads = [None] * len(wanted)
        out["gradients"] = [
            numbers(torch.zeros_like(x) if grad is None else grad) for x, grad in zip(wanted, grads)
        ]
    return out


folder = sys.argv[1]
with open(f"{folder}/cases.json") as file:
    cases = json.load(file)
results = []
for case in cases:
    try:
        results.append(run(folder, case))
    except Exception as error:
        results.append({"error": f"{type(error).__name__}: {error}"})
with open(f"{folder}/results.json", "w") as file:
    json.dump(results, file)
