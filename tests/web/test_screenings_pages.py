import pytest

from eqia.persistence.queries import screenings as queries
from eqia.persistence.tables import BodyRow, EvidenceRow, ScreeningRow
from tests.builders import kept, make_member, make_person, make_project
from tests.journeys.filling import start


@pytest.fixture
def lead(session):
    return make_person(session, name="Ada Lead")


@pytest.fixture
def project(session, lead):
    return make_project(session, lead=lead)


@pytest.fixture
def home(client, lead, project):
    return start(client.sign_in(lead), project.id)


def answers_of(session):
    session.expire_all()
    row = session.query(ScreeningRow).one()
    return queries.answers_of(session, row).as_json()


def test_the_task_list_shows_every_section_and_what_cannot_start_yet(client, home):
    page = client.get(home)
    assert "Not yet started" in page.text
    assert "Cannot start yet" in page.text
    assert "We ask about effects on groups of people, not about you" in page.text


def test_nothing_is_chosen_for_the_team(client, home):
    reach(client, home)
    for name in ("decision", "known", "effects-pc", "effects-local", "review"):
        form = client.get(f"{home}/pages/{name}").form()
        assert not {key for key, value in form.values.items() if value} - form.hidden


def test_questions_show_their_stable_ids(client, home):
    page = client.get(f"{home}/pages/what")
    assert "A1. " in page.text
    assert "A2. " in page.text


def test_an_incomplete_page_is_saved_and_leads_on(client, home, session):
    page = client.get(f"{home}/pages/what")
    client.submit_form(page, A1="Clinics open on Saturdays.")
    assert answers_of(session) == {"A1": "Clinics open on Saturdays."}


def test_save_and_come_back_later_leads_to_the_task_list(client, home, session):
    page = client.get(f"{home}/pages/what")
    later = client.submit_form(page, button="later", A1="Half a sentence")
    assert later.location == home
    assert answers_of(session) == {"A1": "Half a sentence"}
    assert "In progress" in client.get(home).text


def test_a_date_that_is_none_is_kept_shown_again_and_explained(client, home, session):
    page = client.get(f"{home}/pages/decision")
    boxes = {"A5_date-day": "31", "A5_date-month": "2", "A5_date-year": "2027"}
    wrong = client.submit_form(page, data={"A5": "options", **boxes}, expect=422)
    assert any("real date" in message for message in wrong.errors)
    assert answers_of(session) == {"A5": "options"}
    again = client.get(f"{home}/pages/decision")
    assert again.form().values["A5_date-day"] == "31"


def test_a_far_too_long_text_is_shown_again_and_the_rest_is_saved(client, home, session):
    page = client.get(f"{home}/pages/what")
    long = "word " * 5000
    wrong = client.submit_form(page, A1=long, A2=["change"], expect=422)
    assert "20,000" in wrong.errors[0]
    assert answers_of(session) == {"A2": ["change"]}
    assert wrong.form().values["A1"].strip() == long.strip()
    right = client.submit_form(wrong, A1="Short now.")
    assert right.status == 302
    assert answers_of(session) == {"A1": "Short now.", "A2": ["change"]}


def test_two_people_see_both_texts_and_may_keep_either(client, app, home, session, project):
    other = make_person(session, name="Ben Member")
    make_member(session, project=project, person=other)
    address = f"{home}/pages/what"
    mine = client.get(address)
    theirs = type(client)(app).sign_in(other)
    theirs.submit_form(theirs.get(address), A1="Ben's words.")
    told = client.submit_form(mine, A1="Ada's words.", expect=409)
    for words in ("Ben's words.", "Ada's words.", "Ben Member"):
        assert words in told.text
    assert answers_of(session) == {"A1": "Ben's words."}
    assert (
        client.get(told.links["Keep what they saved"]).form().values["A1"].strip() == "Ben's words."
    )
    client.submit_form(told)
    assert answers_of(session) == {"A1": "Ada's words."}


def test_an_old_version_of_a_page_never_overwrites(client, home, session):
    old = client.get(f"{home}/pages/what")
    client.submit_form(old, A1="First.")
    client.submit_form(client.get(f"{home}/pages/what"), A1="Second.")
    client.submit_form(old, A1="From an old tab.", expect=409)
    assert answers_of(session) == {"A1": "Second."}


def test_saving_the_same_page_twice_is_no_conflict(client, home):
    page = client.get(f"{home}/pages/what")
    client.submit_form(page, A1="Once.")
    client.submit_form(page, A1="Once.")


