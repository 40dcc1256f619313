"""Reads the photos, splits them and turns them into training batches.

Photos are decoded once and kept in memory as Pillow images (about half a gigabyte for 2,900 photos
with a shorter side of 192 pixels).
"""

import math
from pathlib import Path

import numpy as np
import torch
from PIL import Image

LABELS = ("daisy", "dandelion", "roses", "sunflowers", "tulips")
MEAN = (0.485, 0.456, 0.406)  # per channel (red, green, blue), of pixel values from 0 to 1
STD = (0.229, 0.224, 0.225)
LUMA = (0.299, 0.587, 0.114)  # how much each channel counts in a pixel's brightness


def list_photos(folder):
    """All photos under folder/<label>/ as a sorted list of (path, class index)."""
    photos = []
    for index, label in enumerate(LABELS):
        paths = sorted((Path(folder) / label).glob("*.jpg"))
        if not paths:
            raise SystemExit(f"No .jpg files in {Path(folder) / label}")
        photos += [(path, index) for path in paths]
    return photos


def split_photos(photos, fraction, seed):
    """Splits photos into (fit, held_out); fraction of each class is held out, chosen by seed."""
    rng = np.random.default_rng(seed)
    fit, held_out = [], []
    for index in range(len(LABELS)):
        of_class = [photo for photo in photos if photo[1] == index]
        order = rng.permutation(len(of_class))
        count = round(len(of_class) * fraction)
        held_out += [of_class[i] for i in sorted(order[:count])]
        fit += [of_class[i] for i in sorted(order[count:])]
    return fit, held_out


def load_photo(path):
    """Decodes one photo to a Pillow RGB image."""
    with Image.open(path) as image:
        return image.convert("RGB")


def random_crop(image, size, rng, area=(0.25, 1.0), ratio=(3 / 4, 4 / 3)):
    """A random part of the image, stretched to size x size: uint8 [size, size, 3].

    area is the part of the photo kept (0 to 1), ratio its width over its height. Pillow averages
    pixels when it shrinks, just as it does when the model is used.
    """
    width, height = image.size
    for _ in range(10):
        crop_area = width * height * rng.uniform(*area)
        aspect = math.exp(rng.uniform(math.log(ratio[0]), math.log(ratio[1])))
        w, h = math.sqrt(crop_area * aspect), math.sqrt(crop_area / aspect)
        if w <= width and h <= height:
            break
    else:  # a very long photo: take its largest square
        w = h = min(width, height)
    x, y = rng.uniform(0, width - w), rng.uniform(0, height - h)
    crop = image.resize((size, size), Image.BILINEAR, box=(x, y, x + w, y + h))
    pixels = np.asarray(crop)
    return pixels[:, ::-1] if rng.random() < 0.5 else pixels


def jitter_colours(x, rng, strength=0.3, hue_degrees=12.0):
    """Changes brightness, contrast, saturation and hue of each image: [N, 3, S, S], 0 to 1.

    All four are linear, so they are one 3x3 matrix and one offset for each image.
    """
    n = len(x)
    brightness, contrast, saturation = 1 + rng.uniform(-strength, strength, (3, n, 1, 1))
    hue = np.radians(rng.uniform(-hue_degrees, hue_degrees, (n, 1, 1)))
    luma = np.tile(np.array(LUMA), (3, 1))
    saturate = saturation * np.eye(3) + (1 - saturation) * luma
    axis = 1 / math.sqrt(3)  # hue is a rotation about the grey axis (1, 1, 1)
    cross = axis * np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    rotate = np.cos(hue) * np.eye(3) + np.sin(hue) * cross + (1 - np.cos(hue)) / 3
    matrix = torch.from_numpy(brightness * contrast * (rotate @ saturate)).float()
    grey = x.mean((2, 3)) @ torch.tensor(LUMA)
    offset = torch.from_numpy(brightness[:, 0, 0] * (1 - contrast[:, 0, 0])).float() * grey
    changed = torch.baddbmm(offset[:, None, None], matrix, x.flatten(2))
    return changed.clamp_(0, 1).view_as(x)


def rotate_some(x, rng, share=0.4, degrees=25.0):
    """Turns a share of the images by up to so many degrees, mirroring at the borders."""
    chosen = np.flatnonzero(rng.random(len(x)) < share)
    if len(chosen):
        angle = torch.from_numpy(np.radians(rng.uniform(-degrees, degrees, len(chosen)))).float()
        zero = torch.zeros_like(angle)
        cos, sin = torch.cos(angle), torch.sin(angle)
        theta = torch.stack([cos, -sin, zero, sin, cos, zero], 1).reshape(-1, 2, 3)
        grid = torch.nn.functional.affine_grid(theta, x[chosen].shape, align_corners=False)
        x[chosen] = torch.nn.functional.grid_sample(
            x[chosen], grid, padding_mode="reflection", align_corners=False
        )
    return x


def erase_some(x, rng, share=0.25):
    """Covers a random square, a fifth to a half of the side long, in a share of the images."""
    size = x.shape[2]
    for i in np.flatnonzero(rng.random(len(x)) < share):
        side = int(size * rng.uniform(0.2, 0.5))
        top, left = rng.integers(0, size - side, 2)
        x[i, :, top : top + side, left : left + side] = float(rng.random())
    return x


def normalise(x):
    """[N, 3, S, S] from 0 to 1 -> roughly zero mean, unit variance, in channels-last layout."""
    mean, std = torch.tensor(MEAN).view(1, 3, 1, 1), torch.tensor(STD).view(1, 3, 1, 1)
    return ((x - mean) / std).contiguous(memory_format=torch.channels_last)


def to_unit(batch):
    """uint8 [N, S, S, 3] -> float [N, 3, S, S] from 0 to 1."""
    planes = torch.from_numpy(np.ascontiguousarray(batch.transpose(0, 3, 1, 2)))
    return planes.float().div_(255)


def augment(crops, rng):
    """uint8 [N, S, S, 3] -> changed at random, float [N, 3, S, S] from 0 to 1."""
    return erase_some(rotate_some(jitter_colours(to_unit(crops), rng), rng), rng)


def mix(x, targets, rng):
    """Blends (mixup) or patches (cutmix) pairs of photos, and their targets alike.

    x: [N, 3, S, S], targets: [N, 5]. Three batches in ten stay as they are.
    """
    choice = rng.random()
    if choice < 0.3:
        return x, targets
    other = torch.from_numpy(rng.permutation(len(x)))
    if choice < 0.6:
        keep = float(rng.beta(0.4, 0.4))
        return x * keep + x[other] * (1 - keep), targets * keep + targets[other] * (1 - keep)
    size = x.shape[2]
    side = int(size * math.sqrt(1 - rng.beta(1.0, 1.0)))
    top, left = rng.integers(0, size - side + 1, 2)
    mixed = x.clone()
    mixed[:, :, top : top + side, left : left + side] = x[
        other, :, top : top + side, left : left + side
    ]
    keep = 1 - side * side / (size * size)
    return mixed, targets * keep + targets[other] * (1 - keep)
