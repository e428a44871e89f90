import numpy as np
import pytest

from nn.finder import HEIGHT, MAPS, FinderModel
from ocr.finding.text_finder import TextFinder


class Bars(FinderModel):
    """Stands for a network: to it, bars of 255 are text, as high as the grey beside them says, in pixels."""

    def __init__(self):
        layers = [{"type": "conv2d", "filters": 5, "kernel": 5, "stride": 4}]
        super().__init__(layers, (64, 64, 1), MAPS)
        self.looked_at = []

    def maps(self, picture):
        self.looked_at.append(picture.shape)
        whole = np.pad(picture, [(0, -side % 4) for side in picture.shape])
        rows, columns = (side // 4 for side in whole.shape)
        blocks = whole.reshape(rows, 4, columns, 4).mean(axis=(1, 3))
        maps = np.zeros((rows, columns, 5), np.float32)
        maps[..., :2] = 12 * (blocks[..., None] / 255 - 0.5)
        bars = blocks > 127
        thick = bars.sum(axis=0).max(initial=1)
        maps[..., 2] = np.log2(2 * 4 * max(thick, 1)) - HEIGHT
        maps[..., 3] = 1
        return maps


def bar(shape, top, left, height, width):
    picture = np.zeros(shape, np.uint8)
    picture[top : top + height, left : left + width] = 255
    return picture


@pytest.mark.parametrize("shape", [(300, 400), (900, 1000), (2400, 3000)])
def test_corners_are_those_of_the_picture_whatever_is_looked_at(shape):
    picture = bar(shape, shape[0] // 2, shape[1] // 4, 48, shape[1] // 2)
    (found,) = TextFinder(Bars()).find(picture)
    pixel = 2 * max(1, shape[0] / 1000) + 2
    np.testing.assert_allclose(found.middle, [shape[1] / 2, shape[0] / 2 + 24], atol=pixel)
    assert found.height == pytest.approx(96, abs=4 * pixel) and abs(found.angle) < 1
    assert found.length == pytest.approx(shape[1] / 2 + found.height / 2, abs=4 * pixel)


def test_how_often_and_how_large_a_picture_is_looked_at():
    for shape, looked_at in (
        ((300, 400), [(300, 400), (600, 800)]),
        ((900, 1000), [(900, 1000)]),
        ((2000, 2000), [(1000, 1000)]),
    ):
        model = Bars()
        TextFinder(model).find(np.zeros(shape, np.uint8))
        assert model.looked_at == looked_at


def test_parts_of_a_large_picture_with_low_letters_are_looked_at_more_closely():
    picture = bar((2000, 2000), 1304, 200, 8, 304)
    model = Bars()
    (found,) = TextFinder(model).find(picture)
    assert model.looked_at[0] == (1000, 1000) and len(model.looked_at) == 2
    assert model.looked_at[1][0] * model.looked_at[1][1] <= 1_000_000
    np.testing.assert_allclose(found.middle, [352, 1308], atol=4)


def test_a_picture_of_a_few_pixels_has_no_text():
    assert TextFinder(Bars()).find(np.zeros((3, 5), np.uint8)) == []
