import pytest

from eqia.domain.answers import Answers
from eqia.domain.journeys import (
    CHECK_PAGE,
    Kind,
    Progress,
    find_page,
    may_visit,
    next_page,
    page_asking,
    pages,
    previous_page,
    section_progress,
)
from eqia.domain.question_set_loading import load_question_sets
from eqia.domain.sample_forms import random_form
from tests.domain.forms import (
    QUIET,
    TEXT,
    effects,
    health_form,
    ni_form,
    parsed,
    question_set,
    seeded,
    short_form,
    welsh_form,
)

SETS = [key[0] for key in load_question_sets()]


def ids(form, name="bhp-nhs", **given):
    return [page.id for page in pages(question_set(name), parsed(form, name), **given)]


def progress_of(form, name="bhp-nhs", *, stopped=False, sources=0):
    asked, answers = question_set(name), parsed(form, name)
    found = pages(asked, answers, stopped=stopped)
    return section_progress(asked, answers, found, stopped=stopped, sources=sources)


def statuses(form, name="bhp-nhs", **given):
    return {one.section.id: one.status for one in progress_of(form, name, **given)}


def test_an_empty_form_starts_with_what_changes_and_ends_with_checking():
    listed = ids({})
    assert listed[:3] == ["what", "who", "decision"]
    assert listed[-1] == "check"


def test_groups_that_fare_no_differently_share_one_page():
    found = pages(question_set(), parsed(health_form()))
    same = find_page(found, "same-pc")
    assert same.kind is Kind.SAME
    assert same.questions == ("C2", "C3")
    assert len(same.groups) == 9
    assert not [page for page in found if page.kind is Kind.GROUP]


def test_each_affected_group_has_its_page_with_a_plan_only_where_there_is_harm():
    found = pages(question_set(), parsed(health_form(C1=effects(age="minor", sex="dk"))))
    groups = {page.groups[0]: page.questions for page in found if page.kind is Kind.GROUP}
    assert groups == {"age": ("C2", "C3", "C4"), "sex": ("C2", "C3")}
    assert len(find_page(found, "same-pc").groups) == 7


def test_local_groups_have_their_own_section():
    found = pages(question_set(), parsed(health_form(C1=effects(carers="minor"))))
    page = find_page(found, "group-local-carers")
    assert (page.section, page.group_list) == ("local", "local")
    assert find_page(found, "effects-local").groups == (
        *("deprivation", "carers"),
        *("inclusion_health", "language_digital"),
    )


def test_marriage_is_asked_about_only_where_work_is_touched():
    asked = find_page(pages(question_set(), parsed(health_form())), "effects-pc")
    assert "marriage_cp" in asked.groups
    quiet = find_page(pages(question_set(), parsed(health_form(B2="no"))), "effects-pc")
    assert "marriage_cp" not in quiet.groups


def test_nobody_affected_leaves_a_short_form():
    assert ids(short_form()) == ["what", "who", "decision", "bodies", "reach", "nobody", "check"]


def test_an_answer_given_on_the_short_path_stays_in_sight():
    assert "effects-pc" in ids(short_form(C1={"age": "minor"}))
    assert "technology" in ids(short_form(A2=["digital_ai"]))


def test_questions_that_depend_on_an_answer_come_on_the_next_page():
    assert "urgent" not in ids(health_form())
    listed = ids(health_form(A5="approved"))
    assert listed[listed.index("decision") + 1] == "urgent"
    listed = ids(health_form(F1="done"))
    assert listed[listed.index("involvement") + 1] == "involvement_more"


def test_after_stopping_here_a_certain_team_gives_about_twenty_pages_at_most():
    form = health_form(A2=["reduce_close_move"], A5="approved", A6="partly", D1="yes")
    whole, stopped = ids(form), ids(form, stopped=True)
    assert len(stopped) <= 20 < len(whole)
    assert "needs" in stopped
    assert "combined" not in stopped
    needs = find_page(pages(question_set(), parsed(form), stopped=True), "needs")
    assert needs.questions == ("D1",)


def test_next_and_previous_walk_the_form_and_stop_at_its_ends():
    found = pages(question_set(), parsed(health_form()))
    assert next_page(found, "what").id == "who"
    assert previous_page(found, "who").id == "what"
    assert previous_page(found, "what") is None
    assert next_page(found, "check") is CHECK_PAGE
    assert next_page(found, "gone").id == "what"
    assert previous_page(found, "gone") is None


