"""The reference preprocessing: a Hugging Face preprocessor_config.json, done with Pillow and NumPy.

Plain on purpose. Every rounding rule that a second implementation could get wrong has a comment.
"""

import io

import numpy as np
from PIL import Image, ImageOps

BACKGROUND = 255  # transparent pixels are shown on white


def decode(data: bytes) -> Image.Image:
    """The bytes of a picture as an upright 8-bit RGB image; the first frame where there are several."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return to_rgb(ImageOps.exif_transpose(image))


def to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        return deep_grey(image)
    if "transparency" in image.info or image.mode in ("LA", "PA", "RGBA", "La", "RGBa"):
        return over_white(image.convert("RGBA"))
    return image.convert("RGB")


def deep_grey(image: Image.Image) -> Image.Image:
    """16-bit grey: v * 255 / 65535, rounded. (Pillow's own convert would clip everything above 255 to white.)"""
    value = np.asarray(image).astype(np.int64)
    grey = ((value * 255 + 32767) // 65535).astype(np.uint8)
    return Image.fromarray(grey).convert("RGB")


def over_white(image: Image.Image) -> Image.Image:
    """c * a + white * (1 - a) in 8-bit steps, rounded to the nearest."""
    rgba = np.asarray(image).astype(np.int64)
    colour, alpha = rgba[..., :3], rgba[..., 3:]
    return Image.fromarray(((colour * alpha + BACKGROUND * (255 - alpha) + 127) // 255).astype(np.uint8))


def resized_size(width: int, height: int, shortest_edge: int) -> tuple[int, int]:
    """get_resize_output_image_size of transformers: the longer side is cut down, never rounded up."""
    if width <= height:
        return shortest_edge, int(shortest_edge * height / width)
    return int(shortest_edge * width / height), shortest_edge


def target_size(image: Image.Image, recipe: dict) -> tuple[int, int]:
    size = recipe["size"]
    if "shortest_edge" not in size:
        return size["width"], size["height"]
    edge = size["shortest_edge"]
    if "crop_pct" in recipe:  # ConvNextImageProcessor: below 384 resize larger, then crop; from 384 on, squash
        if edge >= 384:
            return edge, edge
        edge = int(edge / recipe["crop_pct"])
    return resized_size(*image.size, edge)


def center_crop(pixels: np.ndarray, crop_height: int, crop_width: int) -> np.ndarray:
    """center_crop of transformers, not of torchvision.

    top = (height - crop) // 2 with Python's floor division, for crops larger than the picture too: 5 rows brought to 8
    get two rows of zeros on top and one below (floor(-3 / 2) = -2). Java's `/` truncates; Math.floorDiv does not.
    Zeros are put in before rescaling and normalising, so they are black and not the mean.
    """
    height, width, _ = pixels.shape
    top, left = (height - crop_height) // 2, (width - crop_width) // 2
    out = np.zeros((crop_height, crop_width, 3), pixels.dtype)
    rows = slice(max(0, top), min(height, top + crop_height))
    cols = slice(max(0, left), min(width, left + crop_width))
    part = pixels[rows, cols]
    y, x = max(0, -top), max(0, -left)
    out[y : y + part.shape[0], x : x + part.shape[1]] = part
    return out


def crop_of(recipe: dict) -> tuple[int, int] | None:
    if "crop_pct" in recipe:
        edge = recipe["size"]["shortest_edge"]
        return (edge, edge) if edge < 384 else None
    if recipe.get("do_center_crop"):
        return recipe["crop_size"]["height"], recipe["crop_size"]["width"]
    return None


def tensor(data: bytes, recipe: dict) -> np.ndarray:
    """The bytes of a picture as the float32 tensor [1, 3, height, width] that goes into the network."""
    image = decode(data)
    if recipe["do_resize"]:
        image = image.resize(target_size(image, recipe), Image.Resampling(recipe["resample"]))
    pixels = np.asarray(image)
    crop = crop_of(recipe)
    if crop:
        pixels = center_crop(pixels, *crop)
    values = pixels.astype(np.float32)
    if recipe["do_rescale"]:
        values = (pixels.astype(np.float64) * recipe["rescale_factor"]).astype(np.float32)
    if recipe["do_normalize"]:
        mean, std = (np.array(recipe[key], np.float32) for key in ("image_mean", "image_std"))
        values = (values - mean) / std
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None])
