"""Checks of the logical tree against the pages: everything marked, in order, and what it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pikepdf import Array, Dictionary, Name, Object, Pdf, parse_content_stream

_BLOCKS = ("H1", "H2", "H3", "H4", "P", "L", "Table", "Figure", "Form")
_BLOCKS = ("H1", "H2", "H3", "H4", "P", "L", "Table", "Figure", "Form")
_INLINE = ("Link", "Span")

#: the elements we write (documents.md section 5) and what each may lie in
_WITHIN = {
    "Document": {"StructTreeRoot"},
    "TR": {"THead", "TBody"},
    "TH": {"TR"},
    "TD": {"TR"},
    "THead": {"Table"},
    "TBody": {"Table"},
    "Caption": {"Table", "Figure"},
    "LI": {"L"},
    "Lbl": {"LI"},
    "LBody": {"LI"},
    **{role: {"Document"} for role in _BLOCKS},
    **{role: {"P", "H1", "H2", "H3", "H4", "TH", "TD", "LBody", "Caption"} for role in _INLINE},
}

#: ISO 32000-1, tables 59, 60, 74, 87, 107: operators that leave something on the page
_PAINT = frozenset(("S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Do", "sh", "EI"))
_PAINT |= {"Tj", "TJ", "'", '"'}
_DEEPER = {"BDC": 1, "BMC": 1, "EMC": -1}

#: Ours have six levels, and sixty pages have fewer elements than this.
_DEEPEST, _MOST = 12, 100_000

Place = tuple[int, int]
_NOWHERE: Place = (1 << 30, 0)


@dataclass(slots=True)
class _Node:
    """An element as it stands in the file."""

    role: str
    raw: Object
    kids: list["_Node"] = field(default_factory=list)
    own: list[Place] = field(default_factory=list)
    annotations: list[Object] = field(default_factory=list)

    def walk(self) -> Iterator["_Node"]:
        yield self
        for kid in self.kids:
            yield from kid.walk()

    @property
    def first(self) -> Place:
        """Where it begins."""
        return min([*self.own, *(kid.first for kid in self.kids)], default=_NOWHERE)

    @property
    def roles(self) -> list[str]:
        return [kid.role for kid in self.kids]


def tree_findings(pdf: Pdf) -> Iterator[str]:
    """Say everything that is wrong with the tags of a file."""
    root = pdf.Root.get(Name.StructTreeRoot)
    if not isinstance(root, Dictionary):
        yield "The file has no tags."
        return
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    top = _Node("StructTreeRoot", root)
    _read(top, root, pages, iter(range(_MOST)))
    if top.roles != ["Document"]:
        yield "The tags do not begin with the document."
    nodes = list(top.walk())[1:]
    yield from _marks(pdf, nodes)
    yield from _places(top)
    yield from _headings(pdf, [node.role for node in nodes])
    for node in nodes:
        yield from _CHECKS.get(node.role, _nothing)(node)
    yield from _annotations(pdf, nodes)
    yield from _ids(root, nodes)


def _read(
    node: _Node, raw: Object, pages: dict[tuple[int, int], int], left: Iterator[int], depth: int = 0
) -> None:
    # A hostile file may have a loop, or name the same element a million times.
    if depth > _DEEPEST or next(left, None) is None:
        msg = "the tags have no end"
        raise ValueError(msg)
    kids = raw.get(Name.K, Array())
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, int):
            node.own.append((pages[raw.Pg.objgen], kid))
        elif kid.get(Name.Type) == Name.MCR:
            node.own.append((pages[kid.Pg.objgen], int(kid.MCID)))
        elif kid.get(Name.Type) == Name.OBJR:
            node.annotations.append(kid.Obj)
        else:
            child = _Node(str(kid.S)[1:], kid)
            node.kids.append(child)
            if kid.get(Name.P, Dictionary()).objgen != raw.objgen:
                child.role = "?"
            _read(child, kid, pages, left, depth + 1)


def _places(top: _Node) -> Iterator[str]:
    """Each element lies where it may, and what comes first is read first."""
    for above in top.walk():
        for kid in above.kids:
            if above.role not in _WITHIN.get(kid.role, set()):
                yield f"There is a {kid.role} tag inside {above.role}."
        begins = [kid.first for kid in above.kids if kid.first != _NOWHERE]
        # The cells of a row that is parted by the end of a page may begin on either.
        if begins != sorted(begins) and above.role != "TR":
            yield "The tags are not in the order of the page."


def _marks(pdf: Pdf, nodes: Sequence[_Node]) -> Iterator[str]:
    """Everything painted is marked once, and everything marked is in the tree once."""
    painted: set[Place] = set()
    for number, page in enumerate(pdf.pages):
        yield from _page(page.obj, number, painted)
    tagged = [place for node in nodes for place in node.own]
    if len(tagged) != len(set(tagged)) or set(tagged) != painted:
        yield "Some content is not in the tags, or is there twice."
    parents = _parents(pdf)
    for node in nodes:
        for place, mark in node.own:
            row = parents.get(int(pdf.pages[place].obj.get(Name.StructParents, -1)))
            if row is None or len(row) <= mark or row[mark].objgen != node.raw.objgen:
                yield "The way from a page to its tags is broken."


def _page(page: Object, number: int, painted: set[Place]) -> Iterator[str]:
    if page.get(Name.Tabs) != Name.S:
        yield "A page does not say that the Tab key follows the tags."
    marks = 0
    for step in parse_content_stream(page):
        name = str(step.operator)
        marks += _DEEPER.get(name, 0)
        if name in _PAINT and marks == 0:
            yield "Something on a page is neither content nor decoration."
        elif name == "BDC" and step.operands[0] != Name.Artifact:
            painted.add((number, int(step.operands[1].MCID)))
        if marks not in {0, 1}:
            yield "Marked content lies inside other marked content, or does not begin."
    if marks:
        yield "Marked content does not end."


def _parents(pdf: Pdf) -> dict[int, Object]:
    numbers = pdf.Root.StructTreeRoot.get(Name.ParentTree, Dictionary()).get(Name.Nums, Array())
    return {int(numbers[i]): numbers[i + 1] for i in range(0, len(numbers), 2)}


def _headings(pdf: Pdf, roles: Sequence[str]) -> Iterator[str]:
    levels = [int(role[1]) for role in roles if role in {"H1", "H2", "H3", "H4"}]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield "The file has no title heading, or more than one."
    if any(after > before + 1 for before, after in pairwise(levels)):
        yield "The headings leave out a level."
    sections = pdf.Root.get(Name.Outlines, Dictionary()).get(Name.Count, 0)
    if not sections or levels.count(2) != sections:
        yield "The sections and their headings do not agree."


# One function for each kind of element


def _nothing(_node: _Node) -> Iterator[str]:
    return iter(())


def _attribute(node: _Node, name: str) -> Object | None:
    found = node.raw.get(Name.A, Array())
    for one in found if isinstance(found, Array) else [found]:
        if name in one:
            return one[name]
    return None


def _figure(node: _Node) -> Iterator[str]:
    if not str(node.raw.get(Name.Alt, "")).strip():
        yield "A figure has no words for those who cannot see it."
    if _attribute(node, "/BBox") is None:
        yield "A figure does not say where it is."


def _head_cell(node: _Node) -> Iterator[str]:
    if _attribute(node, "/Scope") not in (Name.Column, Name.Row):
        yield "The head of a table does not say what it is the head of."
    if not str(node.raw.get(Name.ID, "")):
        yield "The head of a table has no name of its own."


def _table(node: _Node) -> Iterator[str]:
    heads = [row for part in node.kids if part.role == "THead" for row in part.kids]
    rows = [row for part in node.kids if part.role == "TBody" for row in part.kids]
    if not rows or len({len(row.kids) for row in [*heads, *rows]}) > 1:
        yield "The rows of a table differ in length."
    if heads and any(role != "TH" for row in heads for role in row.roles):
        yield "The head of a table is not marked as such."
    if not heads and any(row.roles[:1] != ["TH"] for row in rows):
        yield "The rows of a table have no heads."


def _list(node: _Node) -> Iterator[str]:
    if _attribute(node, "/ListNumbering") is None:
        yield "A list does not say how it is numbered."
    if any(item.roles != ["Lbl", "LBody"] for item in node.kids):
        yield "An item of a list is not whole."


def _link(node: _Node) -> Iterator[str]:
    if not node.annotations:
        yield "A link leads nowhere."
    for annotation in node.annotations:
        if not str(annotation.get(Name.Contents, "")).strip():
            yield "A link has no words."
        if int(annotation.get(Name.F, 0)) != 4:  # noqa: PLR2004 - "print", ISO 32000-1 table 165
            yield "A link would not be printed."


_CHECKS = {
    "Figure": _figure,
    "TH": _head_cell,
    "Table": _table,
    "L": _list,
    "Link": _link,
}


def _annotations(pdf: Pdf, nodes: Sequence[_Node]) -> Iterator[str]:
    """Each annotation of a page is in the tree, and the way back leads there."""
    owners = {one.objgen: node for node in nodes for one in node.annotations}
    parents = _parents(pdf)
    for page in pdf.pages:
        for one in page.obj.get(Name.Annots, Array()):
            owner = owners.get(one.objgen)
            parent = parents.get(int(one.get(Name.StructParent, -1)))
            if owner is None or parent is None or parent.objgen != owner.raw.objgen:
                yield "A link or a field is not in the tags."


def _ids(root: Object, nodes: Sequence[_Node]) -> Iterator[str]:
    names = root.get(Name.IDTree, Dictionary()).get(Name.Names, Array())
    listed = [str(names[i]) for i in range(0, len(names), 2)]
    used = [str(node.raw.ID) for node in nodes if Name.ID in node.raw]
    if listed != sorted(set(listed)) or sorted(used) != listed:
        yield "The names of the heads of tables do not agree with their list."
