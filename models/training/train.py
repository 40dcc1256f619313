"""Trains, exports, checks and evaluates the flower classifier, and writes its model card.

    python models/training/train.py --data FOLDER --out models/flowers/1

Run the same command again to continue after an interruption.
"""

import argparse
import csv
import os
import shlex
import shutil
import sys
from pathlib import Path

# Threads that wait must sleep: where another program uses the same cores, threads that spin make
# the training many times slower. This must be set before PyTorch is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import torch

import data
import export
import report
from evaluate import ExportedModel, best_temperature, negative_log_likelihood, preprocess
from fit import fit
from network import FlowerNet

SIZE = 160  # side of the network's input in pixels, when the model is used
EDGES = (160, 168, 176, 184, 192)  # shorter sides to choose from; SIZE x SIZE is cut out of the middle
LABELS_ZH = ("雏菊", "蒲公英", "玫瑰", "向日葵", "郁金香")
RUNS = Path(__file__).resolve().with_name("runs")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with train/, val/ and CREDITS.txt")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the model to (is replaced)")
    parser.add_argument("--non-flowers", type=Path, help="folder of photos with a truth.tsv (file, index, label)")
    parser.add_argument("--drop", type=int, nargs="*", default=[985], help="indices in truth.tsv to leave out")
    parser.add_argument("--compare", type=Path, help="folder of another model for the same five classes")
    parser.add_argument("--epochs", type=int, default=280)
    parser.add_argument("--held-out", type=float, default=0.08, help="share of train/ kept for choosing")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--run", type=Path, default=RUNS / "flowers", help="folder for the checkpoint")
    return parser.parse_args()


def read_non_flowers(folder, drop):
    """Photos of a folder whose truth.tsv does not give them an index in drop."""
    with open(folder / "truth.tsv", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        names = [row["file"] for row in rows if int(row["index"]) not in drop]
    return [data.load_photo(folder / name) for name in names]


def watcher(images, classes):
    """A function that measures a network on the held-out photos, during training."""
    settings = {
        "size": {"shortest_edge": SIZE}, "crop_size": {"height": SIZE, "width": SIZE}, "resample": 2,
        "rescale_factor": 1 / 255, "image_mean": data.MEAN, "image_std": data.STD,
    }
    x = torch.from_numpy(np.stack([preprocess(image, settings) for image in images]))
    x = x.contiguous(memory_format=torch.channels_last)

    @torch.no_grad()
    def watch(model):
        with torch.autocast("cpu", torch.bfloat16):
            logits = torch.cat([model(part) for part in x.split(64)]).float().numpy()
        accuracy = (logits.argmax(1) == classes).mean()
        return f"held-out accuracy {accuracy:.3f}, nll {negative_log_likelihood(logits, classes):.3f}"

    return watch


def describe_plan(plan):
    """A sentence for the model card where the number of epochs was changed during the run."""
    if len(plan) < 2:
        return ""
    parts = [f"{epochs} from epoch {first + 1}" for first, epochs in plan]
    return f" The planned number of epochs was changed during the run ({', '.join(parts)}), to suit the time at hand."


def choose_edge_and_temperature(model, images, classes, folder):
    """Exports the model, chooses the resize and the temperature on the held-out photos.

    Returns (shorter side in pixels, temperature).
    """
    export.export_onnx(model, folder / "model.onnx", SIZE)
    found = []
    for edge in EDGES:
        export.write_configs(folder, edge, SIZE, LABELS_ZH)
        logits = ExportedModel(folder).logits(images)
        temperature = best_temperature(logits, classes)
        loss = negative_log_likelihood(logits / temperature, classes)
        found.append((loss, edge, temperature))
        print(f"shorter side {edge}: held-out accuracy {(logits.argmax(1) == classes).mean():.3f}, "
              f"nll {loss:.3f} at temperature {temperature:.2f}")
    return min(found)[1:]


def main():
    args = parse_arguments()
    torch.set_num_threads(args.threads)
    print("Reading photos")
    fit_photos, held_out = data.split_photos(data.list_photos(args.data / "train"), args.held_out, args.seed)
    images, held_out_images = ([data.load_photo(path) for path, _ in part] for part in (fit_photos, held_out))
    classes, held_out_classes = (np.array([c for _, c in part]) for part in (fit_photos, held_out))

    torch.manual_seed(args.seed)
    model = FlowerNet(len(data.LABELS))
    model, seconds, plan = fit(
        model, images, classes, args.epochs, args.seed, args.run / "checkpoint.pt",
        watcher(held_out_images, held_out_classes),
    )
    model = model.to(memory_format=torch.contiguous_format)

    folder = args.run / "export"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    edge, temperature = choose_edge_and_temperature(model, held_out_images, held_out_classes, folder)
    model = export.scale_logits(model, temperature)
    export.export_onnx(model, folder / "model.onnx", SIZE)
    export.write_configs(folder, edge, SIZE, LABELS_ZH)
    differences = export.largest_difference(model, folder, held_out_images)
    shutil.copyfile(args.data / "CREDITS.txt", folder / "CREDITS.txt")

    print("Evaluating")
    report.write_report(
        folder,
        model=model,
        size=SIZE,
        val=data.list_photos(args.data / "val"),
        held_out=(held_out_images, held_out_classes),
        fit_count=len(images),
        non_flowers=read_non_flowers(args.non_flowers, args.drop) if args.non_flowers else [],
        dropped=args.drop if args.non_flowers else [],
        compare=args.compare,
        facts={
            "edge": edge, "size": SIZE, "temperature": f"{temperature:.2f}", "epochs": args.epochs,
            "seed": args.seed, "minutes": f"{seconds / 60:.0f}", "threads": args.threads, "plan": describe_plan(plan),
            "command": shlex.join(["python", *sys.argv]),
            **{f"difference_{count}": f"{value:.1e}" for count, value in differences.items()},
        },
    )
    export.replace_folder(folder, args.out)
    print(f"Done: {args.out}")


if __name__ == "__main__":
    main()