def test_a_page_can_be_found_by_what_it_asks():
    found = pages(question_set(), parsed(health_form(C1=effects(age="minor"))))
    assert page_asking(found, "B1").id == "reach"
    assert page_asking(found, "C3", "age").id == "group-pc-age"
    assert page_asking(found, "C3", "sex").id == "same-pc"
    assert page_asking(found, "C1", "carers").id == "effects-local"
    assert page_asking(found, "A5_urgent") is None


def test_groups_cannot_start_before_it_is_known_which_path_the_form_takes():
    assert statuses({})["groups"] is Progress.CANNOT_START
    assert not may_visit(question_set(), parsed({}), "effects-pc")
    assert may_visit(question_set(), parsed({}), "what")
    assert may_visit(question_set(), parsed({}), "check")
    assert may_visit(question_set(), parsed(health_form()), "effects-pc")
    assert not may_visit(question_set(), parsed(health_form()), "nobody")
    assert not may_visit(question_set(), parsed(health_form()), "no-such-page")


def test_sections_say_how_far_they_have_come():
    form = {"A1": TEXT, **{q: QUIET[q] for q in ("A2", "A3", "B1", "B2", "B3", "B4")}}
    form |= {"A3": ["patients"], "B1": "yes"}
    found = statuses(form)
    assert found["about"] is Progress.IN_PROGRESS
    assert found["reach"] is Progress.IN_PROGRESS
    assert found["groups"] is Progress.NOT_STARTED
    assert found["evidence"] is Progress.NOT_STARTED
    assert statuses(form, sources=1)["evidence"] is Progress.COMPLETED


def test_a_whole_form_is_completed_section_by_section():
    form = health_form(A5_who="The board", D2_why=TEXT, F1_who=TEXT)
    assert set(statuses(form, sources=1).values()) == {Progress.COMPLETED}
    assert set(statuses(short_form()).values()) == {Progress.COMPLETED}


def test_a_section_lists_what_it_lacks():
    about = next(one for one in progress_of(health_form(A5_who=None)) if one.section.id == "about")
    assert [blank.question for blank in about.missing] == ["A5_who"]


@pytest.mark.parametrize("name", SETS)
def test_every_question_shown_is_asked_on_exactly_one_page(name):
    found, chance = question_set(name), seeded(9)
    for _ in range(150):
        answers = parsed(random_form(found, chance), name).visible(found)
        listed = pages(found, answers)
        assert len({page.id for page in listed}) == len(listed)
        for question, group, _answer in answers.items(found):
            asking = [
                page
                for page in listed
                if question in page.questions and (group is None or group in page.groups)
            ]
            assert len(asking) == 1, (question, group)


@pytest.mark.parametrize("name", SETS)
def test_whatever_is_missing_has_a_page_to_give_it_on(name):
    found, chance = question_set(name), seeded(10)
    for stopped in (False, True):
        for _ in range(100):
            form = random_form(found, chance)
            kept = {question: form[question] for question in form if chance.random() < 0.6}
            answers = parsed(kept, name)
            listed = pages(found, answers, stopped=stopped)
            for blank in answers.missing(found, stopped=stopped):
                assert page_asking(listed, blank.question, blank.group), blank


@pytest.mark.parametrize("name", SETS)
def test_walking_forward_ends(name):
    found = pages(question_set(name), Answers())
    seen, page = [], found[0]
    while page is not CHECK_PAGE:
        assert page.id not in seen
        seen.append(page.id)
        page = next_page(found, page.id)
    assert len(seen) == len(found) - 1


def test_each_nation_asks_its_own_groups():
    assert "same-relations" in ids(ni_form(), "ni-s75")
    assert "promote-equality" in ids(ni_form(), "ni-s75")
    assert "same-also" in ids(welsh_form(), "wales-reg8")
    assert "effects-pc" not in ids({}, "scot-psed-fsd")


def test_what_goes_on_from_an_answer_for_every_group_comes_after_it():
    listed = ids(ni_form(), "ni-s75")
    assert listed.index("promote_more") == listed.index("promote-equality") + 1
    assert listed.index("promote_relations") == listed.index("promote-relations") + 1
