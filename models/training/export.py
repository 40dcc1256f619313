"""Writes the trained network as an ONNX model in the Hugging Face layout, and checks it."""

import copy
import json
import shutil

import numpy as np
import onnx
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

import data
from evaluate import ExportedModel, preprocess

OPSET = 17


def fold_batch_norms(model):
    """A copy of the model with each batch norm folded into the convolution before it."""
    model = copy.deepcopy(model).eval()
    for module in list(model.modules()):
        if isinstance(module, nn.Sequential):
            for i in range(len(module) - 1):
                if isinstance(module[i], nn.Conv2d) and isinstance(module[i + 1], nn.BatchNorm2d):
                    module[i] = fuse_conv_bn_eval(module[i], module[i + 1])
                    module[i + 1] = nn.Identity()
    return model


def scale_logits(model, temperature):
    """A copy of the model whose logits are divided by temperature, within its last layer's weights."""
    model = copy.deepcopy(model)
    with torch.no_grad():
        model.classifier.weight /= temperature
        model.classifier.bias /= temperature
    return model


def export_onnx(model, path, size):
    """Writes pixel_values float32 [batch, 3, size, size] -> logits float32 [batch, 5]."""
    model = fold_batch_norms(model).to(memory_format=torch.contiguous_format)
    torch.onnx.export(
        model, (torch.zeros(2, 3, size, size),), str(path), opset_version=OPSET, dynamo=False,
        input_names=["pixel_values"], output_names=["logits"],
        dynamic_axes={"pixel_values": {0: "batch"}, "logits": {0: "batch"}},
    )
    onnx.checker.check_model(onnx.load(path), full_check=True)


def largest_difference(model, folder, images, batches=(1, 7)):
    """Runs photos through PyTorch and ONNX Runtime: {batch size: largest difference of a logit}.

    Real photos, since the network gives much the same answer to all noise.
    """
    exported, result = ExportedModel(folder), {}
    for count in batches:
        x = np.stack([preprocess(image, exported.settings) for image in images[:: len(images) // count][:count]])
        with torch.no_grad():
            expected = model.eval()(torch.from_numpy(x)).numpy()
        answer = exported.session.run(["logits"], {"pixel_values": x})[0]
        result[count] = float(np.abs(answer - expected).max())
        if answer.shape != expected.shape or result[count] > 1e-3:
            raise SystemExit(f"The exported model differs from PyTorch by {result[count]} at batch {count}")
    return result


def write_configs(folder, shortest_edge, size, labels_zh):
    """Writes config.json, preprocessor_config.json and labels.zh.txt."""
    config = {
        "architectures": ["FlowerNet"],
        "model_type": "flowernet",
        "problem_type": "single_label_classification",
        "id2label": {str(i): label for i, label in enumerate(data.LABELS)},
        "label2id": {label: i for i, label in enumerate(data.LABELS)},
        "num_channels": 3,
        "image_size": size,
    }
    preprocessor = {
        "image_processor_type": "MobileNetV2ImageProcessor",
        "do_resize": True,
        "size": {"shortest_edge": shortest_edge},
        "resample": 2,
        "do_center_crop": True,
        "crop_size": {"height": size, "width": size},
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": list(data.MEAN),
        "image_std": list(data.STD),
    }
    for name, content in (("config.json", config), ("preprocessor_config.json", preprocessor)):
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    (folder / "labels.zh.txt").write_text("\n".join(labels_zh) + "\n", encoding="utf-8")


def replace_folder(new, old):
    """Moves the finished folder new to old; what was at old is removed only just before."""
    old.parent.mkdir(parents=True, exist_ok=True)
    if old.exists():
        shutil.rmtree(old)
    new.rename(old)
