from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from nn.training.augment import Augment, angles, augment, blur, cut_out, positions, sample, thicken

FULL = Augment(12, 1.5, 0.12, 0.2, 0.6, 0.6, 0.5, 0.15, 0.15, 0.5, 8)


def glyphs(count=20, seed=0):
    rng = np.random.default_rng(seed)
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 6:22, 8:20] = rng.integers(0, 256, (count, 16, 12))
    return images


def draw(settings, images, seed=0):
    return augment(images, settings, np.random.default_rng(seed))


def test_nothing_set_changes_nothing():
    np.testing.assert_allclose(draw(Augment(), glyphs()), glyphs() / 255, rtol=1e-6)


def test_same_seed_same_pictures_and_the_input_stays():
    images = glyphs()
    first = draw(FULL, images)
    assert first.dtype == np.float32 and first.shape == images.shape
    assert first.min() >= 0 and first.max() <= 1
    np.testing.assert_array_equal(first, draw(FULL, images))
    np.testing.assert_array_equal(images, glyphs())
    assert (np.abs(first - draw(FULL, images, seed=1)).max(axis=(1, 2)) > 0).all()


ADVERBS = {"cutout_size", "rotation_from", "rotation_probability", "smoothing"}


@pytest.mark.parametrize("name", [name for name in Augment.__slots__ if name not in ADVERBS])
def test_every_setting_changes_pictures(name):
    much: Any = 1 if name == "cutout" else 0.2
    settings = Augment(**{name: much})
    assert np.abs(draw(settings, glyphs()) - glyphs() / 255).max() > 0.01


def test_sampling_is_bilinear_with_nothing_outside():
    rng = np.random.default_rng(0)
    pictures = rng.random((3, 9, 7), np.float32)
    where = rng.uniform(-3, 11, (2, 3, 9, 7)).astype(np.float32)
    expected = [
        ndimage.map_coordinates(np.pad(picture, 2), where[:, n] + 2, order=1)
        for n, picture in enumerate(pictures)
    ]
    np.testing.assert_allclose(sample(pictures, where), expected, atol=1e-5)


def test_rotation_moves_by_the_angle_at_most():
    where = positions((200, 28, 28), Augment(rotation=10), np.random.default_rng(0))
    right = where[:, :, 13, 27] - where[:, :, 13, 0]
    angles = np.degrees(np.arctan2(right[0], right[1]))
    assert 9 < np.abs(angles).max() <= 10.001 and abs(angles.mean()) < 1
    np.testing.assert_allclose(np.hypot(*right), 27, rtol=1e-4)


def test_rotation_of_some_by_a_range():
    settings = Augment(rotation=15, rotation_from=10, rotation_probability=0.5)
    drawn = angles(settings, np.random.default_rng(0), 4000)
    turned = drawn[drawn != 0]
    assert 0.47 < len(turned) / 4000 < 0.53 and 0.45 < (turned > 0).mean() < 0.55
    assert 10 <= np.abs(turned).min() < 10.1 and 14.9 < np.abs(turned).max() <= 15


def test_displacement_is_uniform_noise_through_a_gaussian():
    settings = Augment(displacement=8, smoothing=2)
    where = positions((3, 16, 16), settings, np.random.default_rng(0))
    still = positions((3, 16, 16), Augment(), np.random.default_rng(0))
    rng = np.random.default_rng(0)
    for count in (3, 3, 6, 6):
        rng.random(count, np.float32)
    noise = (rng.random((2, 3, 16, 16), np.float32) * 2 - 1) * 8
    expected = ndimage.gaussian_filter(noise, 2, axes=(2, 3), mode="constant", truncate=8)
    np.testing.assert_allclose(where - still, expected, atol=1e-4)


