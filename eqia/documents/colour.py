"""The colours of a document: sRGB, as a profile that is the same on every machine."""

from functools import cache

from PIL import ImageCms

#: ICC.1:2022 section 7.2: when the profile was made, and on which platform. Both say nothing of
#: the colours, and both differ by machine.
_DATE = slice(24, 36)
_PLATFORM = slice(40, 44)
_ANY_DAY = bytes.fromhex("07EA00010001000000000000")


@cache
def srgb() -> bytes:
    """Give the profile; Pillow makes it, so that none need be kept with the sources."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    made[_DATE] = _ANY_DAY
    made[_PLATFORM] = bytes(4)
    return bytes(made)
