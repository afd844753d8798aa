from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pikepdf import Dictionary, Name, Pdf
from pypdf import PdfReader

from eqia.documents import fonts
from eqia.documents.checking import UnfitError, check
from eqia.documents.colour import srgb
from eqia.documents.records import RENDERER, render, renderer_version
from eqia.domain.records import canonical, digest
from tests.documents.fixtures import ALL_SETS, make_record

PROFILES = ("record", "publication")

# The same bytes, always


def test_the_same_record_gives_the_same_bytes() -> None:
    record = make_record()
    assert render(record) == render(record)


def test_threads_do_not_change_each_others_bytes() -> None:
    records = [make_record(set_id) for set_id in ALL_SETS] * 3
    alone = [render(record) for record in records[: len(ALL_SETS)]] * 3
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(render, records)) == alone


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "0", "TZ": "Asia/Tokyo", "SOURCE_DATE_EPOCH": "86400", "PATH": ""},
        {"PYTHONHASHSEED": "12345", "TZ": "America/St_Johns", "LC_ALL": "C", "PATH": ""},
        {"PYTHONHASHSEED": "7", "TZ": "UTC", "LANG": "tr_TR.UTF-8", "PATH": ""},
    ],
    ids=["Tokyo", "St Johns", "Turkish"],
)
def test_another_process_gives_the_same_bytes(environment: dict[str, str]) -> None:
    here = [digest_of(render(make_record(), profile)) for profile in PROFILES]
    program = (
        "from tests.documents.test_files import PROFILES, digest_of, make_record, render;"
        "print([digest_of(render(make_record(), profile)) for profile in PROFILES])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={**environment, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
    )
    assert done.stdout.strip() == str(here)


def digest_of(pdf: bytes) -> str:
    return hashlib.sha256(pdf).hexdigest()


@pytest.mark.parametrize("profile", PROFILES)
def test_a_file_leaves_no_trace_of_the_machine(profile: str) -> None:
    pdf = unpacked(render(make_record(), profile))
    for trace in (os.fsencode(Path.cwd()), b"/site-packages", b"/tmp/", b".ttf"):
        assert trace not in pdf


def unpacked(pdf: bytes) -> bytes:
    output = io.BytesIO()
    with Pdf.open(io.BytesIO(pdf)) as opened:
        opened.save(output, qdf=True)
    return output.getvalue()


def test_the_only_date_is_that_of_the_sign_off() -> None:
    found = PdfReader(io.BytesIO(render(make_record()))).metadata
    assert found is not None
    assert found["/CreationDate"] == "D:20261124150400Z"
    assert found["/ModDate"] == found["/CreationDate"]


def test_a_publication_copy_is_as_old_as_its_publication() -> None:
    copy = {**make_record(), "published_at": "2026-12-01T09:00:00Z"}
    found = PdfReader(io.BytesIO(render(copy, "publication"))).metadata
    assert found is not None
    assert found["/CreationDate"] == "D:20261201090000Z"


def test_the_renderer_names_what_the_bytes_depend_on() -> None:
    version = renderer_version(fonts.load())
    for part in (f"renderer {RENDERER}", "eqia ", "reportlab ", "pikepdf ", "qpdf ", "pillow "):
        assert part in version
    assert hashlib.sha256(srgb()).hexdigest()[:12] in version
    for face in fonts.load().each():
        assert face.sha256[:12] in version


def test_the_colours_are_the_same_wherever_they_are_made() -> None:
    assert srgb()[36:40] == b"acsp"
    assert srgb()[24:36] == bytes.fromhex("07EA00010001000000000000")
    assert srgb()[40:44] == bytes(4)


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(ValueError, match="profile"):
        render(make_record(), "poster")


# The record in the file


def test_a_record_carries_itself() -> None:
    record = make_record()
    with Pdf.open(io.BytesIO(render(record))) as pdf:
        (name,) = pdf.attachments
        assert name == "EQS-2026-0042-v1.json"
        assert pdf.attachments[name].get_file().read_bytes() == canonical(record).encode()
        assert pdf.Root.AF[0].AFRelationship == Name.Source


def test_a_publication_carries_nothing_but_the_digest_of_its_json() -> None:
    record = make_record()
    with Pdf.open(io.BytesIO(render(record, "publication"))) as pdf:
        assert not pdf.attachments
        assert Name.AF not in pdf.Root
        assert digest(canonical(record)).encode() in pdf.Root.Metadata.read_bytes()


@pytest.mark.parametrize("profile", PROFILES)
def test_a_hostile_title_stays_text_in_the_metadata(profile: str) -> None:
    title = 'A </rdf:li> & "<b>" \x00\x07 مرحبا 👩\u200d👧 ' + "long " * 300
    record = make_record()
    record = {**record, "project": {**record["project"], "title": title}}
    pdf = render(record, profile)
    check(pdf, profile)
    found = PdfReader(io.BytesIO(pdf)).metadata
    assert found is not None
    assert 'A </rdf:li> & "<b>" مرحبا 👩\u200d👧 long' in found.title


# Fonts and checks


@pytest.mark.parametrize("set_id", ALL_SETS)
def test_no_font_but_ours_is_named(set_id: str) -> None:
    pdf = render(make_record(set_id))
    assert b"Helvetica" not in unpacked(pdf)
    with Pdf.open(io.BytesIO(pdf)) as opened:
        names = [
            str(one.BaseFont)
            for one in opened.objects
            if isinstance(one, Dictionary) and one.get(Name.Type) == Name.Font
        ]
    assert len(names) == 2
    assert all(name.startswith("/AAAAAA+") for name in names)


@pytest.mark.parametrize(
    "spoil",
    [lambda pdf: pdf[:-300], lambda pdf: pdf[20:], lambda _pdf: b"%PDF-1.7\n%%EOF"],
    ids=["cut", "headless", "empty"],
)
def test_a_spoilt_file_is_not_stored(spoil: Any) -> None:
    with pytest.raises(UnfitError):
        check(spoil(render(make_record())))


def test_a_font_that_is_not_in_the_file_is_found() -> None:
    with Pdf.open(io.BytesIO(render(make_record()))) as opened:
        for one in opened.objects:
            if isinstance(one, Dictionary) and one.get(Name.Type) == Name.Font:
                del one.FontDescriptor.FontFile2
        output = io.BytesIO()
        opened.save(output, fix_metadata_version=False)
    with pytest.raises(UnfitError, match="is not in the file"):
        check(output.getvalue())


def test_a_folder_of_fonts_comes_first_and_a_broken_one_is_passed_over(tmp_path: Path) -> None:
    for name in ("Regular", "Bold"):
        source = fonts.FALLBACK / ("Vera.ttf" if name == "Regular" else "VeraBd.ttf")
        (tmp_path / f"NotoSans-{name}.ttf").write_bytes(source.read_bytes())
    faces = fonts.load(tmp_path)
    assert faces.source == "setting"
    assert b"BitstreamVera" in unpacked(render(make_record(), faces=faces))
    broken = tmp_path / "broken"
    broken.mkdir()
    for name in ("Regular", "Bold"):
        (broken / f"NotoSans-{name}.ttf").write_bytes(b"not a font")
    assert fonts.load(broken).source != "setting"


def test_a_folder_may_hold_only_what_is_missing(chinese_folder: Path) -> None:
    faces = fonts.load(chinese_folder)
    assert faces.source == fonts.load().source
    assert faces.chinese is not None
