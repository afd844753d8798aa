"""The pages of a plan's other sections, all made from the table of sections."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, render_template, url_for

from eqia.domain.errors import NotFound
from eqia.domain.permissions import Action
from eqia.domain.plan_sections import Chapter, EntryStatus, Section, chapters, section
from eqia.domain.privacy import personal_signs
from eqia.persistence.queries import plan_sections as queries
from eqia.persistence.tables.plan_parts import PlanEntryRow
from eqia.persistence.tables.plans import PlanRow
from eqia.services import plan_sections as services
from eqia.services.plan_sections import Written
from eqia.web.access import requires
from eqia.web.acts import by, one_use
from eqia.web.extensions import db
from eqia.web.filters import plural
from eqia.web.forms.plan_sections import SectionForm, TakeOffForm, section_form
from eqia.web.forms.risks import VersionForm
from eqia.web.plan_pages import Answer, PlanPage, planned, the_plan

blueprint = Blueprint("plan_sections", __name__, url_prefix="/plans/<uuid:plan_id>/more")

_GONE = "There is no such entry in this plan."


@dataclass(frozen=True, slots=True)
class Filled:
    """A section with what was written in it."""

    about: Section
    live: Sequence[PlanEntryRow]
    withdrawn: Sequence[PlanEntryRow]

    @property
    def standing(self) -> str:
        """How much of it there is, in words."""
        if not self.live:
            return "still empty"
        if self.about.is_list:
            return plural(len(self.live), "entry", "entries")
        boxes = self.about.boxes
        blank = sum(not self.live[0].words.get(box.code) for box in boxes)
        return f"{blank} of {len(boxes)} boxes still empty" if blank else "all there"

    @property
    def signs(self) -> list[str]:
        """What in its texts may point at a person."""
        texts = (str(text) for row in self.live for text in row.words.values())
        return list(dict.fromkeys(sign for text in texts for sign in personal_signs(text)))


@blueprint.get("")
@requires(Action.READ_PLAN, load=the_plan)
def index(plan: PlanRow) -> str:
    """Show everything else about the plan, and what is still empty."""
    filled = _filled(queries.entries(db.session, plan))
    every = [one for _, sections in filled for one in sections]
    return render_template(
        "plan_sections/index.html",
        page=PlanPage(db.session, plan),
        chapters=filled,
        every=every,
        empty=[one for one in every if not one.live],
        counts=queries.counts(db.session, plan),
    )


@blueprint.route("/<part>", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def write(plan: PlanRow, part: str) -> Answer:
    """Write in a section; in a list, add an entry."""
    about = section(part)
    row = None if about.is_list else queries.first(db.session, plan, about.code)
    page, form = PlanPage(db.session, plan), section_form(about, row)
    form.token.data = one_use(form.token.data)
    return _written(page, about, form, row)


@blueprint.route("/<part>/<uuid:entry_id>", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def edit(plan: PlanRow, part: str, entry_id: UUID) -> Answer:
    """Change an entry of a list."""
    about, row = section(part), _row(plan, part, entry_id)
    page, form = PlanPage(db.session, plan), section_form(about, row)
    return _written(page, about, form, row)


@blueprint.route("/<part>/<uuid:entry_id>/take-off", methods=["GET", "POST"])
@requires(Action.EDIT_PLAN, load=the_plan)
def take_off(plan: PlanRow, part: str, entry_id: UUID) -> Answer:
    """Take an entry off its list; it is kept."""
    about, row = section(part), _row(plan, part, entry_id)
    page, form = PlanPage(db.session, plan), TakeOffForm(data={"version": row.version})

    def act() -> None:
        services.withdraw(
            db.session,
            **by(),
            plan=plan,
            written=Written(about, {}, entry_id, form.version.data),
            why=form.why.data or "",
        )

    said = "It was taken off. It is kept under the list."
    return planned(
        "plan_sections/take_off",
        page,
        form,
        act,
        said,
        to=_place(plan, about),
        newest=row.version,
        about=about,
        row=row,
    )


@blueprint.post("/<part>/<uuid:entry_id>/put-back")
@requires(Action.EDIT_PLAN, load=the_plan)
def put_back(plan: PlanRow, part: str, entry_id: UUID) -> Answer:
    """Put an entry back that was taken off."""
    about, row = section(part), _row(plan, part, entry_id)
    page, form = PlanPage(db.session, plan), VersionForm()

    def act() -> None:
        services.put_back(
            db.session,
            **by(),
            plan=plan,
            written=Written(about, {}, entry_id, form.version.data),
        )

    return planned(
        "plan_sections/put_back",
        page,
        form,
        act,
        "It is on the list again.",
        to=_place(plan, about),
        newest=row.version,
        about=about,
        row=row,
    )


def _written(page: PlanPage, about: Section, form: SectionForm, row: PlanEntryRow | None) -> Answer:
    """Show the form of a section, or keep what was written in it."""
    plan = page.plan

    def act() -> None:
        written = Written(about, form.words(about), row.id if row else None, form["version"].data)
        services.write(
            db.session, **by(), plan=plan, written=written, token=form["token"].data or ""
        )

    return planned(
        "plan_sections/write",
        page,
        form,
        act,
        "What you wrote was kept.",
        to=_place(plan, about),
        newest=row.version if row else 0,
        about=about,
        row=row,
    )


def _filled(rows: Iterable[PlanEntryRow]) -> list[tuple[Chapter, list[Filled]]]:
    """Sort what was written to its sections, once."""
    live: dict[str, list[PlanEntryRow]] = {}
    withdrawn: dict[str, list[PlanEntryRow]] = {}
    for row in rows:
        counts = row.status == EntryStatus.LIVE
        (live if counts else withdrawn).setdefault(row.section, []).append(row)
    return [
        (
            chapter,
            [
                Filled(one, live.get(one.code, ()), withdrawn.get(one.code, ()))
                for one in chapter.sections
            ],
        )
        for chapter in chapters()
    ]


def _row(plan: PlanRow, part: str, entry_id: UUID) -> PlanEntryRow:
    row = queries.get(db.session, plan, part, entry_id)
    if row is None or not section(part).is_list:
        raise NotFound(_GONE)
    return row


def _place(plan: PlanRow, about: Section) -> str:
    return url_for("plan_sections.index", plan_id=plan.id, _anchor=about.code)
