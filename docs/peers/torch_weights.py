"""Reads exports of one run as NumPy and PyTorch read them, and writes PyTorch files for `import`.

    for format in full timm huggingface detectron2 npz; do
      longmae export --run RUN --format $format --out exports/$format
    done
    python3 docs/peers/torch_weights.py exports
    longmae import --weights exports/pth/training-fp32-zip.pth … --out imported

Exports must agree bit for bit where they hold the same tensors. `exports/pth` then has what training
with PyTorch leaves: the weights under `model` beside optimiser state and arguments, in both of its
formats and three types.
"""

import argparse
import os
import pickle
import sys

import numpy
import torch

from torch_parity import read

folder = sys.argv[1]


def path(*names):
    return os.path.join(folder, *names)


def same(one, other, names):
    for name in names:
        a, b = numpy.asarray(one[name]), numpy.asarray(other[name])
        assert a.dtype == b.dtype and a.shape == b.shape and (a == b).all(), name


full = read(path("full", "model.safetensors"))
npz = numpy.load(path("npz", "model.npz"))
assert sorted(npz.files) == sorted(full)
same(full, npz, full)
with open(path("detectron2", "model.pkl"), "rb") as file:
    pkl = pickle.load(file)
assert pkl["__author__"] == "LongMAE" and pkl["matching_heuristics"] is True
same(full, pkl["model"], pkl["model"])
timm = read(path("timm", "model.safetensors"))
same(full, timm, timm)
assert set(timm) - set(pkl["model"]) == {"norm.weight", "norm.bias"}
hf = read(path("huggingface", "model.safetensors"))
qkv = torch.cat(
    [hf["vit.encoder.layer.0.attention.attention.%s.weight" % x] for x in ("query", "key", "value")]
)
assert (qkv == full["blocks.0.attn.qkv.weight"]).all()
elements = [sum(t.numel() for t in tensors.values()) for tensors in (full, hf)]
assert elements[0] == elements[1]

os.makedirs(path("pth"), exist_ok=True)
for kind in ("float32", "float16", "bfloat16"):
    tensors = {name: tensor.to(getattr(torch, kind)) for name, tensor in full.items()}
    training = {
        "model": tensors,
        "optimizer": {"state": {0: {"step": torch.tensor(1.0)}}, "param_groups": [{"lr": 1e-3}]},
        "epoch": 7,
        "scaler": None,
        "args": argparse.Namespace(model="mae", lr=1e-3),
    }
    for zipped in (True, False):
        name = "training-%s-%s.pth" % (kind, "zip" if zipped else "legacy")
        torch.save(training, path("pth", name), _use_new_zipfile_serialization=zipped)
print("%d tensors, %d elements: all exports agree" % (len(full), elements[0]))
