"""What the demonstration shows to anyone: a published record, and a request for another look."""

from dataclasses import replace

from eqia.domain.publications import Choice, Decided, Part, Why, parts_of
from eqia.domain.records import read
from eqia.persistence.queries import publications, records
from eqia.persistence.tables.screenings import ScreeningRow
from eqia.services import look_requests, tokens
from eqia.services import publications as services
from eqia.services.demonstration_story import Stage, Story
from eqia.services.records import Printing


def publish(stage: Stage, _told: Story, one: Story, screening: ScreeningRow) -> None:
    """Publish a signed version, with some of its texts left out."""
    record = records.of_screening(stage.session, screening.id)
    if record is None:
        raise LookupError(screening.reference)
    now = stage.at(one["published"])
    parts = parts_of(read(record.canonical_json))
    services.publish(
        stage.session,
        actor=stage.person("dev", now),
        now=now,
        record=record,
        decided=Decided({part.id: _choice(part, one["left_out"]) for part in parts}),
        token=tokens.new_token(),
        printing=_printing(stage, screening),
    )


def ask(stage: Stage, _told: Story, one: Story, screening: ScreeningRow) -> None:
    """Have somebody outside ask for another look."""
    publication = publications.live(stage.session, screening.id)
    if publication is None:
        raise LookupError(screening.reference)
    asked = one["asked"]
    look_requests.ask_for_another_look(
        stage.session,
        now=stage.at(asked["at"]),
        publication=publication,
        asking=look_requests.Asking(
            asked["wrong"], asked["contact"], tokens.new_token(), ("somebody",)
        ),
    )


def _printing(stage: Stage, screening: ScreeningRow) -> Printing:
    """Give the copy its public address: that of all records, with another ending."""
    root = stage.printing.address.removesuffix("records/")
    place = f"{root}published/{screening.reference}/{screening.number}"
    return replace(stage.printing, address=place if root else "")


def _choice(part: Part, left_out: list[Story]) -> Choice:
    found = (one for one in left_out if part.text.startswith(one["starts"]))
    told = next(found, None)
    return Choice(Why(told["why"]), told.get("reason", "")) if told else Choice()
