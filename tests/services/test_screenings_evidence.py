import pytest

from eqia.domain.errors import Conflict, Invalid, NotAllowed
from eqia.domain.evidence import Source, fingerprint, web_address
from eqia.persistence.queries import evidence as queries
from eqia.services import evidence as services
from tests.builders import NOW
from tests.services.screening_acts import SHORT, make_team


@pytest.fixture
def team(database_session):
    return make_team(database_session)


def add(team, kind="data", groups=("age",), **values):
    source = Source(kind, values.pop("title", "Waiting list by age"), groups, **values)
    return services.add(team.session, actor=team.lead, now=NOW, screening=team.draft, source=source)


def test_a_source_sets_the_basis_of_each_group_it_covers(team):
    add(team, groups=("age", "sex"))
    assert team.answers()["C2"] == {"age": ["data"], "sex": ["data"]}


def test_a_source_joins_what_was_ticked_by_hand_and_replaces_nothing_yet(team):
    team.save(C2={"age": ["judgement"], "sex": ["nothing"]})
    add(team, kind="views", groups=("age", "sex"))
    assert team.answers()["C2"] == {"age": ["views", "judgement"], "sex": ["views"]}


def test_taking_a_source_off_takes_its_basis_with_it(team):
    team.save(C2={"age": ["judgement"]})
    row = add(team, groups=("age", "sex"))
    services.remove(
        team.session, actor=team.lead, now=NOW, screening=team.draft, evidence_id=row.id
    )
    assert team.answers()["C2"] == {"age": ["judgement"]}
    assert not queries.rows_of(team.session, team.draft)


def test_changing_the_groups_of_a_source_moves_the_basis(team):
    row = add(team)
    source = Source("research", "A national study", ("race",))
    services.change(
        team.session,
        actor=team.lead,
        now=NOW,
        screening=team.draft,
        evidence_id=row.id,
        source=source,
    )
    assert team.answers()["C2"] == {"race": ["research"]}


def test_an_earlier_assessment_gives_no_basis_by_itself(team):
    add(team, kind="assessment")
    assert "C2" not in team.answers()


def test_a_basis_no_source_covers_stops_the_sending(team):
    team.save(**SHORT, C2={"age": ["data"]})
    with pytest.raises(Invalid) as refused:
        team.submit()
    assert [problem.field for problem in refused.value.problems] == ["C2.age"]


@pytest.mark.parametrize(
    "source",
    [
        Source("rumour", "Heard it"),
        Source("data", "   "),
        Source("data", "Figures", ("martians",)),
        Source("data", "x" * 301),
        Source("data", "Figures", link="x" * 2001),
        Source("data", "broken \ud800 text"),
    ],
    ids=["kind", "title", "groups", "long title", "long link", "surrogate"],
)
def test_a_source_that_cannot_be_used_is_refused(team, source):
    with pytest.raises(Invalid):
        services.add(team.session, actor=team.lead, now=NOW, screening=team.draft, source=source)


def test_no_source_can_be_added_once_it_is_sent(team):
    team.save(**SHORT)
    team.submit()
    with pytest.raises(NotAllowed):
        add(team)


@pytest.mark.parametrize(
    ("link", "followed"),
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("JavaScript://example.org/%0aalert(1)", False),
        ("data:text/html,hello", False),
        ("//example.org", False),
        ("Board minute 12/3", False),
        ("https://", False),
        ("http://[broken", False),
    ],
)
def test_only_a_web_address_is_ever_a_link(link, followed):
    assert bool(web_address(link)) is followed


def test_a_second_click_adds_no_second_source(team):
    source = Source("data", "Waiting list by age", ("age",))
    for _ in range(2):
        services.add(
            team.session,
            actor=team.lead,
            now=NOW,
            screening=team.draft,
            source=source,
            token="one click",
        )
    assert len(queries.rows_of(team.session, team.draft)) == 1


def test_a_source_somebody_else_changed_meanwhile_is_not_overwritten(team):
    row = add(team)
    opened = fingerprint(queries.source_of(row))

    def change(title):
        return services.change(
            team.session,
            actor=team.lead,
            now=NOW,
            screening=team.draft,
            evidence_id=row.id,
            source=Source("data", title, ("age",)),
            seen=opened,
        )

    change("First change")
    with pytest.raises(Conflict) as told:
        change("Second change")
    assert "First change" in told.value.current
    assert "Second change" in told.value.attempted
