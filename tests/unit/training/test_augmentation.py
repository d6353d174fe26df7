"""How images are changed at random."""

import torch

from vaqf.training.augmentation import Augmentation

COUNT = 64


def changed(augmentation: Augmentation, images: torch.Tensor) -> torch.Tensor:
    whole = slice(0, COUNT, COUNT)
    return augmentation(images, torch.Generator().manual_seed(0), whole)


def test_a_hole_is_a_rectangle_of_at_most_that_share() -> None:
    holes = changed(Augmentation(hole=0.5), torch.ones(COUNT, 3, 16, 16)) == 0
    rows, columns = holes.any(dim=3), holes.any(dim=2)
    assert torch.equal(holes, rows.unsqueeze(3) & columns.unsqueeze(2))
    assert torch.equal(holes, holes[:, :1].expand_as(holes)), "all colours are gone"
    for size in (rows[:, 0].sum(dim=1), columns[:, 0].sum(dim=1)):
        # One more may begin within it.
        assert 6 <= int(size.max()) <= 9
        assert int(size.min()) == 0


def test_saturation_keeps_the_mean_of_colours() -> None:
    images = torch.rand((COUNT, 3, 4, 4), generator=torch.Generator().manual_seed(1))
    found = changed(Augmentation(saturation=0.7), images)
    assert torch.allclose(found.mean(dim=1), images.mean(dim=1), atol=1e-6)
    share = (found.std(dim=1) / images.std(dim=1)).mean(dim=(1, 2))
    assert 0.3 <= float(share.min()) < 0.6 and 1.4 < float(share.max()) <= 1.701


def test_a_tint_adds_to_each_colour_by_itself() -> None:
    found = changed(Augmentation(tint=0.3), torch.zeros(COUNT, 3, 4, 4))
    assert torch.equal(found, found[:, :, :1, :1].expand_as(found))
    colours = found[:, :, 0, 0]
    assert 0.25 < float(colours.abs().max()) <= 0.3
    assert float((colours[:, 0] - colours[:, 1]).abs().max()) > 0.3
