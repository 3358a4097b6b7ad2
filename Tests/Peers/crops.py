"""Photographs with grain of several sizes, and the crops of them that networks see, with NumPy and Pillow alone."""

import numpy
from PIL import Image

TYPES = ["basalt", "gneiss", "granite"]
SIDE = 56
# Pictures with this shorter side are not resized before crops of 56 pixels are taken.
SHORTER = 80
# Share of the shorter side, place from left and from top, quarter turns, whether mirrored.
CROPS = [
    (1, 0.5, 0.5, 0, False), (0.85, 0, 0, 0, True), (0.85, 1, 1, 1, False), (0.85, 1, 0, 1, True),
    (0.85, 0, 1, 2, False), (0.85, 0.5, 0.5, 2, True)]


def photograph(kind, number):
    """Grain of another size for each kind, upright or lying."""
    rng = numpy.random.default_rng(100 * kind + number)
    size = 1 + 2 * kind
    grain = rng.normal(size=(SHORTER // size + 1, 96 // size + 1)).repeat(size, 0).repeat(size, 1)
    grey = 120 + 45 * grain[:SHORTER, :96] + rng.uniform(-20, 20)
    picture = numpy.repeat(grey[..., None], 3, axis=2) + rng.uniform(-10, 10, 3)
    picture = picture.transpose(1, 0, 2) if number % 2 else picture
    return picture.clip(0, 255).astype(numpy.uint8)


def write_collection(folder, count):
    """`count` photographs of each kind, each kind in a folder."""
    for kind, name in enumerate(TYPES):
        (folder / name).mkdir(parents=True)
        for number in range(count):
            Image.fromarray(photograph(kind, number)).save(folder / name / f"p{number:02}.png")


def crop(picture, share, right, down, turns, mirrored):
    """A crop by bilinear interpolation between the middles of pixels, mirrored, then turned counter-clockwise."""
    height, width = picture.shape[:2]
    length = share * min(width, height)

    def samples(whole, place):
        middles = place * (whole - length) + (numpy.arange(SIDE) + 0.5) * length / SIDE - 0.5
        middles = middles.clip(0, whole - 1)
        first = middles.astype(int)
        return first, numpy.minimum(first + 1, whole - 1), middles - first

    left, next_right, across = samples(width, right)
    top, below, along = samples(height, down)
    rows = picture[top] * (1 - along)[:, None, None] + picture[below] * along[:, None, None]
    result = rows[:, left] * (1 - across)[None, :, None] + rows[:, next_right] * across[None, :, None]
    return numpy.rot90(result[:, ::-1] if mirrored else result, turns)
