"""Our pages' colour profile is sRGB, in 480 bytes."""

from __future__ import annotations

import io
from importlib import resources

import numpy as np
import pikepdf
from PIL import Image, ImageCms

from tests.conftest import page_pdf


def test_the_profile_changes_no_colour_of_srgb() -> None:
    data = resources.files("records").joinpath("srgb.icc").read_bytes()
    ours = ImageCms.ImageCmsProfile(io.BytesIO(data))
    assert len(data) == 480
    steps = np.arange(0, 256, 15, dtype=np.uint8)
    colours = np.stack(np.meshgrid(steps, steps, steps), -1).reshape(18, -1, 3)
    meant = Image.fromarray(colours)
    for source, target in (
        (ours, ImageCms.createProfile("sRGB")),
        (ImageCms.createProfile("sRGB"), ours),
    ):
        seen = ImageCms.profileToProfile(meant, source, target)
        assert seen is not None
        assert np.abs(np.asarray(seen, int) - np.asarray(meant, int)).max() <= 1


def test_a_page_bears_it_and_no_other() -> None:
    data = resources.files("records").joinpath("srgb.icc").read_bytes()
    with pikepdf.open(io.BytesIO(page_pdf())) as pdf:
        (intent,) = pdf.Root.OutputIntents
        assert intent.DestOutputProfile.read_bytes() == data
