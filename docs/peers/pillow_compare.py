"""Holds crops that this project made to Pillow's: pillow_compare.py SIZE OUT

OUT.txt and OUT.raw are written by CropsForPillow in the tests of data-io. Prints, for each reduction inside the
JPEG decoder, how far the crops are from Pillow's crop and bicubic resize of the whole picture, in grey levels.
"""

import sys

import numpy as np
from PIL import Image, ImageOps

size = int(sys.argv[1])
differences = {}
with open(sys.argv[2] + ".raw", "rb") as raw, open(sys.argv[2] + ".txt", encoding="utf-8") as index:
    for line in index:
        path, *numbers = line.rstrip("\n").split("\t")
        x, y, w, h, reduction = map(int, numbers)
        ours = np.frombuffer(raw.read(3 * size * size), np.uint8).reshape(size, size, 3)
        whole = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
        theirs = whole.crop((x, y, x + w, y + h)).resize((size, size), Image.BICUBIC)
        difference = np.abs(ours.astype(int) - np.asarray(theirs).astype(int))
        differences.setdefault(reduction, []).append(difference)

for reduction, crops in sorted(differences.items()):
    means = [crop.mean() for crop in crops]
    print(
        f"reduction {reduction}: {len(crops)} crops, mean {np.mean(means):.3f} (worst {max(means):.3f}), "
        f"max {max(crop.max() for crop in crops)}, over 2: {np.mean([crop > 2 for crop in crops]):.4f}"
    )
