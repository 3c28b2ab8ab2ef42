"""Values and gradients of losses."""

import torch
import torch.nn.functional as F

from fixture import Fixture, Numbers, PRECISIONS


def classes_second(values):
    """PyTorch wants classes on axis 1; these files have them last."""
    return values.movedim(-1, 1) if values.dim() > 1 else values


def loss_fixture():
    fixture = Fixture("losses")
    numbers = Numbers(1)

    def add(name, loss, options, function, output, target):
        fixture.case(name, loss=loss, options=options)
        for label, dtype in PRECISIONS.items():
            x = output.to(dtype, copy=True).requires_grad_(True)
            t = target if target.dtype == torch.int64 else target.to(dtype)
            value = function(x, t, dtype)
            value.sum().backward()
            for key, tensor in {"output": x, "target": t, "value": value, "gradient": x.grad}.items():
                fixture.put(name + "/" + label + "/" + key, tensor)

    def reductions(loss, function, output, target):
        for reduction in ["mean", "sum", "none"]:
            add(loss + " " + reduction, loss, {"reduction": reduction}, lambda x, t, _, r=reduction: function(x, t, r), output, target)

    y, t = numbers.normal(5, 3), numbers.normal(5, 3)
    reductions("mse", lambda x, t, r: F.mse_loss(x, t, reduction=r), y, t)
    reductions("mae", lambda x, t, r: F.l1_loss(x, t, reduction=r), y, t)
    reductions("huber", lambda x, t, r: F.huber_loss(x, t, reduction=r), y, t)
    add("huber 0.4", "huber", {"delta": 0.4}, lambda x, t, _: F.huber_loss(x, t, delta=0.4), y, t)
    add("half", "halfSquaredError", {}, lambda x, t, _: 0.5 * F.mse_loss(x, t, reduction="sum"), y, t)
    half = lambda x, t, _: 0.5 * F.mse_loss(x, t, reduction="none").sum(-1)
    add("half none", "halfSquaredError", {"reduction": "none"}, half, y, t)

    x, labels = numbers.normal(6, 4, scale=3), numbers.integers(4, 6)
    labels[2] = 1
    weights = [0.5, 2.0, 1.0, 0.25]
    spread = numbers.distribution(6, 4)
    sequence, words = numbers.normal(3, 5, 4, scale=2), numbers.integers(4, 3, 5)

    def entropy(x, t, dtype, **options):
        if "weight" in options:
            options["weight"] = torch.tensor(options["weight"], dtype=dtype)
        if t.dtype != torch.int64:
            t = classes_second(t)
        return F.cross_entropy(classes_second(x), t, **options)

    reductions("crossEntropy", lambda x, t, r: F.cross_entropy(x, t, reduction=r), x, labels)
    torch_names = {"weights": "weight", "labelSmoothing": "label_smoothing", "ignoreIndex": "ignore_index", "reduction": "reduction"}
    for title, options, output, target in [
        ("weights", {"weights": weights}, x, labels),
        ("weights none", {"weights": weights, "reduction": "none"}, x, labels),
        ("smoothing", {"labelSmoothing": 0.1}, x, labels),
        ("weights smoothing", {"weights": weights, "labelSmoothing": 0.2}, x, labels),
        ("ignore", {"ignoreIndex": 1}, x, labels),
        ("ignore weights smoothing", {"ignoreIndex": 1, "weights": weights, "labelSmoothing": 0.2}, x, labels),
        ("ignore sum", {"ignoreIndex": 1, "reduction": "sum"}, x, labels),
        ("sequence", {}, sequence, words),
        ("sequence ignore", {"ignoreIndex": 0, "weights": weights}, sequence, words),
        ("distribution", {}, x, spread),
        ("distribution weights smoothing", {"weights": weights, "labelSmoothing": 0.3}, x, spread),
        ("distribution sequence", {"weights": weights}, sequence, numbers.distribution(3, 5, 4)),
    ]:
        own = {torch_names[key]: value for key, value in options.items()}
        add("crossEntropy " + title, "crossEntropy", options, lambda x, t, d, own=own: entropy(x, t, d, **own), output, target)

    logs = torch.log_softmax(x, -1)
    weighted = lambda d: torch.tensor(weights, dtype=d)
    add("nll", "nll", {}, lambda x, t, _: F.nll_loss(x, t), logs, labels)
    add("nll weights", "nll", {"weights": weights}, lambda x, t, d: F.nll_loss(x, t, weight=weighted(d)), logs, labels)
    add("nll ignore", "nll", {"ignoreIndex": 1}, lambda x, t, _: F.nll_loss(x, t, ignore_index=1), logs, labels)
    p = numbers.distribution(6, 4)
    name = "crossEntropyFromProbabilities"
    add(name, name, {}, lambda x, t, _: F.nll_loss(x.log(), t), p, labels)
    add(name + " distribution", name, {}, lambda x, t, _: -(t * x.log()).sum(-1).mean(), p, spread)

    z, b = numbers.normal(7, 2, scale=4), numbers.integers(2, 7, 2).double()
    soft = numbers.uniform(7, 2)
    reductions("bceWithLogits", lambda x, t, r: F.binary_cross_entropy_with_logits(x, t, reduction=r), z, b)
    add("bceWithLogits soft", "bceWithLogits", {}, lambda x, t, _: F.binary_cross_entropy_with_logits(x, t), z, soft)
    positive = lambda x, t, d: F.binary_cross_entropy_with_logits(x, t, pos_weight=torch.tensor(2.5, dtype=d))
    add("bceWithLogits positive", "bceWithLogits", {"positiveWeight": 2.5}, positive, z, soft)
    smooth = lambda x, t, _: F.binary_cross_entropy_with_logits(x, t * 0.8 + 0.1)
    add("bceWithLogits smoothing", "bceWithLogits", {"labelSmoothing": 0.2}, smooth, z, b)
    q = numbers.uniform(7, 2, low=0.01, high=0.99)
    reductions("bce", lambda x, t, r: F.binary_cross_entropy(x, t, reduction=r), q, b)
    add("bce soft", "bce", {}, lambda x, t, _: F.binary_cross_entropy(x, t), q, soft)

    add("kl", "klDivergence", {}, lambda x, t, _: F.kl_div(x, t, reduction="batchmean"), logs, spread)
    add("kl none", "klDivergence", {"reduction": "none"}, lambda x, t, _: F.kl_div(x, t, reduction="none").sum(-1), logs, spread)
    kl = lambda x, t, _: F.kl_div(x, t, reduction="batchmean", log_target=True)
    add("kl log", "klDivergence", {"logTarget": True}, kl, logs, spread.log())

    signs = numbers.integers(2, 6, 3).double() * 2 - 1
    h = numbers.normal(6, 3, scale=2)
    reductions("hinge", lambda x, t, r: reduced((1 - x * t).clamp(min=0), r), h, signs)
    add("hinge squared", "hinge", {"squared": True, "margin": 0.5}, lambda x, t, _: (0.5 - x * t).clamp(min=0).square().mean(), h, signs)
    reductions("multiclassHinge", lambda x, t, r: F.multi_margin_loss(x, t, reduction=r), x, labels)
    multi = lambda x, t, _: F.multi_margin_loss(x, t, p=2, margin=0.7)
    add("multiclassHinge squared", "multiclassHinge", {"squared": True, "margin": 0.7}, multi, x, labels)
    ones = lambda x: torch.ones(x.shape[0], dtype=x.dtype)
    reductions("cosineLoss", lambda x, t, r: F.cosine_embedding_loss(x, t, ones(x), reduction=r), y, t)
    fixture.write()


def reduced(values, reduction):
    return {"mean": values.mean, "sum": values.sum, "none": lambda: values}[reduction]()
