"""Learning rates of the first steps of every schedule."""

import torch

from fixture import Fixture, Numbers

STEPS = 40


def schedule_fixture():
    fixture = Fixture("schedules")
    s = torch.optim.lr_scheduler

    def rule(rate=0.2):
        p = torch.nn.Parameter(torch.zeros(1).double())
        p.grad = torch.zeros(1).double()
        return torch.optim.SGD([p], lr=rate)

    def add(name, schedule, options, make, steps=STEPS):
        optimizer = rule()
        scheduler = make(optimizer)
        rates = []
        for _ in range(steps):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        fixture.case(name, schedule=schedule, rate=0.2, options=options)
        fixture.put(name, torch.tensor(rates, dtype=torch.float64))

    add("stepDecay", "stepDecay", {"every": 7}, lambda o: s.StepLR(o, 7))
    add("stepDecay half", "stepDecay", {"every": 10, "factor": 0.5}, lambda o: s.StepLR(o, 10, gamma=0.5))
    add("dropsAt", "dropsAt", {"steps": [3, 10, 25], "factor": 0.3}, lambda o: s.MultiStepLR(o, [3, 10, 25], gamma=0.3))
    add("exponentialDecay", "exponentialDecay", {"factor": 0.93}, lambda o: s.ExponentialLR(o, 0.93))
    # Beyond its period PyTorch's cosine rises again; ours stays.
    add("cosineDecay", "cosineDecay", {"steps": 30}, lambda o: s.CosineAnnealingLR(o, 30), 31)
    add("cosineDecay end", "cosineDecay", {"steps": 30, "end": 0.05}, lambda o: s.CosineAnnealingLR(o, 30, eta_min=0.05), 31)
    add("linearDecay", "linearDecay", {"steps": 20, "end": 0.02}, lambda o: s.LinearLR(o, 1.0, 0.1, 20))
    add("warmup", "warmup", {"steps": 8, "from": 0.25}, lambda o: s.LinearLR(o, 0.25, 1.0, 8))
    both = lambda o: s.SequentialLR(o, [s.LinearLR(o, 0.1, 1.0, 5), s.CosineAnnealingLR(o, 25)], [5])
    add("warmup cosine", "warmup", {"steps": 5, "from": 0.1, "then": {"steps": 25}}, both, 30)

    measured = (1 / (1 + torch.arange(12).double())).tolist() + Numbers(3).uniform(48, low=0.05, high=0.2).tolist()
    for name, options, own in [
        ("plateau", {"patience": 3}, {"patience": 3}),
        ("plateau cooldown", {"patience": 2, "factor": 0.5, "cooldown": 4, "least": 0.01}, {"patience": 2, "factor": 0.5, "cooldown": 4, "min_lr": 0.01}),
        ("plateau max", {"patience": 4, "mode": "max", "threshold": 0.1}, {"patience": 4, "mode": "max", "threshold": 0.1}),
    ]:
        optimizer = rule()
        scheduler = s.ReduceLROnPlateau(optimizer, eps=0, **own)
        rates = []
        for value in measured:
            scheduler.step(value)
            rates.append(optimizer.param_groups[0]["lr"])
        fixture.case(name, schedule="plateau", rate=0.2, options=options)
        fixture.put(name, torch.tensor(rates, dtype=torch.float64))
    fixture.put("measured", torch.tensor(measured, dtype=torch.float64))
    fixture.write()
