"""The reference preprocessing: a Hugging Face preprocessor_config.json, or timm's pretrained_cfg, done with Pillow and NumPy.

Plain on purpose. Every rounding rule that a second implementation could get wrong has a comment.
"""

import io
import math

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


DEFAULTS = {  # what transformers' classes do where a file leaves a key out
    "ViT": {"size": {"height": 224, "width": 224}, "resample": 2, "image_mean": [0.5] * 3, "image_std": [0.5] * 3},
    "DeiT": {"size": {"height": 256, "width": 256}, "resample": 3, "do_center_crop": True, "crop_size": 224, "image_mean": [0.5] * 3, "image_std": [0.5] * 3},
    "ConvNext": {"size": {"shortest_edge": 384}, "resample": 2, "crop_pct": 0.875, "image_mean": [0.5] * 3, "image_std": [0.5] * 3},
    "MobileNetV2": {"size": {"shortest_edge": 256}, "resample": 2, "do_center_crop": True, "crop_size": 224, "image_mean": [0.5] * 3, "image_std": [0.5] * 3},
    "Levit": {"size": {"shortest_edge": 224}, "resample": 3, "do_center_crop": True, "crop_size": 224, "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]},
    "MobileViT": {"size": {"shortest_edge": 224}, "resample": 2, "do_center_crop": True, "crop_size": 256, "do_normalize": False, "do_flip_channel_order": True},
    "EfficientNet": {"size": {"height": 346, "width": 346}, "resample": 0, "image_mean": [0.5] * 3, "image_std": [0.5] * 3, "include_top": True},
}
DEFAULTS |= {"Beit": DEFAULTS["DeiT"], "MobileNetV1": DEFAULTS["MobileNetV2"]}
ALL = {"do_resize": True, "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True}
SQUARES = ("ViT", "DeiT", "Beit", "EfficientNet")  # of which "size": 224 means 224 by 224


def explicit(recipe: dict) -> dict:
    """The recipe of a known image processor with everything written out."""
    name = recipe.get("image_processor_type", recipe.get("feature_extractor_type", ""))
    name = name.removesuffix("Fast").removesuffix("ImageProcessor").removesuffix("FeatureExtractor")
    if name not in DEFAULTS:
        edge = recipe.get("size")
        return recipe | {"size": {"shortest_edge": edge}} if isinstance(edge, int) and not recipe["default_to_square"] else recipe
    recipe = ALL | DEFAULTS[name] | recipe
    if isinstance(recipe["size"], int):
        side = recipe["size"]
        recipe["size"] = {"height": side, "width": side} if name in SQUARES else {"shortest_edge": side}
    if isinstance(recipe.get("crop_size"), int):
        recipe["crop_size"] = {"height": recipe["crop_size"], "width": recipe["crop_size"]}
    if name == "Levit" and "shortest_edge" in recipe["size"]:
        recipe["size"] = {"shortest_edge": int(256 / 224 * recipe["size"]["shortest_edge"])}
    return recipe


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
    height, width, channels = pixels.shape
    top, left = (height - crop_height) // 2, (width - crop_width) // 2
    out = np.zeros((crop_height, crop_width, channels), pixels.dtype)
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


def samples(image: Image.Image) -> np.ndarray:
    """[height, width, channels], of grey pictures too."""
    return np.atleast_3d(np.asarray(image))


def tensor(data: bytes, recipe: dict, grey=False, last=False, dtype=np.float32) -> np.ndarray:
    """The bytes of a picture as the tensor [1, 3, height, width] that goes into the network.

    With `grey` it has one channel, made before the resize; with `last` it is [1, height, width, channels].
    """
    image, recipe = decode(data), explicit(recipe)
    if grey:
        image = image.convert("L")  # (19595 R + 38470 G + 7471 B + 32768) >> 16
    if recipe["do_resize"]:
        resample = recipe["resample"]
        named = isinstance(resample, str)
        image = image.resize(target_size(image, recipe), Image.Resampling[resample.upper()] if named else Image.Resampling(resample))
    pixels = samples(image)
    crop = crop_of(recipe)
    if crop:
        pixels = center_crop(pixels, *crop)
    values = pixels.astype(np.float32)
    if recipe["do_rescale"]:
        values = (pixels.astype(np.float64) * recipe["rescale_factor"]).astype(np.float32)
        if recipe.get("rescale_offset"):
            values = values - np.float32(1)
    if recipe["do_normalize"]:
        mean, std = (np.array(recipe[key], np.float32).ravel()[: values.shape[2]] for key in ("image_mean", "image_std"))
        values = (values - mean) / std
    if recipe.get("include_top"):  # EfficientNet divides by the deviation once more
        values = values / np.array(recipe["image_std"], np.float32)
    if recipe.get("do_flip_channel_order"):  # the last step, so mean and deviation are in the order red, green, blue
        values = values[..., ::-1]
    return laid_out(values, last, dtype)


def laid_out(values: np.ndarray, last: bool, dtype) -> np.ndarray:
    """uint8 takes whole numbers only; float16 the nearest, and of two that are as near the even one."""
    converted = values.astype(dtype)
    assert dtype != np.uint8 or (converted == values).all()
    return np.ascontiguousarray((converted if last else converted.transpose(2, 0, 1))[None])


TIMM = {"input_size": [3, 224, 224], "crop_pct": 0.875, "crop_mode": "center", "interpolation": "bicubic"}
TIMM |= {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}


def timm_size(width: int, height: int, cfg: dict) -> tuple[int, int]:
    """To what size timm's transforms_imagenet_eval scales a picture before it cuts out the middle."""
    scaled_height, scaled_width = (math.floor(side / cfg["crop_pct"]) for side in cfg["input_size"][1:])
    if cfg["crop_mode"] == "squash":
        return scaled_width, scaled_height
    if scaled_width == scaled_height:
        return resized_size(width, height, scaled_width)  # torchvision's Resize cuts the longer side down too
    ratio = min(height / scaled_height, width / scaled_width)  # ResizeKeepRatio; round() takes halves to the even number
    return round(width / ratio), round(height / ratio)


def timm_tensor(data: bytes, cfg: dict, last=False, dtype=np.float32) -> np.ndarray:
    """The same for a timm model, by its pretrained_cfg. Not as transformers does it: the crop rounds halves to the even number."""
    cfg = TIMM | cfg
    channels, crop_height, crop_width = cfg["input_size"]
    image = decode(data)
    if channels == 1:
        image = image.convert("L")
    image = image.resize(timm_size(*image.size, cfg), Image.Resampling[cfg["interpolation"].upper()])
    top, left = round((image.height - crop_height) / 2), round((image.width - crop_width) / 2)
    pixels = samples(image)[top : top + crop_height, left : left + crop_width]
    values = pixels.astype(np.float32) / np.float32(255)
    mean, std = (np.array(cfg[key], np.float32) for key in ("mean", "std"))
    return laid_out((values - mean) / std, last, dtype)
