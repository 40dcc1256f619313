"""A drawn daisy on a drawn meadow: the README's example, and the picture that warms the service up."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SCALE = 3  # drawn three times as large, then reduced, so that edges are soft


def daisy_picture(width: int = 320, height: int = 240, seed: int = 7) -> Image.Image:
    random = np.random.default_rng(seed)
    size = (width * SCALE, height * SCALE)
    picture = _meadow(size, random)
    for x, y, radius in ((0.16, 0.22, 0.13), (0.86, 0.8, 0.16)):  # two more behind, out of focus
        picture = _with_daisy(picture, (x * size[0], y * size[1]), radius * size[1], random)
    picture = picture.filter(ImageFilter.GaussianBlur(4 * SCALE))
    picture = _with_daisy(picture, (0.5 * size[0], 0.5 * size[1]), 0.42 * size[1], random)
    picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    grain = random.normal(0, 3, (height, width, 3))
    return Image.fromarray(np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8))


def _meadow(size: tuple, random) -> Image.Image:
    """Blades of grass in many greens over dark ground."""
    picture = Image.new("RGB", size, (28, 52, 20))
    draw = ImageDraw.Draw(picture)
    for _ in range(900):
        x, y = random.integers(0, size[0]), random.integers(0, size[1] * 5 // 4)
        length, lean = random.integers(40, 160), random.integers(-60, 61)
        green = tuple(int(v) for v in np.array([60, 105, 35]) + random.integers(-35, 45, 3))
        draw.polygon([(x, y), (x + 10, y), (x + lean, y - length)], fill=green)
    return picture.filter(ImageFilter.GaussianBlur(SCALE))


def _with_daisy(picture: Image.Image, centre: tuple, radius: float, random) -> Image.Image:
    shadow = Image.new("RGBA", picture.size)
    _ellipse(ImageDraw.Draw(shadow), (centre[0] + radius * 0.1, centre[1] + radius * 0.12), radius * 0.95, (0, 0, 0, 120))
    picture = picture.convert("RGBA")
    picture.alpha_composite(shadow.filter(ImageFilter.GaussianBlur(radius * 0.12)))
    draw = ImageDraw.Draw(picture)
    for ring, (count, reach) in enumerate(((21, 1.0), (19, 0.9))):
        for i in range(count):
            turn = 2 * np.pi * (i + 0.5 * ring) / count + random.normal(0, 0.06)
            _petal(draw, centre, turn, radius * reach * random.uniform(0.9, 1.02), radius * 0.17, random)
    _heart(draw, centre, radius * 0.3, random)
    return picture.convert("RGB")


def _petal(draw, centre, turn, length, width, random):
    """A long oval, in three shades from its edge to its middle."""
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    light = int(random.integers(222, 250))
    for share, shade in ((1.0, light - 38), (0.82, light - 8), (0.3, light - 20)):
        t = np.linspace(0, 1, 40)
        half = width * share / 2 * np.sin(np.pi * np.clip(t, 0, 1) ** 0.7) ** 0.6
        spine = np.array(centre) + np.outer(t * length, along)
        outline = np.concatenate([spine + half[:, None] * across, (spine - half[:, None] * across)[::-1]])
        draw.polygon([tuple(p) for p in outline], fill=(shade, shade, min(255, shade + 4)))


def _heart(draw, centre, radius, random):
    """The yellow disc: hundreds of florets in the spiral of a sunflower's seeds."""
    _ellipse(draw, centre, radius, (176, 120, 8))
    for i in range(420):
        distance, turn = radius * np.sqrt(i / 420), i * 2.39996
        spot = (centre[0] + distance * np.cos(turn), centre[1] + distance * np.sin(turn))
        shade = int(random.integers(-25, 26) - 30 * np.hypot(*(np.array(spot) - centre + radius * 0.3)) / radius)
        _ellipse(draw, spot, radius * 0.055, (min(255, 250 + shade), 205 + shade, 30))


def _ellipse(draw, centre, radius, colour):
    draw.ellipse([centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius], fill=colour)

