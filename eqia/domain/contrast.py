"""Whether white letters can be read on a colour (WCAG 2.2, 1.4.3)."""

import re

LEAST = 4.5
NOT_A_COLOUR = "Enter a colour as # and six letters or digits, like #0f4c4f"
TOO_PALE = (
    "White letters cannot be read on this colour: the contrast is {ratio:.1f} to 1, and it must"
    " be 4.5 to 1 or more. Choose a darker one"
)
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def colour_problem(colour: str) -> str | None:
    """Say why a header colour cannot be used, or None; none chosen is no problem."""
    if not colour:
        return None
    if not _COLOUR.fullmatch(colour):
        return NOT_A_COLOUR
    ratio = contrast_with_white(colour)
    return None if ratio >= LEAST else TOO_PALE.format(ratio=ratio)


def contrast_with_white(colour: str) -> float:
    """Give the contrast ratio, from 1 (white) to 21 (black)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB
