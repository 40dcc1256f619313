"""The training loop, resumable after every epoch."""

import copy
import math
import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from torch.nn import functional
from tqdm import tqdm

import data
from outliers import make_outliers

BATCH = 64  # photos in a batch
OUTLIERS = 10  # made non-flowers added to each batch
OUTLIER_WEIGHT = 0.5  # weight of the non-flowers' loss beside the photos' loss
PEAK_RATE = 2e-3  # highest learning rate
WEIGHT_DECAY = 0.05
SMOOTHING = 0.05  # share of each target spread evenly over the classes
AVERAGING = 0.998  # per step, decay of the moving average of the weights
WARM_UP = 0.02  # share of the training in which the learning rate rises
UNMIXED = 0.85  # share of the training after which photos are no longer mixed
SIZES = ((0.3, 96), (0.65, 128), (1.0, 144))  # (until this share of the training, crop side in pixels)


def learning_rate(progress):
    """Rises linearly, then falls along a cosine to zero. progress: 0 (start) to 1 (end)."""
    if progress < WARM_UP:
        return PEAK_RATE * (progress + 1e-3) / WARM_UP
    return PEAK_RATE * (1 + math.cos(math.pi * (progress - WARM_UP) / (1 - WARM_UP))) / 2


def crop_size(progress):
    """Side of the training crops in pixels: small, fast crops first, larger ones later."""
    return next(size for until, size in SIZES if progress < until)


def make_optimizer(model):
    """AdamW; weight decay on convolution and linear weights only."""
    decayed = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim == 1]
    groups = [{"params": decayed, "weight_decay": WEIGHT_DECAY}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, PEAK_RATE)


@torch.no_grad()
def update_average(average, model, steps_done):
    """Moves the averaged copy (weights and batch norm statistics) a little towards the model.

    Early on it moves faster, so that the random initial weights are soon forgotten.
    """
    decay = min(AVERAGING, (1 + steps_done) / (10 + steps_done))
    for a, b in zip(average.state_dict().values(), model.state_dict().values()):
        if a.is_floating_point():
            a.lerp_(b, 1 - decay)
        else:
            a.copy_(b)


def batches(images, classes, size, rng):
    """One epoch of (crops uint8 [BATCH, S, S, 3], classes [BATCH], outliers uint8 [OUTLIERS, S, S, 3]).

    A thread prepares the next batch while the network works on the present one. It alone draws from
    its generator, so that the result does not depend on the timing.
    """
    order = rng.permutation(len(images))
    own_rng = np.random.default_rng(rng.integers(2**63))

    def prepare(chosen):
        crops = np.stack([data.random_crop(images[i], size, own_rng) for i in chosen])
        return crops, classes[chosen], make_outliers(OUTLIERS, size, own_rng, images)

    starts = range(0, len(images) - BATCH + 1, BATCH)
    with ThreadPoolExecutor(1) as thread:
        waiting = None
        for start in starts:
            following = thread.submit(prepare, order[start : start + BATCH])
            if waiting is not None:
                yield waiting.result()
            waiting = following
        yield waiting.result()


def step(model, crops, classes, made, mixing, rng):
    """Forward pass of one batch; returns the loss (a scalar tensor)."""
    x, targets = data.augment(crops, rng), torch.eye(len(data.LABELS))[torch.from_numpy(classes)]
    if mixing:
        x, targets = data.mix(x, targets, rng)
    x = data.normalise(torch.cat([x, data.augment(made, rng)]))
    with torch.autocast("cpu", torch.bfloat16):
        logits = model(x)
    logits = logits.float()
    photos = functional.cross_entropy(logits[: len(targets)], targets, label_smoothing=SMOOTHING)
    # The target for a non-flower is "all classes equally likely".
    others = -functional.log_softmax(logits[len(targets) :], 1).mean()
    return photos + OUTLIER_WEIGHT * others


def fit(model, images, classes, epochs, seed, checkpoint, watch=None, watch_every=10):
    """Trains model in place and returns (averaged copy, seconds spent training, plan).

    plan: [[first epoch, epochs], ...], one entry for each length that the run was given on its way.

    images: Pillow images; classes: int array [N]. watch(averaged model) -> text is shown now and
    then. All random numbers of an epoch come from a generator seeded with (seed, epoch), and the
    checkpoint keeps PyTorch's generator too (it draws the dropout), so that an interrupted run
    continues as if it had not been interrupted.
    """
    model.to(memory_format=torch.channels_last)
    average = copy.deepcopy(model).eval()
    optimizer = make_optimizer(model)
    first, seconds, history, plan = 0, 0.0, [], []
    torch.manual_seed(seed)
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        if state["seed"] != seed:
            raise SystemExit(f"{checkpoint} was made with seed {state['seed']}; remove it or use that seed")
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["torch_rng"])
        first, seconds, history, plan = (state[key] for key in ("epoch", "seconds", "history", "plan"))
        print(f"Continuing after epoch {first} of {epochs}")
    if first < epochs and (not plan or plan[-1][1] != epochs):
        plan.append([first, epochs])
    steps = len(images) // BATCH
    with tqdm(total=epochs * steps, initial=first * steps, unit="step", smoothing=0.05) as bar:
        for epoch in range(first, epochs):
            start, total = time.monotonic(), 0.0
            rng = np.random.default_rng([seed, epoch])
            size, mixing = crop_size(epoch / epochs), epoch / epochs < UNMIXED
            model.train()
            for i, batch in enumerate(batches(images, classes, size, rng)):
                for group in optimizer.param_groups:
                    group["lr"] = learning_rate((epoch + i / steps) / epochs)
                loss = step(model, *batch, mixing, rng)
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
                optimizer.step()
                update_average(average, model, epoch * steps + i)
                total += loss.item()
                bar.update()
            seconds += time.monotonic() - start
            history.append(total / steps)
            bar.set_postfix_str(f"epoch {epoch + 1}, {size} px, loss {total / steps:.3f}")
            save(checkpoint, model, average, optimizer, epoch=epoch + 1, seconds=seconds, history=history,
                 plan=plan, seed=seed)
            if watch and ((epoch + 1) % watch_every == 0 or epoch + 1 == epochs):
                bar.write(f"epoch {epoch + 1}: loss {total / steps:.3f}, {watch(average)}")
    return average, seconds, plan


def save(checkpoint, model, average, optimizer, **progress):
    """Writes the checkpoint beside its place and moves it there, so that it is never half written."""
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    state = {"model": model.state_dict(), "average": average.state_dict(), "optimizer": optimizer.state_dict(),
             "torch_rng": torch.get_rng_state(), **progress}
    partial = checkpoint.with_suffix(".partial")
    torch.save(state, partial)
    os.replace(partial, checkpoint)
