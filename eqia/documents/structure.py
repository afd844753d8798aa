"""The logical tree written into the file: elements, where they are on the pages, and links."""

from collections.abc import Iterator, Sequence
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from eqia.documents.tagging import Element, Piece

#: ISO 32000-1, tables 333 to 347: which kind of element an attribute is for
_ATTRIBUTES = {
    "scope": ("/Table", "/Scope", Name),
    "summary": ("/Table", "/Summary", String),
    "numbering": ("/List", "/ListNumbering", Name),
}
#: entries of the element itself
_ENTRIES = ("Lang", "Alt", "ActualText")

#: Flags of an annotation: printed, and for the seal also locked.
PRINTED = 4
LOCKED = 128


class TreeWriter:
    """Writes one tree into one file."""

    def __init__(self, pdf: Pdf, pages_marked: Sequence[Sequence[Element]]) -> None:
        self.pdf = pdf
        self.pages = [page.obj for page in pdf.pages]
        self.pages_marked = pages_marked
        self.root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self._made: dict[int, Object] = {}
        self._ids: list[tuple[str, Object]] = []
        #: parent tree entries beyond those of the pages: one for each annotation
        self._annotated: list[Object] = []

    def write(self, tree: Element) -> None:
        """Write the elements and the links among them."""
        self.root.K = Array([self._write(tree, self.root)])
        self.pdf.Root.StructTreeRoot = self.root

    def close(self) -> None:
        """Write the way back from page and annotation to element, when all of them are there."""
        numbers: list[Any] = []
        for place, marked in enumerate(self.pages_marked):
            numbers += [place, self._indirect(Array([self._made[id(one)] for one in marked]))]
        for number, node in enumerate(self._annotated, len(self.pages_marked)):
            numbers += [number, node]
        self.root.ParentTree = self._indirect(Dictionary(Nums=Array(numbers)))
        self.root.ParentTreeNextKey = len(self.pages_marked) + len(self._annotated)
        if self._ids:
            names = [part for name, node in self._ids for part in (String(name), node)]
            self.root.IDTree = self._indirect(Dictionary(Names=Array(names)))
        for number, page in enumerate(self.pages):
            page.StructParents = number
            page.Tabs = Name.S

    def annotate(self, node: Object, page: int, annotation: Dictionary) -> Object:
        """Put an annotation on a page and into the tree; give it back for other uses."""
        annotation.StructParent = len(self.pages_marked) + len(self._annotated)
        self._annotated.append(node)
        made = self._indirect(annotation)
        here = self.pages[page]
        if Name.Annots not in here:
            here.Annots = Array()
        here.Annots.append(made)
        reference = Dictionary(Type=Name.OBJR, Obj=made, Pg=here)
        kids = node.get(Name.K, Array())
        kids = kids if isinstance(kids, Array) else Array([kids])
        kids.append(reference)
        node.K = kids
        return made

    def element(self, role: str, parent: Element) -> Object:
        """Make an element that has nothing drawn, at the end of another."""
        above = self._made[id(parent)]
        node = self._indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{role}"), P=above))
        above.K.append(node)
        return node

    def _indirect(self, value: Object) -> Object:
        return self.pdf.make_indirect(value)

    def _write(self, element: Element, above: Object) -> Object:
        node = self._indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{element.role}"), P=above))
        self._made[id(element)] = node
        self._describe(element, node)
        kids: list[Any] = []
        own = -1
        for kid in self._flat(element, node):
            if isinstance(kid, Element):
                kids.append(self._write(kid, node))
            elif own in (-1, kid.page):
                own = kid.page
                kids.append(kid.number)
            else:
                here = self.pages[kid.page]
                kids.append(Dictionary(Type=Name.MCR, Pg=here, MCID=kid.number))
        if own >= 0:
            node.Pg = self.pages[own]
        node.K = kids[0] if len(kids) == 1 and own >= 0 else Array(kids)
        if "link" in element.entries:
            self._link(element, node)
        return node

    def _flat(self, element: Element, node: Object) -> Iterator[Element | Piece]:
        """Give what is in an element; a stretch of its own words is no element."""
        for kid in element.kids:
            if isinstance(kid, Element) and not kid.role:
                self._made[id(kid)] = node
                yield from kid.kids
            else:
                yield kid

    def _describe(self, element: Element, node: Object) -> None:
        for name in _ENTRIES:
            if name in element.entries:
                node[f"/{name}"] = String(element.entries[name])
        described = [
            Dictionary({"/O": Name(owner), key: kind(_named(kind, element.entries[name]))})
            for name, (owner, key, kind) in _ATTRIBUTES.items()
            if name in element.entries
        ]
        if element.role == "Figure" and element.places:
            box = Array(element.places[0][1])
            described.append(Dictionary(O=Name.Layout, BBox=box, Placement=Name.Block))
        if described:
            node.A = described[0] if len(described) == 1 else Array(described)
        if element.role == "TH":
            name = f"th{len(self._ids) + 1:05}"
            node.ID = String(name)
            self._ids.append((name, node))

    def _link(self, element: Element, node: Object) -> None:
        address = element.entries["link"]
        for page, box in element.places:
            action = Dictionary(S=Name.URI, URI=String(address))
            annotation = Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=Array(box),
                F=PRINTED,
                Border=Array([0, 0, 0]),
                Contents=String(address),
                A=action,
            )
            self.annotate(node, page, annotation)


def _named(kind: type, value: str) -> str:
    return f"/{value}" if kind is Name else value
