from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pypdf import PdfReader

from eqia.documents import fonts
from eqia.documents.checking import UnfitError, check
from eqia.documents.records import render, renderer_version
from tests.documents.fixtures import ALL_SETS, make_record

# The same bytes, always


def test_the_same_record_gives_the_same_bytes() -> None:
    record = make_record()
    assert render(record) == render(record)


def test_threads_do_not_change_each_others_bytes() -> None:
    records = [make_record(set_id) for set_id in ALL_SETS] * 3
    alone = [render(record) for record in records[: len(ALL_SETS)]] * 3
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(render, records)) == alone


@pytest.mark.parametrize("seed", ["0", "12345"])
def test_another_process_gives_the_same_bytes(seed: str) -> None:
    here = hashlib.sha256(render(make_record())).hexdigest()
    program = (
        "import hashlib;from tests.documents.fixtures import ALL_SETS, make_record;"
        "from eqia.documents.records import render;"
        "print(hashlib.sha256(render(make_record())).hexdigest())"
    )
    environment = {
        "PYTHONHASHSEED": seed,
        "TZ": "Asia/Tokyo",
        "SOURCE_DATE_EPOCH": "86400",
        "PATH": "",
    }
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.strip() == here


def test_the_only_date_is_that_of_the_sign_off() -> None:
    found = PdfReader(io.BytesIO(render(make_record()))).metadata
    assert found is not None
    assert found["/CreationDate"].startswith("D:20261124150400")
    assert found["/ModDate"] == found["/CreationDate"]


def test_the_renderer_names_what_the_bytes_depend_on() -> None:
    version = renderer_version(fonts.load())
    assert "reportlab" in version
    assert fonts.load().regular.sha256[:12] in version


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(ValueError, match="profile"):
        render(make_record(), "poster")


# Fonts and checks


def test_no_font_but_ours_is_named() -> None:
    pdf = render(make_record())
    assert b"Helvetica" not in pdf
    names = set(re.findall(rb"/BaseFont /([^\s/]+)", pdf))
    assert len(names) == 2
    assert all(re.match(rb"[A-Z]{6}\+(NotoSans|BitstreamVera)", name) for name in names)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda pdf: pdf[:-300],
        lambda pdf: pdf[20:],
        lambda pdf: pdf.replace(b"/BaseFont /AAAAAA+", b"/BaseFont /"),
        lambda _pdf: b"%PDF-1.7\n%%EOF",
    ],
    ids=["cut", "headless", "font not embedded", "empty"],
)
def test_a_spoilt_file_is_not_stored(spoil: Any) -> None:
    with pytest.raises(UnfitError):
        check(spoil(render(make_record())))


def test_a_folder_of_fonts_comes_first_and_a_broken_one_is_passed_over(tmp_path: Any) -> None:
    for name in ("Regular", "Bold"):
        source = fonts.FALLBACK / ("Vera.ttf" if name == "Regular" else "VeraBd.ttf")
        (tmp_path / f"NotoSans-{name}.ttf").write_bytes(source.read_bytes())
    faces = fonts.load(tmp_path)
    assert faces.source == "setting"
    assert b"BitstreamVera" in render(make_record(), faces=faces)
    broken = tmp_path / "broken"
    broken.mkdir()
    for name in ("Regular", "Bold"):
        (broken / f"NotoSans-{name}.ttf").write_bytes(b"not a font")
    assert fonts.load(broken).source != "setting"
