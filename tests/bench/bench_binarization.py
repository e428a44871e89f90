"""How close our masks are to true ones by the measures of the contests, beside other binarizations.

Run it by hand: ``python -m tests.bench.bench_binarization FOLDER``, where FOLDER (or the environment's
OCR_DATA) holds ``NAME.png`` beside ``NAME.gt.png``, ink black. With doxapy installed, its Wolf, NICK and
ISauvola join. Printed are means over the pictures, how often the criterion took a candidate within a point
of the best, and seconds a megapixel.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from skimage.filters import threshold_otsu, threshold_sauvola

from pipelines.clean.binarizers import BINARIZERS
from pipelines.clean.evidence import binarize_by_evidence
from pipelines.clean.light import to_grey
from tests.bench.record import record
from tests.mask_scores import f_measure, score_mask

Binarize = Callable[[np.ndarray], np.ndarray]


def peers() -> dict[str, Binarize]:
    """Return others' binarizations of grey, uint8 (H, W), to a mask, ink = True."""
    found: dict[str, Binarize] = {
        "Otsu (scikit-image)": lambda grey: grey <= threshold_otsu(grey),
        "Sauvola (scikit-image)": lambda grey: grey < threshold_sauvola(grey, window_size=25, k=0.2),
    }
    try:
        import doxapy
    except ImportError:
        return found

    def theirs(name: str, k: float) -> Binarize:
        def run(grey: np.ndarray) -> np.ndarray:
            out = np.empty_like(grey)
            method = doxapy.Binarization(getattr(doxapy.Binarization.Algorithms, name))
            method.initialize(np.ascontiguousarray(grey))
            method.to_binary(out, {"window": 75, "k": k})
            return out == 0

        return run

    for name, k in (("WOLF", 0.2), ("NICK", -0.2), ("ISAUVOLA", 0.2)):
        found[f"{name} (doxapy)"] = theirs(name, k)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, help="of pictures and masks")
    parser.add_argument("--each", action="store_true", help="print the F-measures of every picture")
    options = parser.parse_args()
    folders = options.folders or [Path(os.environ["OCR_DATA"])]
    truths = [path for folder in folders for path in sorted(folder.glob("*.gt.png"))]
    if not truths:
        parser.error("no *.gt.png there")
    methods = peers() | {f"{name} (ours)": threshold for name, threshold in BINARIZERS.items()}
    scores: dict[str, list[tuple[float, ...]]] = {name: [] for name in (*methods, "by evidence (ours)")}
    near, seconds, pixels = 0, 0.0, 0
    for path in truths:
        marked = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        picture = cv2.imread(str(path.with_name(path.name.replace(".gt.png", ".png"))))
        assert marked is not None and picture is not None
        truth = np.asarray(marked < 128)
        grey = to_grey(np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8))
        masks = {name: method(grey) for name, method in methods.items()}
        started = time.process_time()
        choice = binarize_by_evidence(grey)
        seconds += time.process_time() - started
        pixels += grey.size
        masks["by evidence (ours)"] = choice.mask
        for name, mask in masks.items():
            values = score_mask(mask, truth)
            scores[name].append((values.f_measure, values.pseudo_f_measure, values.psnr, values.drd))
        best = max(scores[f"{name} (ours)"][-1][0] for name in BINARIZERS)
        near += max(best, f_measure(choice.mask, truth)) - f_measure(choice.mask, truth) < 1
        if options.each:
            figures = "  ".join(f"{scores[name][-1][0]:5.1f}" for name in masks)
            print(f"{path.name[:-7]:24}{figures}  {choice.name}")
    print(f"{'':24}{'F':>7}{'pseudo F':>10}{'PSNR':>7}{'DRD':>7}   over {len(truths)} pictures")
    for name, rows in scores.items():
        f, pseudo, ratio, distortion = np.mean(rows, axis=0)
        print(f"{name:24}{f:7.2f}{pseudo:10.2f}{ratio:7.2f}{distortion:7.2f}")
    print(f"within a point of the best candidate: {near} of {len(truths)}", end="; ")
    print(f"{seconds / pixels * 1e6:.2f} s of one core a megapixel")
    means = {name: np.mean(rows, axis=0).tolist() for name, rows in scores.items()}
    measured = {"pictures": len(truths), "F, pseudo F, PSNR, DRD": means}
    record("binarization", measured | {"seconds a megapixel": seconds / pixels * 1e6})


if __name__ == "__main__":
    main()
