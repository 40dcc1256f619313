"""Writes the model card and its chart from measured figures."""

import textwrap
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402  (the backend must be chosen first)
import numpy as np  # noqa: E402

TEMPLATE = Path(__file__).with_name("model-card.template.md")


def draw_confusion_matrix(matrix, labels, path):
    """Counts, rows true and columns answered, shaded by their share of the row."""
    matrix = np.array(matrix)
    shares = matrix / matrix.sum(1, keepdims=True)
    figure, axes = plt.subplots(figsize=(6.4, 5.6), layout="constrained")
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(labels)), labels)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xlabel("answered")
    axes.set_ylabel("true")
    axes.set_title(f"{matrix.sum()} validation photos")
    for (row, column), count in np.ndenumerate(matrix):
        shade = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, count, ha="center", va="center", color=shade, fontsize=12)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def table(header, rows):
    """A Markdown table; the first column is text, the others are right-aligned."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def percent(share, digits=1):
    return f"{100 * share:.{digits}f} %"


def class_table(report, labels):
    """Precision and recall for each class."""
    photos = [sum(row) for row in report["matrix"]]
    rows = [
        (label, photos[i], f"{report['precision'][i]:.3f}", f"{report['recall'][i]:.3f}")
        for i, label in enumerate(labels)
    ]
    return table(("class", "photos", "precision", "recall"), rows)


def score_table(groups):
    """Distribution of the top score; groups: {name: top scores}."""
    rows = []
    for name, top in groups.items():
        quantiles = [f"{q:.2f}" for q in np.quantile(top, (0.05, 0.25, 0.5, 0.75, 0.95))]
        rows.append((name, len(top), f"{top.mean():.2f}", *quantiles))
    return table(("images", "number", "mean", "5 %", "25 %", "median", "75 %", "95 %"), rows)


def auroc_table(values):
    """values: {name: area under the ROC curve}."""
    return table(("flowers against", "AUROC"), [(name, f"{value:.3f}") for name, value in values.items()])


def threshold_table(rows):
    """rows: as evaluate.threshold_row returns them."""
    names = list(rows[0]["wrongly_kept"])
    header = ("threshold", "flowers kept", "accuracy on those", *(f"kept: {n}" for n in names))
    cells = [
        (
            row["threshold"],
            percent(row["kept"]),
            percent(row["accuracy_of_kept"]),
            *(percent(row["wrongly_kept"][name]) for name in names),
        )
        for row in rows
    ]
    return table(header, cells)


def wrap(text, width=120):
    """Breaks long lines of plain paragraphs; tables, lists, headings, code and images stay as they are."""
    blocks = [block.strip("\n") for block in text.split("\n\n")]
    return "\n\n".join(
        block if block[0] in "|-#`!" else textwrap.fill(block, width, break_on_hyphens=False)
        for block in blocks
        if block
    ) + "\n"


def write_card(path, values):
    """Fills the template's {names} from values (strings)."""
    text = TEMPLATE.read_text(encoding="utf-8").format(**values)
    Path(path).write_text(wrap(text), encoding="utf-8")
