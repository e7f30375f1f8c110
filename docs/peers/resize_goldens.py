"""Writes what PyTorch makes of small position tables and patch kernels at other sizes.

    python3 docs/peers/resize_goldens.py > model/src/test/resources/resize-goldens.txt

A line a case: what, size before, size after, then the values, first before and then after, each
preceded by its number. Made with PyTorch 1.13.
"""

import torch
from torch.nn.functional import interpolate


def numbers(tensor):
    flat = tensor.flatten().tolist()
    return [str(len(flat))] + ["%.9g" % value for value in flat]


def line(what, before, after, old, new):
    sizes = ["%dx%d" % before, "%dx%d" % after]
    print(" ".join([what] + sizes + numbers(old) + numbers(new)))


def table(before, after, antialias):
    """Patch rows of a table, [h * w, 3]: channels are pictures of the grid."""
    old = torch.randn(before[0] * before[1], 3)
    pictures = old.T.reshape(1, 3, *before)
    new = interpolate(
        pictures, size=after, mode="bicubic", align_corners=False, antialias=antialias
    )
    line("antialiased" if antialias else "plain", before, after, old, new.reshape(3, -1).T)


def kernel(before, after):
    """FlexiViT, 3.4: the pseudo-inverse of the resize's transpose, whole and not by sides."""
    size = before * before
    basis = torch.eye(size, dtype=torch.float64).reshape(size, 1, before, before)
    resized = interpolate(
        basis, size=(after, after), mode="bicubic", align_corners=False, antialias=True
    )
    matrix = resized.reshape(size, after * after).T
    old = torch.randn(2, size, dtype=torch.float64).float()
    new = old.double() @ torch.linalg.pinv(matrix.T).T
    line("kernel", (before, before), (after, after), old, new)


torch.manual_seed(0)
for sizes in [((4, 4), (7, 7)), ((7, 7), (4, 4)), ((3, 5), (6, 2)), ((9, 9), (2, 3)), ((2, 2), (5, 5))]:
    for antialiased in (False, True):
        table(*sizes, antialiased)
for sizes in [(4, 8), (8, 4), (8, 7), (5, 6)]:
    kernel(*sizes)
