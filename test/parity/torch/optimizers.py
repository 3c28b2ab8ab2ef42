"""Twenty steps of every optimizer, gradients depending on the parameters."""

import torch

from fixture import Fixture, Numbers, PRECISIONS

STEPS = 20

# The gradient of step k is this times the parameter, plus noise k.
PULL = 0.3


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, algorithm 2; PyTorch 1.13 has none."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            first, second = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                c = first * m + (1 - first) * p.grad
                p.sub_(group["lr"] * (c.sign() + group["weight_decay"] * p))
                self.state[p]["m"] = second * m + (1 - second) * p.grad


def optimizer_fixture():
    fixture = Fixture("optimizers")
    numbers = Numbers(2)
    starts = {"a": numbers.normal(3, 2), "b": numbers.normal(4)}
    noise = {name: numbers.normal(STEPS, *start.shape) for name, start in starts.items()}
    for label, dtype in PRECISIONS.items():
        for name in starts:
            fixture.put("start/" + label + "/" + name, starts[name].to(dtype))
            fixture.put("noise/" + label + "/" + name, noise[name].to(dtype))

    def add(name, optimizer, options, make, clip=None, batches=1, transform=None):
        fixture.case(name, optimizer=optimizer, options=options, pull=PULL, batches=batches, transform=transform)
        for label, dtype in PRECISIONS.items():
            parameters = {key: torch.nn.Parameter(start.to(dtype, copy=True)) for key, start in starts.items()}
            rule = make(list(parameters.values()))
            history = {key: [] for key in starts}
            for step in range(STEPS):
                for key, p in parameters.items():
                    gradient = PULL * p.detach() + noise[key][step].to(dtype)
                    p.grad = gradient if p.grad is None else p.grad + gradient
                if (step + 1) % batches == 0:
                    for p in parameters.values():
                        p.grad /= batches
                    if clip is not None:
                        clip(list(parameters.values()))
                    rule.step()
                    rule.zero_grad(set_to_none=True)
                for key, p in parameters.items():
                    history[key].append(p.detach().clone())
            for key, values in history.items():
                fixture.put(name + "/" + label + "/" + key, torch.stack(values))

    o = torch.optim
    add("gradientDescent", "gradientDescent", {"rate": 0.1}, lambda p: o.SGD(p, lr=0.1))
    add("gradientDescent decay", "gradientDescent", {"rate": 0.1, "weightDecay": 0.05}, lambda p: o.SGD(p, lr=0.1, weight_decay=0.05))
    add("momentum", "momentum", {"rate": 0.05}, lambda p: o.SGD(p, lr=0.05, momentum=0.9))
    add("momentum decay", "momentum", {"rate": 0.05, "momentum": 0.8, "weightDecay": 0.02}, lambda p: o.SGD(p, lr=0.05, momentum=0.8, weight_decay=0.02))
    add("nesterov", "nesterov", {"rate": 0.05}, lambda p: o.SGD(p, lr=0.05, momentum=0.9, nesterov=True))
    add("nesterov decay", "nesterov", {"rate": 0.05, "momentum": 0.7, "weightDecay": 0.02}, lambda p: o.SGD(p, lr=0.05, momentum=0.7, weight_decay=0.02, nesterov=True))
    add("adagrad", "adagrad", {"rate": 0.1}, lambda p: o.Adagrad(p, lr=0.1))
    add("adagrad initial", "adagrad", {"initial": 0.1, "weightDecay": 0.05, "epsilon": 1e-6}, lambda p: o.Adagrad(p, initial_accumulator_value=0.1, weight_decay=0.05, eps=1e-6))
    add("rmsprop", "rmsprop", {"rate": 0.01}, lambda p: o.RMSprop(p, lr=0.01))
    add("rmsprop momentum", "rmsprop", {"decay": 0.9, "momentum": 0.5, "weightDecay": 0.01}, lambda p: o.RMSprop(p, alpha=0.9, momentum=0.5, weight_decay=0.01))
    add("rmsprop centered", "rmsprop", {"decay": 0.9, "momentum": 0.5, "centered": True, "epsilon": 1e-3}, lambda p: o.RMSprop(p, alpha=0.9, momentum=0.5, centered=True, eps=1e-3))
    add("adam", "adam", {}, lambda p: o.Adam(p))
    add("adam decay", "adam", {"rate": 0.05, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-4, "weightDecay": 0.1}, lambda p: o.Adam(p, lr=0.05, betas=(0.8, 0.95), eps=1e-4, weight_decay=0.1))
    add("adamw", "adamw", {"rate": 0.02}, lambda p: o.AdamW(p, lr=0.02))
    add("adamw decay", "adamw", {"rate": 0.05, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-4, "weightDecay": 0.1}, lambda p: o.AdamW(p, lr=0.05, betas=(0.8, 0.95), eps=1e-4, weight_decay=0.1))
    add("lion", "lion", {"rate": 0.01}, lambda p: Lion(p, lr=0.01))
    add("lion decay", "lion", {"rate": 0.02, "beta1": 0.8, "beta2": 0.9, "weightDecay": 0.1}, lambda p: Lion(p, lr=0.02, betas=(0.8, 0.9), weight_decay=0.1))
    values = lambda p: torch.nn.utils.clip_grad_value_(p, 0.5)
    add("clip value", "gradientDescent", {"rate": 0.1}, lambda p: o.SGD(p, lr=0.1), clip=values, transform={"value": 0.5})
    norms = lambda p: torch.nn.utils.clip_grad_norm_(p, 1.5)
    add("clip norm", "adam", {"rate": 0.1}, lambda p: o.Adam(p, lr=0.1), clip=norms, transform={"norm": 1.5})
    add("accumulate", "adam", {"rate": 0.1}, lambda p: o.Adam(p, lr=0.1), batches=4)
    lbfgs(fixture, numbers)
    fixture.write()


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def lbfgs(fixture, numbers):
    """Points of L-BFGS, one iteration a step."""
    factor = numbers.normal(6, 6)
    matrix = factor @ factor.T + 0.5 * torch.eye(6).double()
    center = numbers.normal(6)
    fixture.put("quadratic/matrix", matrix)
    fixture.put("quadratic/center", center)
    quadratic = lambda x: 0.5 * (x - center) @ matrix @ (x - center)
    for name, function, start, options in [
        ("lbfgs quadratic", quadratic, torch.zeros(6).double(), {"rate": 0.3, "lineSearch": "none", "history": 4}),
        ("lbfgs rosenbrock", rosenbrock, torch.tensor([-0.5, 0.4, 0.3]).double(), {"rate": 0.05, "lineSearch": "none", "history": 5}),
        ("lbfgs searched", rosenbrock, torch.tensor([-1.2, 1.0]).double(), {"lineSearch": "strongWolfe", "history": 10}),
    ]:
        searched = "strong_wolfe" if options["lineSearch"] == "strongWolfe" else None
        x = torch.nn.Parameter(start.clone())
        rule = torch.optim.LBFGS([x], lr=options.get("rate", 1), max_iter=1, history_size=options["history"], line_search_fn=searched)
        evaluations = 0

        def closure():
            nonlocal evaluations
            evaluations += 1
            rule.zero_grad()
            loss = function(x)
            loss.backward()
            return loss

        points = []
        for _ in range(20 if searched is None else 60):
            rule.step(closure)
            points.append(x.detach().clone())
        fixture.case(name, optimizer="lbfgs", options=options, evaluations=evaluations)
        fixture.put(name + "/start", start)
        fixture.put(name + "/points", torch.stack(points))
