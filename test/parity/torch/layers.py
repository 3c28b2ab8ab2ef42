"""Values and gradients of layers; weights under PyTorch's names, in PyTorch's layout."""

import torch
import torch.nn.functional as F
from torch import nn

from fixture import Fixture, Numbers, PRECISIONS


def layer_fixture():
    fixture = Fixture("layers")
    numbers = Numbers(4)

    def add(name, layer, options, module, x, call=None, after=(), **facts):
        """`call` gives the value; gradients are those of its sum, weighted by `factors`."""
        for key, tensor in module.named_parameters():
            tensor.data = numbers.normal(*tensor.shape, scale=0.5)
        state = {key: value.clone() for key, value in module.state_dict().items()}
        factors = None
        fixture.case(name, layer=layer, options=options, weights=[key for key, _ in module.named_parameters()], **facts)
        for label, dtype in PRECISIONS.items():
            module.load_state_dict(state)
            module.to(dtype).train()
            at = x if x.dtype == torch.int64 else x.to(dtype, copy=True).requires_grad_(True)
            value = call(module, at) if call is not None else module(at)
            if factors is None:
                factors = numbers.normal(*value.shape)
            module.zero_grad()
            (value * factors.to(dtype)).sum().backward()
            put = lambda key, tensor: fixture.put(name + "/" + label + "/" + key, tensor)
            put("x", at)
            put("factors", factors.to(dtype))
            put("value", value)
            if at.requires_grad:
                put("gradient", at.grad)
            for key, tensor in module.named_parameters():
                put("weights/" + key, tensor)
                put("gradients/" + key, tensor.grad)
            for key in after:
                put("after/" + key, module.state_dict()[key])
            if after:
                module.eval()
                put("evaluated", call(module, at) if call is not None else module(at))
        module.double()

    normal = numbers.normal
    add("dense", "dense", {}, nn.Linear(4, 3), normal(5, 4))
    add("dense without bias", "dense", {"bias": False}, nn.Linear(4, 3, bias=False), normal(2, 5, 4))

    add("conv1d", "conv1d", {}, nn.Conv1d(2, 3, 3), normal(2, 2, 7))
    add("conv1d strided", "conv1d", {"stride": 2, "padding": 2, "dilation": 2}, nn.Conv1d(2, 4, 3, stride=2, padding=2, dilation=2), normal(2, 2, 9))
    add("conv1d groups", "conv1d", {"groups": 2}, nn.Conv1d(4, 6, 2, groups=2, bias=False), normal(2, 4, 5))
    add("conv2d", "conv2d", {}, nn.Conv2d(2, 3, 3), normal(2, 2, 5, 6))
    add("conv2d padded", "conv2d", {"stride": 2, "padding": 1}, nn.Conv2d(3, 2, 3, stride=2, padding=1), normal(2, 3, 6, 5))
    add("conv2d oblong", "conv2d", {"stride": [1, 2], "padding": [1, 0], "dilation": [2, 1]}, nn.Conv2d(2, 2, (2, 3), stride=(1, 2), padding=(1, 0), dilation=(2, 1)), normal(2, 2, 5, 7))
    add("conv2d depthwise", "conv2d", {"groups": 3, "padding": 1}, nn.Conv2d(3, 6, 3, groups=3, padding=1), normal(1, 3, 4, 4))
    add("convTranspose1d", "convTranspose1d", {"stride": 2, "padding": 1, "outputPadding": 1}, nn.ConvTranspose1d(3, 2, 3, stride=2, padding=1, output_padding=1), normal(2, 3, 5))
    add("convTranspose2d", "convTranspose2d", {}, nn.ConvTranspose2d(2, 3, 3), normal(2, 2, 3, 4))
    add("convTranspose2d strided", "convTranspose2d", {"stride": 2, "padding": 1, "outputPadding": 1}, nn.ConvTranspose2d(2, 3, 3, stride=2, padding=1, output_padding=1), normal(2, 2, 3, 3))

    average = nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False)
    add("averagePool2d of what is there", "averagePool2d", {"size": 3, "stride": 2, "padding": 1, "countPadding": False}, average, normal(2, 2, 5, 5))
    add("maxPool1d", "maxPool1d", {"size": 2}, nn.MaxPool1d(2), normal(2, 3, 6))
    add("maxPool2d", "maxPool2d", {"size": 2}, nn.MaxPool2d(2), normal(2, 2, 4, 6))
    add("maxPool2d overlapping", "maxPool2d", {"size": 3, "stride": 2, "padding": 1}, nn.MaxPool2d(3, stride=2, padding=1), normal(2, 2, 5, 5))
    add("averagePool1d", "averagePool1d", {"size": 3}, nn.AvgPool1d(3), normal(2, 2, 9))
    add("averagePool2d", "averagePool2d", {"size": 2}, nn.AvgPool2d(2), normal(2, 2, 4, 4))
    add("averagePool2d overlapping", "averagePool2d", {"size": 3, "stride": 2, "padding": 1, "countPadding": True}, nn.AvgPool2d(3, stride=2, padding=1), normal(2, 2, 5, 5))
    add("upsample1d", "upsample1d", {"factor": 3}, nn.Upsample(scale_factor=3), normal(2, 2, 4))
    add("upsample2d", "upsample2d", {"factor": 2}, nn.Upsample(scale_factor=2), normal(2, 2, 3, 2))

    add("embedding", "embedding", {}, nn.Embedding(7, 3), numbers.integers(7, 2, 5))
    add("layerNorm", "layerNorm", {}, nn.LayerNorm(4), normal(3, 2, 4))
    add("layerNorm with a large epsilon", "layerNorm", {"epsilon": 0.1}, nn.LayerNorm(4, eps=0.1), normal(3, 4))
    running = ["running_mean", "running_var"]
    add("batchNorm", "batchNorm", {}, nn.BatchNorm1d(3), normal(6, 3), after=running)
    add("batchNorm of images", "batchNorm", {"momentum": 0.3}, nn.BatchNorm2d(2, momentum=0.3), normal(3, 2, 2, 3), after=running)
    add("groupNorm", "groupNorm", {"groups": 2}, nn.GroupNorm(2, 4), normal(2, 4, 3))

    sequence = lambda module, x: module(x)[0]
    add("rnn", "rnn", {}, nn.RNN(3, 4, batch_first=True), normal(2, 5, 3), sequence)
    add("gru", "gru", {}, nn.GRU(3, 4, batch_first=True), normal(2, 5, 3), sequence)
    add("lstm", "lstm", {}, nn.LSTM(3, 4, batch_first=True), normal(2, 5, 3), sequence)

    causal = torch.triu(torch.ones(4, 4, dtype=torch.bool), diagonal=1)
    attention = lambda mask: lambda module, x: module(x, x, x, attn_mask=mask, need_weights=False)[0]
    heads = lambda: nn.MultiheadAttention(6, 2, batch_first=True)
    add("attention", "multiHeadAttention", {"heads": 2}, heads(), normal(2, 4, 6), attention(None))
    add("attention causal", "multiHeadAttention", {"heads": 2, "causal": True}, heads(), normal(2, 4, 6), attention(causal))
    add("attention of one head", "selfAttention", {}, nn.MultiheadAttention(5, 1, batch_first=True), normal(2, 3, 5), attention(None))

    def block(first, activation):
        return nn.TransformerEncoderLayer(6, 2, 8, dropout=0.0, activation=activation, batch_first=True, norm_first=first)

    masked = lambda module, x: module(x, src_mask=causal)
    add("transformer block, norms after", "transformerBlock", {"heads": 2, "hidden": 8, "norm": "after", "activation": "relu"}, block(False, "relu"), normal(2, 4, 6))
    add("transformer block, norms before", "transformerBlock", {"heads": 2, "hidden": 8, "norm": "before", "activation": "gelu", "causal": True}, block(True, "gelu"), normal(2, 4, 6), masked)
    encoder = nn.TransformerEncoder(block(True, "relu"), 2, norm=nn.LayerNorm(6))
    add("encoder", "encoder", {"depth": 2, "heads": 2, "hidden": 8, "activation": "relu"}, encoder, normal(2, 4, 6))
    memory = normal(2, 3, 6)
    decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(6, 2, 8, dropout=0.0, activation="gelu", batch_first=True, norm_first=True), 2, norm=nn.LayerNorm(6))
    across = lambda module, x: module(x, memory.to(x.dtype), tgt_mask=causal)
    add("decoder", "decoder", {"depth": 2, "heads": 2, "hidden": 8, "activation": "gelu"}, decoder, normal(2, 4, 6), across)
    fixture.put("decoder/memory", memory)

    add("lstm both ways", "bidirectional", {}, nn.LSTM(3, 4, batch_first=True, bidirectional=True), normal(2, 5, 3), sequence)
    first = [normal(1, 2, 4), normal(1, 2, 4)]

    def goes_on(module, x):
        """Outputs of all steps, and the states after the last, one below the other."""
        y, (h, c) = module(x, tuple(state.to(x.dtype) for state in first))
        return torch.cat([y, h.transpose(0, 1), c.transpose(0, 1)], 1)

    add("lstm from states", "lstmFrom", {}, nn.LSTM(3, 4, batch_first=True), normal(2, 5, 3), goes_on)
    fixture.put("lstmFrom/state", first[0][0])
    fixture.put("lstmFrom/cell", first[1][0])
    fixture.write()
