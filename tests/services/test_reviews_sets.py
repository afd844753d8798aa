"""Every nation's set goes through review, sign-off and EqIA on the same code."""

from datetime import date

import pytest

from eqia.domain.decisions import decide
from eqia.domain.flags import FlagKind
from eqia.domain.interchange import decision_as_json
from eqia.domain.people import MemberRole, Role
from eqia.domain.reviews import Signing, Supplied, Weight
from eqia.domain.screenings import Status
from eqia.services import eqias, reviews
from eqia.services.eqias import Kept
from tests.builders import NOW, acting, make_person, make_project, make_screening
from tests.domain.forms import (
    health_form,
    ni_form,
    parsed,
    question_set,
    scottish_form,
    welsh_form,
)

FORMS = {
    "bhp-nhs": health_form(),
    "ni-s75": ni_form(),
    "scot-psed-fsd": scottish_form(),
    "wales-reg8": welsh_form(),
}
SUPPLIED = Supplied("Complaints by group", "Sam", date(2027, 3, 1), date(2027, 9, 1))


@pytest.fixture(params=list(FORMS))
def sent(request, session):
    """A submitted form of one set that came to its lowest outcome."""
    asked = question_set(request.param)
    form = FORMS[request.param]
    answers = parsed(form, request.param)
    decision = decision_as_json(asked, decide(asked, answers), ())
    lead = make_person(session)
    project = make_project(session, lead=lead)
    screening = make_screening(
        session,
        set_id=request.param,
        project=project,
        author=lead,
        answers=form,
        status=Status.SUBMITTED,
        decision=decision,
        calculated_outcome=asked.lowest.id,
        outcome_in_force=asked.lowest.id,
    )
    return asked, screening, acting(lead, projects={project.id: MemberRole.LEAD})


def act(session, screening, *roles):
    actor = acting(make_person(session), roles=roles)
    return {"session": session, "actor": actor, "now": NOW, "screening": screening}


def sign(session, asked, screening):
    by = act(session, screening, Role.APPROVER)
    reviews.give_receipt(**by, digest=screening.content_digest)
    signing = Signing(
        digest=screening.content_digest,
        statements=tuple(one.id for one in asked.signoff.confirm),
        weight=Weight("Shorter waits.", "None seen.", "Nobody is worse off."),
        supplied=SUPPLIED,
    )
    reviews.sign_off(**by, signing=signing, token=f"sign-{screening.id}")


def test_the_lowest_outcome_is_confirmed_and_signed(session, sent):
    asked, screening, _ = sent
    reviews.confirm(**act(session, screening, Role.REVIEWER), token=f"confirm-{screening.id}")
    sign(session, asked, screening)
    assert screening.status is Status.SIGNED
    assert screening.confirmed_outcome == asked.lowest.id
    assert screening.eqia_pending_from is None


def test_the_top_outcome_is_signed_as_a_screening_and_its_eqia_is_followed(session, sent):
    asked, screening, lead = sent
    by = act(session, screening, Role.REVIEWER)
    reviews.raise_outcome(**by, outcome=asked.top.id, reason="It is wider than it looks.")
    sign(session, asked, screening)
    assert getattr(screening, f"{FlagKind.EQIA_PENDING.value}_from") == NOW.date()
    kept = Kept("EQIA-7", "https://example.org/eqia", "started")
    eqias.update(session, actor=lead, now=NOW, screening=screening, kept=kept)
    eqias.approve(**act(session, screening, Role.APPROVER))
    assert screening.eqia_pending_from is None
    assert asked.top.opens_eqia
