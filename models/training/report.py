"""Evaluates the exported model and writes its model card."""

import json
import platform

import numpy as np
import onnxruntime
import PIL
import torch
from PIL import Image

import card
import data
import evaluate
from network import count_macs, count_parameters
from outliers import TRAINED, UNSEEN, make_outliers

MADE = 200  # generated images of each group
MADE_SIZE = 192  # their side in pixels
MADE_SEED = 77_000  # training uses other random numbers


def generated_images(makers, photos):
    """Generates images without flowers, as Pillow images."""
    rng = np.random.default_rng(MADE_SEED)
    pixels = make_outliers(MADE, MADE_SIZE, rng, photos, makers)
    return [Image.fromarray(image) for image in pixels]


def top_scores(model, images):
    return evaluate.softmax(model.logits(images)).max(1)


def compare_text(folder, images, classes):
    """One sentence about another model on the same photos."""
    logits = evaluate.ExportedModel(folder).logits(images)
    accuracy = float((logits.argmax(1) == classes).mean())
    name = folder.resolve().name
    return (f"For comparison, `{name}` (a MobileNetV2 of width 0.35 by STMicroelectronics, started from weights "
            f"pretrained on ImageNet) has {accuracy:.3f} on the same photos, prepared as its own "
            "`preprocessor_config.json` says.")


def non_flower_line(count, dropped):
    """A list entry about the photos of other things; empty where there are none."""
    if not count:
        return ""
    classes = ", ".join(map(str, dropped))
    left_out = f" (without class {classes}, one of the five flowers)" if dropped else ""
    return f"- {count} photos of other things, one from every fifth class of ImageNet{left_out};\n"


def write_threshold(folder, threshold):
    """Adds uncertain_below to config.json, for the service's metrics."""
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["uncertain_below"] = threshold
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def recommendation(rows, threshold, names):
    """A paragraph that says how to recognise "I don't know", and how often that fails."""
    row = next(row for row in rows if row["threshold"] == threshold)
    text = (f'Treat an answer whose first score is below **{threshold}** as "I don\'t know". On the validation photos '
            f"this throws away {card.percent(1 - row['kept'])} of the flowers; "
            f"{card.percent(row['accuracy_of_kept'])} of the remaining answers are right.")
    if names["photos"] in row["wrongly_kept"]:
        missed = row["wrongly_kept"][names["photos"]]
        text += (f" It still fails often: {card.percent(missed)} of the photos of other things get a score of "
                 f"{threshold} or more, and so a flower's name.")
    return text


def write_report(folder, model, size, val, held_out, fit_count, non_flowers, dropped, compare, facts):
    """Measures everything on the files in folder, and writes MODEL_CARD.md and confusion-matrix.png there.

    val: (path, class) pairs; held_out: (images, classes); non_flowers: Pillow images; facts: further
    values of the template.
    """
    exported = evaluate.ExportedModel(folder)
    images, classes = [data.load_photo(path) for path, _ in val], np.array([c for _, c in val])
    scores = evaluate.softmax(exported.logits(images))
    found = evaluate.classification_report(scores, classes, len(data.LABELS))
    card.draw_confusion_matrix(found["matrix"], data.LABELS, folder / "confusion-matrix.png")

    names = {"photos": "photos of other things", "trained": "generated images, known kinds",
             "unseen": "generated images, unknown kinds"}
    sets = {"trained": generated_images(TRAINED, images), "unseen": generated_images(UNSEEN, images)}
    if non_flowers:
        sets = {"photos": non_flowers, **sets}
    others = {names[key]: top_scores(exported, group) for key, group in sets.items()}
    rows = [evaluate.threshold_row(t, scores, classes, others) for t in evaluate.THRESHOLDS]
    held_out_scores = evaluate.softmax(exported.logits(held_out[0]))
    threshold = evaluate.recommend_threshold(held_out_scores)
    write_threshold(folder, threshold)

    values = {
        **facts,
        "val_count": len(val), "fit_count": fit_count, "held_out_count": len(held_out[1]),
        "accuracy": f"{found['accuracy']:.3f}", "right": sum(np.diag(found["matrix"])),
        "held_out_accuracy": f"{(held_out_scores.argmax(1) == held_out[1]).mean():.3f}",
        "nll": f"{found['nll']:.3f}", "ece": card.percent(found["ece"]),
        "class_table": card.class_table(found, data.LABELS),
        "compare": compare_text(compare, images, classes) if compare else "",
        "score_table": card.score_table({"flowers (validation)": scores.max(1), **others}),
        "auroc_table": card.auroc_table({n: evaluate.auroc(scores.max(1), top) for n, top in others.items()}),
        "threshold_table": card.threshold_table(rows),
        "recommendation": recommendation(rows, threshold, names),
        "non_flower_line": non_flower_line(len(non_flowers), dropped), "made": MADE,
        "parameters": f"{count_parameters(model) / 1e6:.2f}", "macs": f"{count_macs(model, size) / 1e6:.0f}",
        "megabytes": f"{(folder / 'model.onnx').stat().st_size / 1e6:.1f}",
        "milliseconds": f"{evaluate.ExportedModel(folder, threads=1).milliseconds(images[0]):.1f}",
        "python": platform.python_version(), "torch": torch.__version__.split("+")[0], "numpy": np.__version__,
        "pillow": PIL.__version__, "onnxruntime": onnxruntime.__version__,
    }
    card.write_card(folder / "MODEL_CARD.md", values)
    print(f"Accuracy on {len(val)} validation photos: {found['accuracy']:.4f}, calibration error {found['ece']:.4f}")
    print(values["class_table"], values["score_table"], values["auroc_table"], values["threshold_table"],
          values["recommendation"], values["compare"], f"{values['milliseconds']} ms", sep="\n\n")
