"""Each mutation makes a file that a screen reader, or a court, would be misled by."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from pikepdf import Array, Name, Pdf, String

from eqia.documents import fonts
from eqia.documents.checking import UnfitError, check, findings
from eqia.documents.tagging import Element, TaggedCanvas, UnmarkedError
from tests.documents.samples import TREE, changed, elements, sample, tree_of

if TYPE_CHECKING:
    from collections.abc import Callable


def without(role: str, key: str) -> Callable[[Pdf], None]:
    def mutate(pdf: Pdf) -> None:
        for one in elements(pdf, role):
            del one[key]

    return mutate


def with_role(role: str, other: str) -> Callable[[Pdf], None]:
    def mutate(pdf: Pdf) -> None:
        for one in elements(pdf, role):
            one.S = Name(f"/{other}")

    return mutate


def headings_to_paragraphs(pdf: Pdf) -> None:
    for level in range(1, 5):
        with_role(f"H{level}", "P")(pdf)


def empty_alternative(pdf: Pdf) -> None:
    for one in elements(pdf, "Figure"):
        one.Alt = String(" ")


def link_without_contents(pdf: Pdf) -> None:
    for page in pdf.pages:
        for one in page.obj.get(Name.Annots, []):
            if one.Subtype == Name.Link:
                del one.Contents


def unmarked_paint(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"0 0 10 10 re f")


def reversed_order(pdf: Pdf) -> None:
    document = elements(pdf, "Document")[0]
    document.K = Array(reversed(list(document.K)))


def untagged(pdf: Pdf) -> None:
    del pdf.Root.StructTreeRoot
    del pdf.Root.MarkInfo


def without_root(key: str) -> Callable[[Pdf], None]:
    def mutate(pdf: Pdf) -> None:
        del pdf.Root[key]

    return mutate


def nested_marks(pdf: Pdf) -> None:
    page = pdf.pages[0]
    page.Contents = pdf.make_stream(b"/Artifact BMC " + page.Contents.read_bytes() + b" EMC")


def swapped_cells(pdf: Pdf) -> None:
    row = elements(pdf, "TR")[-1]
    del row.K[1]


def other_json(pdf: Pdf) -> None:
    pdf.Root.AF[0].EF.F.write(b'{"outcome":"none"}')


def other_hash(pdf: Pdf) -> None:
    data = pdf.Root.Metadata.read_bytes()
    start = data.index(b"recordSHA256>") + 13
    pdf.Root.Metadata.write(data[:start] + b"0" * 64 + data[start + 64 :])


def other_title(pdf: Pdf) -> None:
    pdf.trailer.Info.Title = String("Another title")


def other_field(pdf: Pdf) -> None:
    pdf.Root.AcroForm.Fields[0].T = String("Another")


def broken_way_back(pdf: Pdf) -> None:
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    numbers[1] = Array(reversed(list(numbers[1])))


TWELVE = {
    "missing Alt": (without("Figure", "/Alt"), "no words for those who cannot"),
    "empty Alt": (empty_alternative, "no words for those who cannot"),
    "no Scope": (without("TH", "/A"), "what it is the head of"),
    "TH to TD": (with_role("TH", "TD"), "of a table"),
    "headings to P": (headings_to_paragraphs, "no title heading"),
    "heading skip": (with_role("H3", "H4"), "leave out a level"),
    "no Lang": (without_root("/Lang"), "which language"),
    "no DisplayDocTitle": (without_root("/ViewerPreferences"), "the name of the file"),
    "link without Contents": (link_without_contents, "A link has no words"),
    "unmarked paint": (unmarked_paint, "neither content nor decoration"),
    "reversed order": (reversed_order, "not in the order"),
    "untagged file": (untagged, "no tags"),
}

MORE = {
    "sections to P": (with_role("H2", "P"), "leave out a level"),
    "nested marks": (nested_marks, "inside other marked content"),
    "short row": (swapped_cells, "differ in length"),
    "list without items": (with_role("LI", "P"), "P tag inside L"),
    "other JSON": (other_json, "not the one the file names"),
    "other hash": (other_hash, "not the one the file names"),
    "other title": (other_title, "two different things of its title"),
    "no colours": (without_root("/OutputIntents"), "what its colours mean"),
    "no seal field": (other_field, "field for the seal"),
    "no metadata": (without_root("/Metadata"), "which PDF/A"),
    "broken way back": (broken_way_back, "way from a page"),
}


@pytest.mark.parametrize("profile", ["record", "publication"])
def test_a_document_with_every_element_is_fit(profile: str) -> None:
    assert findings(sample(profile), profile) == ()
    assert findings(sample(profile)) == ()


@pytest.mark.parametrize("name", [*TWELVE, *MORE])
def test_a_mutation_is_found(name: str) -> None:
    mutate, words = {**TWELVE, **MORE}[name]
    with changed(sample()) as (pdf, made):
        mutate(pdf)
    with pytest.raises(UnfitError, match=words):
        check(made[0])


def test_saving_again_without_a_change_is_no_mutation() -> None:
    with changed(sample()) as (_, made):
        pass
    assert findings(made[0]) == ()


def test_each_profile_is_held_to_its_own_rules() -> None:
    assert "which PDF/A" in " ".join(findings(sample("record"), "publication"))
    assert "should carry the record" in " ".join(findings(sample("publication"), "record"))


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"not a PDF",
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.7\n" + b"\x00" * 1000 + b"%%EOF",
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    ],
)
def test_a_hostile_file_is_a_finding_never_an_exception(hostile: bytes) -> None:
    assert findings(hostile)


def test_tags_without_an_end_are_a_finding() -> None:
    with changed(sample()) as (pdf, made):
        document = elements(pdf, "Document")[0]
        document.K.append(document)
    assert findings(made[0])


def test_tags_that_name_each_other_a_million_times_are_a_finding() -> None:
    with changed(sample()) as (pdf, made):
        roles = ("Document", "H1", "H2", "P", "H3", "H4")
        chain = [elements(pdf, role)[0] for role in roles]
        for above, below in pairwise(chain):
            above.K = Array([below] * 100)
    assert "cannot be read" in " ".join(findings(made[0]))


def test_a_file_cut_anywhere_is_a_finding() -> None:
    whole = sample()
    for end in range(100, len(whole) - 10, len(whole) // 40):
        assert findings(whole[:end] + b"\n%%EOF")


# What the tree looks like


def test_the_tree_is_this_one() -> None:
    assert tree_of(sample()) == TREE


def test_a_head_says_of_what_and_has_a_name_of_its_own() -> None:
    with Pdf.open(io.BytesIO(sample())) as pdf:
        heads = elements(pdf, "TH")
        assert [str(head.A.Scope) for head in heads] == ["/Row"] * 2 + ["/Column"] * 2
        assert len({str(head.ID) for head in heads}) == 4


def test_other_scripts_keep_what_was_typed_and_its_language() -> None:
    if fonts.load().arabic is None:
        pytest.skip("the fonts are not built")
    with Pdf.open(io.BytesIO(sample())) as pdf:
        arabic, emoji = elements(pdf, "Span")
        assert (str(arabic.ActualText), str(arabic.Lang)) == ("مرحبا", "ar")
        assert str(emoji.ActualText) == "😀"
        assert Name.Lang not in emoji


def test_a_link_is_one_annotation_with_words() -> None:
    with Pdf.open(io.BytesIO(sample())) as pdf:
        (link,) = [one for one in pdf.pages[0].Annots if one.Subtype == Name.Link]
        assert str(link.A.URI) == str(link.Contents) == "https://eqia.example/x"
        assert link.F == 4


def test_the_field_for_the_seal_is_unseen_and_locked() -> None:
    with Pdf.open(io.BytesIO(sample())) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert (Name.Sig, 132) == (field.FT, field.F)
        assert list(field.Rect) == [0, 0, 0, 0]
        assert str(field.TU)
        assert field.AP.N.read_bytes() == b""
        (form,) = elements(pdf, "Form")
        assert form.K[0].Obj.objgen == field.objgen


# Drawing


def make_canvas() -> Any:
    canvas = TaggedCanvas(io.BytesIO())
    canvas.setFont(fonts.load().regular.name, 12)
    return canvas


def test_text_outside_every_element_is_refused() -> None:
    with pytest.raises(UnmarkedError):
        make_canvas().drawString(0, 0, "stray")


def test_marked_content_inside_marked_content_is_refused() -> None:
    canvas = make_canvas()
    with canvas.artifact(), pytest.raises(UnmarkedError), canvas.artifact():
        pass
    figure = Element("Figure", {"Alt": "x"})
    with (
        canvas.figure(figure, (0, 0, 1, 1)),
        pytest.raises(UnmarkedError),
        canvas.part_of(Element("P")),
    ):
        pass
