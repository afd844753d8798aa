"""The `eqia` command: set up, serve, decide and check from a terminal."""


def main() -> None:
    """Run the command line."""
