"""The coverage rules about risks and issues: a high one is answered, by somebody still here."""

from collections.abc import Iterator

from eqia.domain.coverage_items import Item, Level, On
from eqia.domain.pictures import Picture
from eqia.domain.risks import RiskView, score_words


def unready(picture: Picture) -> Iterator[Item]:
    """Raise C18: a high-scored risk without response or review date."""
    for risk in picture.risks:
        has = (("response", risk.response), ("date to look at it again", risk.review_date))
        gaps = [word for word, there in has if not there]
        if risk.is_open and risk.is_high and gaps:
            text = f"It scores {score_words(risk.score)}, and has no {' and no '.join(gaps)}."
            yield _on_risk("C18", risk, text, "Say what you do about it and when you look again")


def gone(picture: Picture) -> Iterator[Item]:
    """Raise C20: the owner of an open risk who has left."""
    for risk in picture.risks:
        if risk.is_open and risk.owner in picture.inactive:
            text = f"{risk.owner} has no account any more."
            yield _on_risk("C20", risk, text, "Name another owner")


def _on_risk(rule: str, risk: RiskView, text: str, fix: str) -> Item:
    return Item(rule, Level.WARN, On.RISK, risk.id, risk.title, text, fix)
