"""Six rich records, and words in every script they must print."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tests.documents.fixtures import ALL_SETS, english, evidence, make_facts, short_form

if TYPE_CHECKING:
    from eqia.domain.records import Facts

LONG = "The clinic moves, and people told us many things about it, some of them at length. "

SCRIPTS = {
    "welsh": "Bydd mwy o staff sy'n siarad Cymraeg yn Nhŷ Ŵyr, a bydd y bws yn aros wrth y drws.",
    "yoruba": "Ilé ìwòsàn ẹsẹ̀ ń ṣí lọ sí Ọ̀nà Mill; ọ̀rẹ́ wa Ṣadé ló sọ fún wa.",
    "polish": "Poradnia przenosi się na ulicę Młyńską. Zażółć gęślą jaźń: ósma, środa, źródło.",
    "arabic": "سيتم نقل عيادة القدم إلى شارع الطاحونة، وسوف تفتح أبوابها حتى الساعة 7 مساءً",
    "urdu": "پاؤں کا کلینک مل روڈ پر منتقل ہو رہا ہے اور لوگ ٹیلی فون پر وقت لے سکیں گے",
    "chinese": "足部诊所将搬到磨坊路的新健康中心",
    "emoji": "Families 👩\u200d👩\u200d👧 said \U0001f600 and ✓.",
}


def longest() -> Facts:
    """Long answers, a table of 120 rows, every script, and links."""
    answers = english()
    answers["A1"] = (LONG * 120)[:9_990] + "THE END"
    for group, script in zip(list(answers["C3"]), SCRIPTS.values(), strict=False):
        answers["C3"][group] = script
    answers["F1_who"] = " ".join(f"https://data.example/source/{n}" for n in range(40))
    many = [evidence(f"Source {n}", ["age"], link="https://data.example/s") for n in range(120)]
    return make_facts(answers=answers, evidence=many)


def shortest() -> Facts:
    """The short form, with nothing optional."""
    return make_facts(answers=short_form(), rich=False, receipts=[], reviews=[])


#: all four nations, and the shortest and the longest record
RICH = {
    **{set_id: partial(make_facts, set_id) for set_id in ALL_SETS},
    "shortest": shortest,
    "longest": longest,
}