HOSTILE = {
    "mark-up": "<script>alert(1)</script><b>bold</b>",
    "nul": "a\x00b",
    "bidi": "abc \u202e\u2066 def",
    "template": "{{ 7*7 }} {% raw %}",
    "emoji": "\U0001f469\u200d\u2695\ufe0f",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_odd_text_is_kept_escaped_and_shown(client, home, session, text):
    client.submit_form(client.get(f"{home}/pages/what"), A1=text)
    assert answers_of(session)["A1"] == text.replace("\x00", "")
    shown = client.get(f"{home}/check")
    assert "<script>alert" not in shown.html
    assert text.replace("\x00", "")[:5] in shown.text


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"A1": "x", "unknown": "y", "Z9.nobody": "no"},
        {"A2": ["change", "change"]},
        {"A2": "martian"},
        {"A1": ["one", "two"]},
        {"version": "-1", "A1": "x"},
        {"version": "9" * 400},
        {"version": ["1", "2"]},
        {"warned": "\x00", "A1": "x"},
    ],
    ids=["empty", "unknown", "repeated", "code", "twice", "minus", "huge", "two versions", "nul"],
)
def test_odd_posts_get_an_answer_and_never_a_fault(client, home, data):
    client.get(f"{home}/pages/what")
    page = client.post(f"{home}/pages/what", data, expect=None)
    assert page.status in {302, 409, 422}


@pytest.mark.parametrize(
    "address", ["pages/nowhere", "pages/group-pc-martian", "pages/check", "pages/evidence"]
)
def test_a_page_that_is_not_on_the_form_leads_somewhere_sensible(client, home, address):
    assert client.get(f"{home}/{address}", expect=302).location.startswith(home)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Her NHS number is 943 476 5919.", "NHS number"),
        ("Ask jo.smith@example.org about it.", "email"),
        ("Ring 0117 496 0123 first.", "phone"),
        ("They live at BS1 4ND.", "postcode"),
        ("Only 3 disabled people come.", "below 8"),
    ],
)
def test_text_that_may_point_at_a_person_is_warned_about_once_and_saved(
    client, home, session, text, sign
):
    page = client.get(f"{home}/pages/what")
    saved = client.submit_form(page, A1=text, A2=["change"])
    assert saved.location.endswith("/pages/what")
    warned = client.follow(saved)
    assert sign in warned.text
    assert answers_of(session)["A1"] == text
    assert client.submit_form(warned).location.endswith("/pages/who")


def test_bodies_are_offered_as_text_and_never_ticked(client, session, lead):
    kept(session, BodyRow(code="northmere", name="Northmere Health"))
    project = make_project(session, lead=lead, bodies=["northmere"])
    home = start(client.sign_in(lead), project.id)
    page = client.get(f"{home}/pages/bodies")
    assert "Your project lists: Northmere Health" in page.text
    assert "A7" not in page.form().values
    client.submit_form(page, data={"A7": ["northmere"], "A7.others": "A small charity"})
    assert answers_of(session)["A7"] == ["northmere", "A small charity"]


def reach(client, home):
    """Answer what opens the sections about groups."""
    client.submit_form(client.get(f"{home}/pages/who"), A3=["patients"], A4="50-499")
    client.submit_form(client.get(f"{home}/pages/what"), A2=["change"])
    page = client.get(f"{home}/pages/reach")
    client.submit_form(page, B1="yes", B2="no", B3="no", B4="no")


def test_marriage_is_no_row_where_work_is_not_touched(client, home):
    reach(client, home)
    page = client.get(f"{home}/pages/effects-pc")
    assert "Marriage" not in page.text
    assert {"Sex", "Gender reassignment"} <= {
        "".join(legend.itertext()).strip() for legend in page.tree.iter("legend")
    }


def test_one_reason_is_written_once_for_groups_ticked_by_hand(client, home, session):
    reach(client, home)
    effects = client.get(f"{home}/pages/effects-pc")
    names = [name for name in effects.form().choices if name.startswith("C1.")]
    client.submit_form(effects, data=dict.fromkeys(names, "none"))
    page = client.get(f"{home}/pages/same-pc")
    reason = "The clinic, its hours and its doors stay as they are."
    client.submit_form(page, data={"C3.why-1": reason, "C3.who-1": ["age", "race"]})
    assert answers_of(session)["C3"] == {"age": reason, "race": reason}
    again = client.get(f"{home}/pages/same-pc").form()
    assert again.values["C3.why-1"].strip() == reason
    assert again.values.getlist("C3.who-1") == ["age", "race"]


