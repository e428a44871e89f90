import cv2
import numpy as np
import pytest

from nn.finder import HEIGHT
from ocr.finding.region import TextRegion, joined, lines_of, region_of, without_doubles
from ocr.finding.text_finder import regions_of

STRIDE = 4


def drawn_maps(lines, shape=(80, 120)):
    """Maps that say that text runs along `lines` (x, y of the middle, length, height, degrees), in pixels."""
    maps = np.zeros((*shape, 5), np.float32)
    maps[..., :2] = -6
    for x, y, length, height, degrees in lines:
        for channel, long, high in ((0, length, height), (1, length - height / 2, height / 2)):
            box = cv2.boxPoints(
                (((x - 1.5) / STRIDE, (y - 1.5) / STRIDE), (long / STRIDE, high / STRIDE), degrees)
            )
            inside = np.zeros(shape, np.uint8)
            cv2.fillPoly(inside, [np.round(16 * box).astype(np.int32)], 1, shift=4)
            maps[inside > 0, channel] = 6
            if channel == 0:
                twice = np.radians(2 * degrees)
                maps[inside > 0, 2:] = np.log2(height) - HEIGHT, np.cos(twice), np.sin(twice)
    return maps


def region(x, y, length, height, angle=0.0, score=0.9):
    return region_of(np.array([x, y], float), length, height, angle, score)


@pytest.mark.parametrize("degrees", [0, 7, -20, 45, 90, -80])
@pytest.mark.parametrize("height", [16, 40, 96])
def test_a_line_is_found_where_it_runs(degrees, height):
    (found,) = regions_of(drawn_maps([(230, 150, 180, height, degrees)]), STRIDE)
    assert np.hypot(*(found.middle - [230, 150])) < 4
    assert abs((found.angle - degrees + 90) % 180 - 90) < 3 and -90 < found.angle <= 90
    assert abs(found.length - 180) < 12 and found.height == pytest.approx(height, rel=0.05)
    assert found.score > 0.9
    top_left, top_right, bottom_right, bottom_left = found.corners
    turn = np.radians(found.angle)
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    np.testing.assert_allclose(top_right - top_left, found.length * along, atol=1e-6)
    np.testing.assert_allclose(bottom_right - top_right, found.height * across, atol=1e-6)
    np.testing.assert_allclose(bottom_left - top_left, found.height * across, atol=1e-6)


def test_a_letter_as_wide_as_high_has_the_direction_that_the_maps_say():
    (found,) = regions_of(drawn_maps([(200, 160, 80, 80, 30)]), STRIDE)
    assert found.angle == pytest.approx(30, abs=1)


def test_neighbouring_lines_are_apart_and_an_empty_picture_has_none():
    lines = [(200, y, 220, 20, 0) for y in (60, 84, 108, 132)]
    found = regions_of(drawn_maps(lines), STRIDE)
    assert [round(each.middle[1]) for each in found] == pytest.approx([60, 84, 108, 132], abs=2)
    assert regions_of(drawn_maps([]), STRIDE) == []


def test_what_is_hardly_text_is_left_out():
    maps = drawn_maps([(200, 60, 220, 20, 0), (200, 160, 220, 24, 0)])
    maps[30:, :, 0] = np.where(maps[30:, :, 0] > 0, -0.4, -6)
    assert len(regions_of(maps, STRIDE)) == 1


def test_of_regions_over_each_other_the_best_is_kept():
    regions = [
        region(100, 50, 80, 20),
        region(102, 51, 78, 22),
        region(100, 80, 80, 20),
        region(300, 50, 9, 9),
    ]
    kept = without_doubles(regions, [1, 0, 2, 3], 0.5)
    assert [regions.index(each) for each in kept] == [1, 2, 3]
    assert without_doubles([], [], 0.5) == []


def test_words_of_a_line_are_put_together_and_lines_go_from_top_to_bottom():
    words = [
        region(300, 101, 90, 20),
        region(100, 60, 60, 20),
        region(200, 99, 90, 20),
        region(90, 100, 100, 22),
    ]
    lines = lines_of(words)
    assert [[words.index(word) for word in line] for line in lines] == [[1], [3, 2, 0]]
    assert lines_of([]) == []


@pytest.mark.parametrize(
    "other",
    [
        region(220, 118, 90, 20),
        region(280, 100, 90, 20),
        region(200, 100, 90, 40),
        region(200, 100, 90, 20, 30.0),
    ],
    ids=["lower", "far", "higher", "turned"],
)
def test_what_runs_elsewhere_is_another_line(other):
    assert len(lines_of([region(100, 100, 90, 20), other])) == 2


def test_lines_that_run_upwards_are_put_together_too():
    words = [region(100, 100, 60, 20, 90.0), region(101, 180, 60, 20, 88.0), region(150, 100, 60, 20, 90.0)]
    assert sorted(len(line) for line in lines_of(words)) == [1, 2]
    first, second = next(line for line in lines_of(words) if len(line) == 2)
    assert isinstance(first, TextRegion) and first.middle[1] < second.middle[1]


@pytest.mark.parametrize("angle", [0.0, 25.0, -40.0])
def test_a_joined_line_reaches_from_its_first_region_to_its_last(angle: float) -> None:
    turn = np.radians(angle)
    along = np.array([np.cos(turn), np.sin(turn)])
    parts = [region_of(100 + k * along, 30, 10, angle, 0.9) for k in (0, 40)]
    whole = joined([*parts, region_of(100 + 60 * along, 20, 10, angle + 5, 0.8)])
    assert whole.angle == angle
    assert whole.length == pytest.approx(85, abs=1) and whole.height == pytest.approx(11, abs=1)
    np.testing.assert_allclose(whole.corners[0], parts[0].corners[0], atol=1.0)
