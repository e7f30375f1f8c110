"""Writes small files of tensors as PyTorch, NumPy and pickle write them, for the tests of readers.

    python3 docs/peers/tensor_goldens.py data-io/src/test/resources/tensors

`expected.json` says what each file holds. Made with PyTorch 1.13 and NumPy 1.24.
"""

import argparse
import collections
import json
import os
import pickle
import sys

import numpy
import torch

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
torch.manual_seed(0)
expected = {}


def path(name):
    return os.path.join(folder, name)


def describe(value):
    tensor = torch.as_tensor(value)
    numbers = tensor.detach().reshape(-1).double().tolist()
    kind = {
        torch.float64: "F64",
        torch.float32: "F32",
        torch.float16: "F16",
        torch.bfloat16: "BF16",
        torch.int64: "I64",
    }[tensor.dtype]
    return {"type": kind, "shape": list(tensor.shape), "values": numbers}


def expect(name, tensors):
    expected[name] = {key: describe(value) for key, value in tensors.items()}


whole = torch.randn(6, 4)
tensors = collections.OrderedDict(
    [
        ("fp32", torch.randn(2, 3)),
        ("fp16", torch.tensor([0.0, -0.0, 1.5, 6e-8, 65504.0, 1e-4]).half()),
        ("bf16", torch.randn(5).bfloat16()),
        ("fp64", torch.randn(2, 2, dtype=torch.float64)),
        ("int64", torch.arange(4)),
        ("scalar", torch.tensor(2.5)),
        ("empty", torch.zeros(0, 3)),
        ("parameter", torch.nn.Parameter(torch.randn(3))),
        ("part", whole[2:5]),
        ("transposed", whole.t()),
        ("every.second", whole[::2, 1]),
    ]
)
parameter = torch.nn.Parameter(torch.randn(3, 2))
optimizer = torch.optim.AdamW([parameter])
parameter.sum().backward()
optimizer.step()
training = {
    "model": tensors,
    "optimizer": optimizer.state_dict(),
    "epoch": 3,
    "scaler": {"scale": 65536.0, "growth_tracker": 2**70},
    "args": argparse.Namespace(lr=2.4e-3, betas=(0.9, 0.95), name="mae", nothing=None, flags=[1]),
}
for name, value in [("training", training), ("flat", tensors)]:
    for zipped in (True, False):
        file = name + ("-zip.pth" if zipped else "-legacy.pth")
        torch.save(value, path(file), _use_new_zipfile_serialization=zipped)
        expect(file, tensors)
torch.save({"state_dict": dict(tensors)}, path("state-dict.pth"))
expect("state-dict.pth", tensors)
numbers = {"bytes": torch.arange(8, dtype=torch.int64)}
torch.save(numbers, path("int64.pth"))
expect("int64.pth", numbers)

arrays = {
    "fp32": numpy.random.RandomState(0).randn(2, 3).astype("float32"),
    "fp16": numpy.float16([0.5, -2, 1e-7]),
    "fp64": numpy.array([[1.25, 2.5]]),
    "int64": numpy.arange(3),
    "column.major": numpy.asfortranarray(numpy.arange(6, dtype="float32").reshape(2, 3)),
    "scalar": numpy.float32(3.5),
}
numpy.savez(path("arrays.npz"), **arrays)
expect("arrays.npz", {key: torch.tensor(numpy.array(value)) for key, value in arrays.items()})
numpy.savez_compressed(path("compressed.npz"), **arrays)
for protocol in (3, 4, 5):
    name = "detectron-%d.pkl" % protocol
    with open(path(name), "wb") as out:
        pickle.dump(
            {
                "model": {key: numpy.array(value) for key, value in arrays.items()},
                "__author__": "nobody",
                "matching_heuristics": True,
            },
            out,
            protocol=protocol,
        )
    expect(name, {key: torch.tensor(numpy.array(value)) for key, value in arrays.items()})


class Command:
    """What a hostile file would have run."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


hostile = {
    "system": Command(os.system, "touch longmae-was-here"),
    "eval": Command(eval, "1"),
    "torch-load": Command(torch.load, "other.pth"),
    "module": torch.nn.Linear(1, 1),
}
for name, value in hostile.items():
    for zipped in (True, False):
        file = "hostile-%s-%s.pth" % (name, "zip" if zipped else "legacy")
        saved = {"model": {"fp32": torch.ones(1)}, "args": value}
        torch.save(saved, path(file), _use_new_zipfile_serialization=zipped)
with open(path("expected.json"), "w") as out:
    json.dump(expected, out)
