"""References people can read out: EQS-2026-0042 v3."""


def screening_reference(year: int, number: int) -> str:
    """Make the reference that every version of one screening shares."""
    return f"EQS-{year}-{number:04d}"


def with_version(reference: str, version: int) -> str:
    """Print the reference of one version."""
    return f"{reference} v{version}"
