"""What a user says of a model that is made."""

import re

import pytest

from vaqf.dialects.diagnostics import UserError
from vaqf.training.sources import parse_arguments


def test_values_have_the_type_that_they_look_like() -> None:
    texts = ["depth=4", "drop_rate=0.1", "qkv_bias=False", "global_pool=avg", "img_size=(28, 28)"]
    assert parse_arguments(texts) == {
        "depth": 4,
        "drop_rate": 0.1,
        "qkv_bias": False,
        "global_pool": "avg",
        "img_size": (28, 28),
    }


@pytest.mark.parametrize("text", ["depth", "depth=", "=4", "a b=4"])
def test_what_is_no_argument(text: str) -> None:
    message = f"'{text}' is no argument of a model, expected one such as depth=4"
    with pytest.raises(UserError, match=re.escape(message)):
        parse_arguments([text])
