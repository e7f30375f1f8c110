"""Writes the golden crops of data-io's tests (data-io/src/test/resources/pillow), with Pillow 12.3.0.

A picture of soft waves, noise and discs with hard edges and strong colours, as a JPEG with subsampled colours; and
what Pillow's crop and bicubic resize make of it.
"""

import sys

import numpy as np
from PIL import Image

folder = sys.argv[1] + "/"
height, width = 240, 320
y, x = np.mgrid[0:height, 0:width].astype(float)
waves = [np.sin(x / 17 + y / 41), np.sin(y / 13 - x / 57), np.cos((x + y) / 29)]
picture = 128 + 90 * np.stack(waves, -1)
discs = [
    (80, 60, 40, (220, 40, 40)),
    (200, 150, 55, (30, 200, 60)),
    (270, 60, 25, (20, 40, 230)),
    (110, 180, 30, (250, 240, 30)),
]
for cx, cy, radius, colour in discs:
    picture[(x - cx) ** 2 + (y - cy) ** 2 < radius * radius] = colour
picture += np.random.default_rng(1).normal(0, 4, (height, width, 1))
Image.fromarray(picture.clip(0, 255).astype(np.uint8)).save(folder + "waves.jpg", quality=85)

jpeg = Image.open(folder + "waves.jpg").convert("RGB")
crops = {
    "reduced": ((21, 13, 280, 203), (64, 48)),
    "enlarged": ((75, 40, 61, 47), (96, 112)),
    "small": ((5, 9, 310, 226), (24, 24)),
}
for name, ((left, top, w, h), size) in crops.items():
    crop = jpeg.crop((left, top, left + w, top + h)).resize(size, Image.BICUBIC)
    crop.save(folder + name + ".png", optimize=True)
