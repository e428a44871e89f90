import numpy as np
import pytest

from nn.data import Samples
from nn.errors import DataError

IMAGES = np.zeros((3, 4, 5), np.uint8)
LABELS = np.array(["a", "b", ""])
SPLIT = np.array(["train", "val", ""])
FLOATS = IMAGES.astype(np.float32)


def test_what_is_as_it_must_be():
    assert len(Samples(IMAGES, LABELS, SPLIT)) == len(Samples(IMAGES, LABELS, SPLIT, LABELS)) == 3
    assert len(Samples(IMAGES[:0], LABELS[:0], SPLIT[:0])) == 0


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((IMAGES.tolist(), LABELS, SPLIT), "images are a list; expected a uint8 array (N, H, W)"),
        ((IMAGES[0], LABELS, SPLIT), "images are uint8 (4, 5); expected uint8 (N, H, W)"),
        ((IMAGES[..., None], LABELS, SPLIT), "images are uint8 (3, 4, 5, 1); expected uint8 (N, H, W)"),
        ((IMAGES[:, :, :0], LABELS, SPLIT), "images are uint8 (3, 4, 0)"),
        ((FLOATS + 0.5, LABELS, SPLIT), "images are float32, from 0.5 to 0.5; expected uint8, from 0 to 255"),
        ((FLOATS + np.nan, LABELS, SPLIT), "images are float32 and hold NaN or infinity"),
        ((IMAGES.astype(int) - 300, LABELS, SPLIT), "images are int64, from -300 to -300; expected uint8"),
        ((IMAGES.astype(str), LABELS, SPLIT), "images are <U"),
        ((IMAGES, LABELS[:2], SPLIT), "labels are (2,) for 3 pictures; expected one for each"),
        ((IMAGES, LABELS[None], SPLIT), "labels are (1, 3) for 3 pictures"),
        ((IMAGES, np.arange(3), SPLIT), "labels are int64; expected an array of str, one for each picture"),
        ((IMAGES, ["a", "b", "c"], SPLIT), "labels are a list; expected an array of str"),
        ((IMAGES, LABELS, SPLIT[:1]), "split are (1,) for 3 pictures"),
        ((IMAGES, LABELS, LABELS), "split holds 'a'; expected train, val, test"),
        ((IMAGES, LABELS, SPLIT, SPLIT[:2]), "groups are (2,) for 3 pictures"),
    ],
)
def test_what_is_not_is_said_in_words(arguments, expected):
    with pytest.raises(DataError) as caught:
        Samples(*arguments)
    assert str(caught.value).startswith(expected) and "\n" not in str(caught.value)
