"""What is minimized."""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

import pytest
import torch
from torch.nn import functional

from vaqf.training.distillation import Distillation
from vaqf.training.network import Answer

LOGITS = torch.tensor([[2.0, -1.0, 0.5], [0.0, 1.0, 3.0]])
LABELS = torch.tensor([0, 2])
TOKENS = torch.randn(2, 5, 8, generator=torch.Generator().manual_seed(0))
ANSWER = Answer(LOGITS, TOKENS)
HARD = functional.cross_entropy(LOGITS, LABELS).item()


def test_without_a_teacher_only_labels_count() -> None:
    loss = Distillation(share=0.9, tokens=1).loss(ANSWER, LABELS, None)
    assert loss.item() == pytest.approx(HARD)


def test_a_teacher_that_says_the_same_leaves_the_share_of_the_labels() -> None:
    loss = Distillation(share=0.75, tokens=2.0).loss(ANSWER, LABELS, ANSWER)
    assert loss.item() == pytest.approx(HARD / 4, abs=1e-6)


def test_a_teacher_pulls_logits_and_tokens_to_its_own() -> None:
    logits, tokens = LOGITS.clone().requires_grad_(), TOKENS.clone().requires_grad_()
    # Scale and offset of a token do not matter: what follows normalizes it.
    teacher = Answer(torch.zeros_like(LOGITS), TOKENS.flip(0) * 3 + 1)
    only = Distillation(share=1.0, temperature=2.0, tokens=1.0)
    only.loss(Answer(logits, tokens), LABELS, teacher).backward()
    assert logits.grad is not None and tokens.grad is not None
    expected = (functional.softmax(LOGITS / 2, dim=1) - 1 / 3) * 2 / len(LOGITS)
    assert torch.allclose(logits.grad, expected, atol=1e-6)
    step = Answer(LOGITS, TOKENS - 0.1 * tokens.grad)
    closer = only.loss(step, LABELS, teacher)
    assert closer < only.loss(ANSWER, LABELS, teacher)
