"""How large a file is, in the words a link says it with."""

_KILOBYTE = 1000


def in_kilobytes(size: int) -> str:
    """Give a size in kilobytes, never less than one."""
    return f"{max(1, round(size / _KILOBYTE)):,} kB"
