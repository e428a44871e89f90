"""How long 1,000 glyphs take here, beside onnxruntime on the export of the same model.

Run it by hand where onnx, onnxruntime and this project are installed:
``python -m tests.bench.bench_inference MODEL``. Both use as many threads and take turns; printed are the
medians of their times, and by how much their probabilities differ at most.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import onnxruntime

from nn.export import to_onnx
from nn.model import Sequential
from nn.predict import probabilities
from nn.threads import cores
from tests.bench.record import record

GLYPHS = 1000


def seconds(call: Callable[[], object]) -> float:
    """Return the seconds that one call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", help="a model file")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    model = Sequential.load(options.model)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = cores()
    session = onnxruntime.InferenceSession(to_onnx(model), settings, providers=["CPUExecutionProvider"])
    glyphs = np.random.default_rng(0).integers(0, 256, (GLYPHS, *model.input_shape), np.uint8)
    pictures = {"pictures": np.multiply(glyphs, np.float32(1 / 255), dtype=np.float32)}

    def ours() -> np.ndarray:
        return probabilities(model, model.predict(glyphs))

    def theirs() -> np.ndarray:
        return np.asarray(session.run(["probabilities"], pictures)[0])

    difference = np.abs(ours() - theirs()).max()
    times = np.array([[seconds(ours), seconds(theirs)] for _ in range(options.rounds)])
    ratios = times[:, 0] / times[:, 1]
    print(f"{GLYPHS} glyphs: NumPy {1e3 * np.median(times[:, 0]):.0f} ms, ", end="")
    print(f"onnxruntime {1e3 * np.median(times[:, 1]):.0f}; ours takes ", end="")
    print(f"{np.median(ratios):.2f} times theirs ({ratios.min():.2f} to {ratios.max():.2f})")
    print(f"probabilities differ by {difference:.1e} at most")
    milliseconds = dict(zip(("NumPy", "onnxruntime"), (1e3 * times.T).tolist(), strict=True))
    record("inference", {"glyphs": GLYPHS, "milliseconds": milliseconds, "difference": float(difference)})


if __name__ == "__main__":
    main()