def test_a_second_reason_can_be_written_for_the_groups_that_are_left(client, home, session):
    reach(client, home)
    effects = client.get(f"{home}/pages/effects-pc")
    names = [name for name in effects.form().choices if name.startswith("C1.")]
    client.submit_form(effects, data=dict.fromkeys(names, "none"))
    page = client.get(f"{home}/pages/same-pc")
    first = {"C3.why-1": "The clinic and its hours stay as they are.", "C3.who-1": ["age"]}
    again = client.follow(client.submit_form(page, data=first, button="C3-add"))
    assert again.url == page.url
    second = {"C3.why-2": "Nothing that is said or asked depends on it.", "C3.who-2": ["race"]}
    client.submit_form(again, data=second)
    assert answers_of(session)["C3"] == {"age": first["C3.why-1"], "race": second["C3.why-2"]}


def test_a_reason_for_no_group_waits_as_typed_until_groups_are_ticked(client, home, session):
    reach(client, home)
    effects = client.get(f"{home}/pages/effects-pc")
    client.submit_form(effects, data={"C1.age": "none", "C1.sex": "none"})
    page = client.get(f"{home}/pages/same-pc")
    wrong = client.submit_form(page, data={"C3.why-1": "Nothing differs for them."}, expect=422)
    assert "Tick the groups" in wrong.errors[0]
    assert "C3" not in answers_of(session)
    kept_text = client.get(f"{home}/pages/same-pc").form().values["C3.why-1"]
    assert kept_text.strip() == "Nothing differs for them."
    client.submit_form(wrong, data={"C3.who-1": ["age", "sex"]})
    assert set(answers_of(session)["C3"]) == {"age", "sex"}


def test_a_source_sets_the_basis_and_the_page_says_so(client, home, session):
    reach(client, home)
    page = client.get(f"{home}/evidence/new")
    data = {"kind": "data", "title": "Waiting list", "groups.pc": ["age"], "link": "javascript:x"}
    client.follow(client.submit_form(page, data=data))
    client.submit_form(client.get(f"{home}/pages/effects-pc"), data={"C1.age": "positive"})
    group = client.get(f"{home}/pages/group-pc-age")
    assert "From your sources: Local data" in group.text
    assert "nothing" not in group.form().choices["C2.age"]
    client.submit_form(group, data={"C2.age": ["judgement"], "C3.age": "They wait less long."})
    assert answers_of(session)["C2"] == {"age": ["data", "judgement"]}
    listed = client.get(f"{home}/evidence")
    assert 'href="javascript' not in listed.html
    row = session.query(EvidenceRow).one()
    edit = client.get(f"{home}/evidence/{row.id}")
    assert edit.form().values.getlist("groups.pc") == ["age"]
    client.submit_form(edit, edit.form("/remove"))
    assert answers_of(session)["C2"] == {"age": ["judgement"]}


def test_an_empty_source_names_what_is_missing(client, home):
    page = client.get(f"{home}/evidence/new")
    wrong = client.submit_form(page, note="Something", expect=422)
    assert len(wrong.errors) == 2


def test_a_section_is_completed_only_by_the_teams_word(client, home):
    page = client.get(f"{home}/sections/about")
    wrong = client.submit_form(page, expect=422)
    assert wrong.errors == ["Say whether you have completed this section"]
    early = client.submit_form(page, completed="yes", expect=422)
    assert early.errors[0].startswith("Answers still needed here: ")
    assert client.submit_form(early, completed="no").location == home
    client.get(f"{home}/sections/nowhere", expect=404)


def test_the_send_page_links_to_everything_still_needed(client, home):
    page = client.get(f"{home}/submit")
    assert any(text.startswith("A1 ") for text in page.links)
    wrong = client.submit_form(page, expect=422)
    assert wrong.errors[0].startswith("A1 ")


def test_withdrawing_asks_why(client, home):
    page = client.get(f"{home}/withdraw")
    client.submit_form(page, expect=422)
    client.submit_form(page, reason="No longer planned.")
    assert "No longer planned." in client.get(home).text
    client.get(f"{home}/pages/what", expect=403)


def test_somebody_elses_draft_is_not_there(client, home, session):
    client.sign_in(make_person(session))
    for address in ("", "/pages/what", "/check", "/evidence", "/submit"):
        client.get(f"{home}{address}", expect=404)


def test_a_welsh_screening_asks_in_welsh_and_says_the_translation_is_a_draft(client, session, lead):
    project = make_project(session, lead=lead, question_set_id="wales-reg8")
    page = client.sign_in(lead).get(f"/screenings/new/{project.id}")
    assert "Choose a language" in client.submit_form(page, expect=422).errors
    home = client.submit_form(page, language="cy").location
    page = client.get(f"{home}/pages/what")
    assert next(page.tree.iter("html")).get("lang") == "cy"
    assert page.having_class("govuk-inset-text")
