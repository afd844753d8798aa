"""A short record, its file, and that file sealed: made once for all tests that look at seals."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any

import pikepdf

from eqia.documents.finishing import SEAL_FIELD
from eqia.documents.fonts import load
from eqia.documents.records import render, renderer_version
from eqia.documents.sealing import seal
from eqia.domain.records import canonical, record_of
from eqia.domain.verdicts import Evidence, Overall, Remade, State, Stored, judge
from tests.documents.fixtures import make_facts, short_form
from tests.documents.seal_material import AT, seal_key

if TYPE_CHECKING:
    from eqia.documents.seal_keys import SealKey
    from eqia.domain.examinations import Seen
    from eqia.domain.verdicts import Verdict


@cache
def short_record() -> dict[str, Any]:
    made_with = {"application": "eqia 0.1.0", "renderer": renderer_version(load())}
    return record_of(
        make_facts(answers=short_form(), rich=False, seal=seal_key().seal, made_with=made_with)
    )


@cache
def record_text() -> str:
    return canonical(short_record())


@cache
def unsealed() -> bytes:
    return render(short_record())


@cache
def sealed(key: SealKey | None = None) -> bytes:
    return seal(unsealed(), key or seal_key(), field=SEAL_FIELD, at=AT)


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def saved(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    output = io.BytesIO()
    pdf.save(output, fix_metadata_version=False, **options)
    return output.getvalue()


def judged(seen: Seen, stored: Stored, *, remade: Remade = Remade.SAME) -> Verdict:
    """The verdict of a service that seals with the first key and holds the record."""
    seals = {seal_key().seal.fingerprint: seal_key().seal}
    return judge(Evidence(seen=seen, trusted=seals, asked=True, stored=stored, remade=remade))


def failing(verdict: Verdict) -> set[int]:
    """The numbers of the checks that fail."""
    assert (verdict.overall is Overall.NOT_GENUINE) == any(
        line.state is State.FAILS for line in verdict.lines
    )
    return {n for n, line in enumerate(verdict.lines, 1) if line.state is State.FAILS}
