"""Train a small network on letters of one's own, and read a picture with it.

python examples/own_network.py letters.npz mine.safetensors picture.png
"""

from __future__ import annotations

import sys

import nn
import ocr
from nn.data import read_npz


def main(letters: str, model: str, picture: str) -> None:
    """Learn, save the network, and print what it reads."""
    data = read_npz(letters)
    classes = len(set(data.labels.tolist()))
    layers = [nn.Conv2D(8, 3), nn.ReLU(), nn.MaxPool2D(), nn.Flatten(), nn.Dense(classes)]
    network = nn.Classifier(layers, epochs=8, optimizer="adam")
    network.fit(data.images, data.labels)
    network.save(model)
    print(ocr.read(picture, model=model, language="none", pipeline="letter").text)


if __name__ == "__main__":
    main(*sys.argv[1:])
