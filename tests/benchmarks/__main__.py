"""Run the benchmarks: `python -m tests.benchmarks`, or only those named after it."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).parent


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))


def main(chosen: list[str]) -> None:
    unknown = set(chosen) - set(names())
    if unknown:
        sys.exit(
            f"There is no benchmark {', '.join(sorted(unknown))}. Choose: {', '.join(names())}"
        )
    for name in chosen or names():
        print(f"\n{name}\n{'-' * len(name)}", flush=True)  # noqa: T201 - a figure is for reading
        import_module(f"tests.benchmarks.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