def test_noise_is_on_each_pixel_and_stays_in_range():
    changed = draw(Augment(noise=0.3), np.full((500, 28, 28), 128, np.uint8))
    spread = changed.std(axis=(1, 2))
    assert spread.min() < 0.01 and 0.25 < spread.max() < 0.3 and abs(changed.mean() - 0.502) < 0.01
    edge = draw(Augment(noise=0.3), np.tile(np.array([0, 255], np.uint8), (500, 28, 14)))
    assert edge.min() == 0 and edge.max() == 1


def test_zoom_and_shift_stay_in_their_limits():
    where = positions((200, 28, 28), Augment(zoom=0.2, shift=2), np.random.default_rng(0))
    for axis, ends in enumerate((where[0][:, [0, -1], 0], where[1][:, 0, [0, -1]])):
        scale = (ends[:, 1] - ends[:, 0]) / 27
        assert np.exp(-0.2) - 1e-4 <= scale.min() < 0.9 and 1.1 < scale.max() <= np.exp(0.2) + 1e-4, axis
        middle = ends.mean(axis=1) - 13.5
        assert np.abs(middle).max() <= 2.001


def test_elastic_displacement_is_as_large_as_asked_and_smooth():
    still = positions((400, 28, 28), Augment(shift=1e-9), np.random.default_rng(0))
    moved = positions((400, 28, 28), Augment(elastic=1), np.random.default_rng(0)) - still
    assert moved.std() == pytest.approx((1 / 3) ** 0.5, rel=0.05)
    assert np.diff(moved, axis=3).std() < 0.3 * moved.std()


@pytest.mark.parametrize("amount", [1.0, -1.0, 0.5])
def test_thickness_is_grey_morphology(amount):
    pictures = (glyphs(3) / 255).astype(np.float32)
    extreme = ndimage.grey_dilation if amount > 0 else ndimage.grey_erosion
    target = np.stack([extreme(picture, (3, 3), mode="nearest") for picture in pictures])
    expected = pictures + abs(amount) * (target - pictures)
    thicken(pictures, np.array([amount, 0, amount], np.float32))
    np.testing.assert_allclose(pictures[::2], expected[::2], atol=1e-6)
    np.testing.assert_array_equal(pictures[1], (glyphs(3) / 255).astype(np.float32)[1])


def test_blur_is_a_separable_filter():
    pictures = (glyphs(2) / 255).astype(np.float32)
    kernel = np.outer([0.2, 0.6, 0.2], [0.2, 0.6, 0.2])
    blurred = blur(pictures, np.array([0.2, 0], np.float32))
    np.testing.assert_allclose(blurred[0], ndimage.convolve(pictures[0], kernel, mode="constant"), atol=1e-6)
    np.testing.assert_array_equal(blurred[1], pictures[1])


def test_contrast_keeps_black_white_and_order():
    images = np.tile(np.linspace(0, 255, 28).astype(np.uint8), (50, 28, 1))
    changed = draw(Augment(contrast=1.0), images)
    assert (changed[:, :, 0] == 0).all() and np.allclose(changed[:, :, -1], 1)
    assert (np.diff(changed, axis=2) >= -1e-6).all()


def test_cut_out_blanks_one_rectangle_in_some_pictures():
    pictures = np.ones((400, 28, 28), np.float32)
    cut_out(pictures, Augment(cutout=0.25, cutout_size=6), np.random.default_rng(0))
    blank = pictures == 0
    heights, widths = blank.any(axis=2).sum(axis=1), blank.any(axis=1).sum(axis=1)
    np.testing.assert_array_equal(blank.sum(axis=(1, 2)), heights * widths)
    assert max(heights.max(), widths.max()) == 6 and 60 < (heights > 0).sum() < 140


@pytest.mark.parametrize(
    ("name", "value"), [("rotation", -1), ("blur", 0.3), ("thickness", 2), ("rotation_from", 3)]
)
def test_settings_out_of_range(name, value):
    with pytest.raises(ValueError, match=f"{name} = {value}"):
        Augment(**{name: value})
