"""What is minimized: a student learns from labels, and from its teacher."""

# The signatures of torch are only partly typed:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional

from vaqf.training.network import Answer


@dataclass(frozen=True)
class Distillation:
    """How much a student listens to its teacher (Hinton et al., 2015)."""

    share: float = 0.5
    """Of the loss that compares logits with those of the teacher; the rest compares with labels."""

    temperature: float = 3.0
    """Softens the answer of the teacher, which shows how alike it finds the classes."""

    tokens: float = 0.0
    """Weight of the loss that compares tokens, each normalized, as they leave the last block."""

    def loss(self, answer: Answer, labels: Tensor, teacher: Answer | None) -> Tensor:
        """
        The loss of a batch.

        Args:
            answer: Of the student.
            labels: The right classes.
            teacher: What the teacher says, if there is one.
        """
        logits = answer.logits.float()
        hard = functional.cross_entropy(logits, labels)
        if teacher is None:
            return hard
        soft_labels = functional.softmax(teacher.logits.float() / self.temperature, dim=1)
        # Softening shrinks gradients by the square of the temperature; the factor makes up for it.
        soft = functional.kl_div(
            functional.log_softmax(logits / self.temperature, dim=1),
            soft_labels,
            reduction="batchmean",
        )
        total = self.share * self.temperature**2 * soft + (1 - self.share) * hard
        if self.tokens:
            size = answer.tokens.shape[-1:]
            expected = functional.layer_norm(teacher.tokens.float(), size)
            found = functional.layer_norm(answer.tokens.float(), size)
            total = total + self.tokens * functional.mse_loss(found, expected)
        return total
