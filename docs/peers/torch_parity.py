"""Holds LongMAE to PyTorch: loss, predictions, every gradient, and steps of AdamW.

Reads a kit that `longmae export --parity DIR` wrote (docs/parity.md) and makes the same of it with
autograd. Written from the papers' description (arXiv:2111.06377, arXiv:2210.07224) and the kit's;
no part of the build.

    python3 docs/peers/torch_parity.py DIR
"""

import json
import os
import struct
import sys

import numpy
import torch
from torch.nn import functional as F

TYPES = {"F32": numpy.float32, "I64": numpy.int64}


def read(path):
    """A safetensors file: u64 length, JSON header, tensors."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        raw = data[8 + length + begin : 8 + length + end]
        array = numpy.frombuffer(raw, TYPES[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(array.copy())
    return tensors


class Model:
    """The autoencoder as functions of a state dict."""

    def __init__(self, weights, facts):
        self.w = weights
        self.facts = facts
        self.patch = facts["patch_size"]

    def linear(self, x, name):
        return F.linear(x, self.w[name + ".weight"], self.w[name + ".bias"])

    def norm(self, x, name):
        weight, bias = self.w[name + ".weight"], self.w[name + ".bias"]
        return F.layer_norm(x, (x.shape[-1],), weight, bias, self.facts["norm_epsilon"])

    def blocks(self, x, stack, heads):
        depth = len([name for name in self.w if name.startswith(stack) and name.endswith("norm1.bias")])
        for index in range(depth):
            name = "%s.%d" % (stack, index)
            n, t, d = x.shape
            qkv = self.linear(self.norm(x, name + ".norm1"), name + ".attn.qkv")
            q, k, v = qkv.reshape(n, t, 3, heads, d // heads).permute(2, 0, 3, 1, 4)
            scores = (q @ k.transpose(-2, -1)) / (d // heads) ** 0.5
            mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(n, t, d)
            x = x + self.linear(mixed, name + ".attn.proj")
            hidden = F.gelu(self.linear(self.norm(x, name + ".norm2"), name + ".mlp.fc1"))
            x = x + self.linear(hidden, name + ".mlp.fc2")
        return x

    def target(self, images):
        n, c, height, width = images.shape
        p = self.patch
        x = images.reshape(n, c, height // p, p, width // p, p)
        x = x.permute(0, 2, 4, 3, 5, 1).reshape(n, -1, p * p * c)
        if self.facts["norm_pix_loss"]:
            x = (x - x.mean(-1, keepdim=True)) / (x.var(-1, keepdim=True) + 1e-6).sqrt()
        return x

    def run(self, batch):
        images, keep, restore = batch["images"], batch["ids_keep"], batch["ids_restore"]
        n, kept = keep.shape
        weight, bias = self.w["patch_embed.proj.weight"], self.w["patch_embed.proj.bias"]
        x = F.conv2d(images, weight, bias, self.patch).flatten(2).transpose(1, 2)
        x = x + self.w["pos_embed"][:, 1:]
        x = x.gather(1, keep[:, :, None].expand(-1, -1, x.shape[-1]))
        x = torch.cat([self.w["cls_token"].expand(n, -1, -1), x], 1)
        x = self.norm(self.blocks(x, "blocks", self.facts["heads"]), "norm")
        x = self.linear(x, "decoder_embed")
        hidden = self.w["mask_token"].expand(n, restore.shape[1] - kept, -1)
        y = torch.cat([x[:, 1:], hidden], 1)
        y = y.gather(1, restore[:, :, None].expand(-1, -1, y.shape[-1]))
        y = torch.cat([x[:, :1], y], 1) + self.w["decoder_pos_embed"]
        y = self.norm(self.blocks(y, "decoder_blocks", self.facts["decoder_heads"]), "decoder_norm")
        prediction = self.linear(y, "decoder_pred")[:, 1:]
        masked = (restore >= kept).float()
        error = ((prediction - self.target(images)) ** 2).mean(-1)
        return (error * masked).sum() / masked.sum(), prediction


def relative(ours, theirs):
    """The largest difference, by the largest value."""
    scale = theirs.abs().max().item()
    return (ours - theirs).abs().max().item() / max(scale, 1e-30)


def main():
    folder = sys.argv[1]
    with open(os.path.join(folder, "expected.json")) as file:
        facts = json.load(file)
    weights = read(os.path.join(folder, "weights.safetensors"))
    trained = {name: w for name, w in weights.items() if not name.endswith("pos_embed")}
    for tensor in trained.values():
        tensor.requires_grad_(True)
    model = Model(weights, facts)
    expected = read(os.path.join(folder, "expected.safetensors"))

    loss, prediction = model.run(read(os.path.join(folder, "batch.safetensors")))
    loss.backward()
    gradients = {name: relative(expected["grad." + name], w.grad) for name, w in trained.items()}
    # The softmax does not change with a key's bias: its gradient is rounding error.
    for name in list(gradients):
        if name.endswith("attn.qkv.bias"):
            theirs, ours = trained[name].grad, expected["grad." + name]
            third = len(theirs) // 3
            rest = torch.cat([theirs[:third], theirs[2 * third :]])
            gradients[name] = relative(torch.cat([ours[:third], ours[2 * third :]]), rest)
    worst = max(gradients, key=gradients.get)
    result = {
        "torch": torch.__version__,
        "loss": loss.item(),
        "loss_difference": abs(loss.item() - facts["loss"]) / abs(loss.item()),
        "prediction_difference": relative(expected["prediction"], prediction.detach()),
        "gradients": len(gradients),
        "largest_gradient_difference": gradients[worst],
        "of": worst,
    }
    rates = facts["steps"]["rates"]
    if rates:
        result.update(train(model, trained, facts, folder))
    print(json.dumps(result))


def train(model, trained, facts, folder):
    """AdamW on the kit's batches; biases and norms are not decayed."""
    o = facts["optimizer"]
    plain = [w for name, w in trained.items() if w.ndim == 1]
    decayed = [w for name, w in trained.items() if w.ndim > 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": o["weight_decay"]}, {"params": plain, "weight_decay": 0}],
        lr=0,
        betas=(o["beta1"], o["beta2"]),
        eps=o["epsilon"],
    )
    losses = []
    for index, rate in enumerate(facts["steps"]["rates"]):
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.zero_grad()
        batch = read(os.path.join(folder, "steps", "step-%04d.safetensors" % (index + 1)))
        loss, _ = model.run(batch)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    differences = [
        abs(mine - theirs) / abs(mine) for mine, theirs in zip(losses, facts["steps"]["losses"])
    ]
    return {
        "steps": len(losses),
        "first_loss": losses[0],
        "last_loss": losses[-1],
        "largest_loss_difference": max(differences),
    }


if __name__ == "__main__":
    main()
