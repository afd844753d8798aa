from __future__ import annotations

import shutil
from pathlib import Path

import pytest

#: where Debian's fonts-droid-fallback puts its font, and where Ghostscript's resources do
PLACES = (
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf",
)


@pytest.fixture(scope="session")
def chinese_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the setting that holds a font for Chinese and nothing else."""
    found = next((Path(place) for place in PLACES if Path(place).is_file()), None)
    if found is None:
        pytest.skip("there is no font for Chinese on this machine")
    folder = tmp_path_factory.mktemp("fonts")
    shutil.copy(found, folder / found.name)
    return folder
