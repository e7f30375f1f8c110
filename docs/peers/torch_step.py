"""A training step of the same masked autoencoder in PyTorch, to measure LongMAE's beside it.

Written from the papers' description (arXiv:2111.06377, arXiv:2210.07224); no part of the build.
Times forward, backward and AdamW on random pictures and prints one JSON line, like `bench step`:

    python3 docs/peers/torch_step.py --width 768 --depth 12 --heads 12 \
        --decoder-width 512 --decoder-depth 8 --decoder-heads 16 \
        --image-size 224 --patch-size 16 --batch 16 --precision bf16 --steps 5
"""

import argparse
import json
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    """Pre-norm attention and MLP."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x):
        images, tokens, width = x.shape
        qkv = self.qkv(self.norm1(x)).reshape(images, tokens, 3, self.heads, -1)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        scores = (q @ k.transpose(-2, -1)) * (width // self.heads) ** -0.5
        context = scores.softmax(-1) @ v
        x = x + self.proj(context.transpose(1, 2).reshape(images, tokens, width))
        return x + self.fc2(F.gelu(self.fc1(self.norm2(x))))


class MaskedAutoencoder(nn.Module):
    """Encodes a quarter of the patches, predicts the normalised pixels of the others."""

    def __init__(self, args):
        super().__init__()
        self.patch = args.patch_size
        self.patches = (args.image_size // args.patch_size) ** 2
        self.kept = int(self.patches * 0.25)
        values = 3 * args.patch_size**2
        width, narrow = args.width, args.decoder_width
        self.embed = nn.Conv2d(3, width, args.patch_size, args.patch_size)
        self.cls = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.mask = nn.Parameter(torch.randn(1, 1, narrow) * 0.02)
        # Values of a fixed table do not change the time of a step.
        self.register_buffer("positions", torch.randn(1, self.patches, width))
        self.register_buffer("decoder_positions", torch.randn(1, self.patches + 1, narrow))
        self.encoder = nn.ModuleList(Block(width, args.heads) for _ in range(args.depth))
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.narrow = nn.Linear(width, narrow)
        self.decoder = nn.ModuleList(
            Block(narrow, args.decoder_heads) for _ in range(args.decoder_depth)
        )
        self.decoder_norm = nn.LayerNorm(narrow, eps=1e-6)
        self.predict = nn.Linear(narrow, values)

    def target(self, images):
        n, c, size, _ = images.shape
        grid = size // self.patch
        x = images.reshape(n, c, grid, self.patch, grid, self.patch)
        x = x.permute(0, 2, 4, 3, 5, 1).reshape(n, grid * grid, -1)
        return (x - x.mean(-1, keepdim=True)) / (x.var(-1, keepdim=True) + 1e-6).sqrt()

    def forward(self, images):
        n = images.shape[0]
        shuffle = torch.rand(n, self.patches).argsort(1)
        restore = shuffle.argsort(1)
        x = self.embed(images).flatten(2).transpose(1, 2) + self.positions
        keep = shuffle[:, : self.kept, None].expand(-1, -1, x.shape[-1])
        x = torch.cat([self.cls.expand(n, -1, -1), x.gather(1, keep)], 1)
        for block in self.encoder:
            x = block(x)
        x = self.narrow(self.norm(x))
        hidden = self.mask.to(x.dtype).expand(n, self.patches - self.kept, -1)
        y = torch.cat([x[:, 1:], hidden], 1)
        y = y.gather(1, restore[:, :, None].expand(-1, -1, y.shape[-1]))
        y = torch.cat([x[:, :1], y], 1) + self.decoder_positions
        for block in self.decoder:
            y = block(y)
        prediction = self.predict(self.decoder_norm(y))[:, 1:]
        masked = (restore >= self.kept).float()
        error = ((prediction.float() - self.target(images)) ** 2).mean(-1)
        return (error * masked).sum() / masked.sum()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("width", "depth", "heads", "decoder-width", "decoder-depth", "decoder-heads"):
        parser.add_argument("--" + name, type=int, required=True)
    for name in ("image-size", "patch-size", "batch"):
        parser.add_argument("--" + name, type=int, required=True)
    parser.add_argument("--precision", choices=("fp32", "bf16"), required=True)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    args = parser.parse_args()

    torch.manual_seed(0)
    torch.set_num_threads(args.threads)
    model = MaskedAutoencoder(args)
    optimizer = torch.optim.AdamW(model.parameters(), 1e-4, (0.9, 0.95), weight_decay=0.05)
    images = torch.randn(args.batch, 3, args.image_size, args.image_size)
    seconds = []
    for step in range(args.steps + 2):
        start = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=args.precision == "bf16"):
            loss = model(images)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        loss.item()
        if step >= 2:
            seconds.append(time.perf_counter() - start)
    median = statistics.median(seconds)
    print(
        json.dumps(
            {
                "torch": torch.__version__,
                "precision": args.precision,
                "sequence_length": model.patches,
                "params": sum(p.numel() for p in model.parameters()),
                "batch": args.batch,
                "step_seconds": median,
                "images_per_second": args.batch / median,
            }
        )
    )


if __name__ == "__main__":
    main()
