"""Writes the fixtures of the parity tests with Debian's PyTorch: python3 make.py."""

import torch

from activations import activation_fixture
from layers import layer_fixture
from losses import loss_fixture
from optimizers import optimizer_fixture
from schedules import schedule_fixture
from training import training_fixture

if __name__ == "__main__":
    torch.set_num_threads(1)
    loss_fixture()
    activation_fixture()
    optimizer_fixture()
    schedule_fixture()
    layer_fixture()
    training_fixture()
