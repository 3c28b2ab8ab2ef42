"""Values and derivatives of activations over ordinary points, the kinks and the tails."""

import torch
import torch.nn.functional as F

from fixture import Fixture, PRECISIONS


def activation_fixture():
    fixture = Fixture("activations")
    points = torch.tensor([-60, -20, -6, -3.25, -3, -1.5, -1, -0.5, -0.125, 0, 0.125, 0.5, 1, 1.5, 3, 3.25, 6, 20, 60]).double()

    def add(name, activation, options, function, x=points):
        fixture.case(name, activation=activation, options=options)
        for label, dtype in PRECISIONS.items():
            at = x.to(dtype, copy=True).requires_grad_(True)
            value = function(at)
            # Weights that differ, for those that act on rows.
            factors = torch.linspace(-1, 2, value.numel(), dtype=dtype).reshape(value.shape)
            (value * factors).sum().backward()
            for key, tensor in {"x": at, "value": value, "factors": factors, "gradient": at.grad}.items():
                fixture.put(name + "/" + label + "/" + key, tensor)

    add("sigmoid", "sigmoid", {}, torch.sigmoid)
    add("tanh", "tanh", {}, torch.tanh)
    add("relu", "relu", {"atZero": 0}, torch.relu)
    add("leakyRelu", "leakyRelu", {"atZero": 0}, F.leaky_relu)
    add("leakyRelu 0.2", "leakyRelu", {"atZero": 0, "alpha": 0.2}, lambda x: F.leaky_relu(x, 0.2))
    add("elu", "elu", {}, F.elu)
    add("elu 0.5", "elu", {"atZero": 0, "alpha": 0.5}, lambda x: F.elu(x, 0.5))
    add("selu", "selu", {"atZero": 0}, F.selu)
    add("gelu", "gelu", {}, F.gelu)
    add("gelu tanh", "gelu", {"approximate": "tanh"}, lambda x: F.gelu(x, approximate="tanh"))
    add("silu", "silu", {}, F.silu)
    add("mish", "mish", {}, F.mish)
    add("softplus", "softplus", {}, F.softplus, points[4:-3])
    add("softsign", "softsign", {}, F.softsign)
    add("logSigmoid", "logSigmoid", {}, F.logsigmoid)
    inside = points[(points.abs() != 1) & (points.abs() != 3)]
    add("hardTanh", "hardTanh", {}, F.hardtanh, inside)
    add("hardSigmoid", "hardSigmoid", {}, F.hardsigmoid, inside)
    rows = points[1:].reshape(3, 6) / 8
    add("softmax", "softmax", {}, lambda x: torch.softmax(x, -1), rows)
    add("logSoftmax", "logSoftmax", {}, lambda x: torch.log_softmax(x, -1), rows)
    fixture.write()
