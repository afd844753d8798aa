"""Which label of a file is which group of a measure: offered from all labels together, never taken.

Measures.md section 9: “Other”, even “Asian”, differ from source to source, so that a standard set
is offered only where every label fits, and a person says yes.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from eqia.domain.categories import Category, CategorySet
from eqia.domain.imports.layouts import LEFT_OUT
from eqia.domain.imports.sheets import folded
from eqia.domain.measures import OVERALL, Definition, Member

#: labels that stand for everybody together
_EVERYBODY = frozenset(
    {"", "all", "everybody", "everyone", "persons", "all ages", "all people", "total", "-1"}
)
#: IMD2015 in a label, or IoD 2019
_EDITION = re.compile(r"\(?\b(?:IMD|IoD) ?(20\d\d)\)?", re.IGNORECASE)
_PLACES = ("", "second", "third", "fourth", "fifth")
_END = re.compile(
    r"(?:(first|second|third|fourth|fifth) )?(most|more|least|less) deprived (decile|quintile)"
)
_MOST = frozenset({"most", "more"})
_GROUPS = {"decile": 10, "quintile": 5}
_UNKNOWN = re.compile(r"not (known|stated|recorded|reported)|unknown|unreported|declined|refused")


def offered(
    labels: Sequence[str], definition: Definition, standard: CategorySet | None
) -> dict[str, str]:
    """Offer a group for each label; none for any of a standard set unless all of them fit."""
    names = _names(definition.members, standard)
    found: dict[str, str] = {}
    unfit: list[str] = []
    for label in labels:
        code = _code(label, names, standard)
        if code is None:
            unfit.append(label)
        else:
            found[label] = code
    if standard is not None and not _fits(found, unfit, standard):
        return {label: code for label, code in found.items() if code == OVERALL}
    parents = _parents(standard)
    return found | {label: LEFT_OUT for label in unfit if folded(label) in parents}


def alike(labels: Sequence[str], sets: Iterable[CategorySet]) -> tuple[CategorySet, ...]:
    """Find the sets in which every one of these labels is, those for everybody and nobody aside."""
    told = [
        label
        for label in labels
        if folded(label) not in _EVERYBODY and not _UNKNOWN.search(folded(label))
    ]
    return tuple(
        one
        for one in sets
        if told and all(_code(label, _names(one.members, one), one) for label in told)
    )


def edition_fault(labels: Iterable[str], standard: CategorySet | None) -> str:
    """Say if the file's groups are of another edition: that starts a new series."""
    if standard is None or not standard.code.startswith("deprivation"):
        return ""
    for label in labels:
        found = _EDITION.search(label)
        if found is not None and found[1] != standard.edition:
            return (
                f"The groups of this file are by the {found[1]} edition and those of the measure"
                f" by the {standard.edition} edition. Another edition starts a new series:"
                " change what the measure counts first"
            )
    return ""


def twice(members: Mapping[str, str]) -> list[tuple[str, str]]:
    """Find labels that were given the group another label has: they would count people twice."""
    first: dict[str, str] = {}
    found = []
    for label, code in members.items():
        if code in first and code != LEFT_OUT:
            found.append((label, first[code]))
        first.setdefault(code, label)
    return found


def _names(members: Iterable[Member | Category], standard: CategorySet | None) -> dict[str, str]:
    names = {folded(one.label): one.code for one in members}
    codes = set(names.values())
    for one in standard.members if standard else ():
        if one.code in codes and one.parent:
            # White Irish, Black Caribbean: the wider group's first word before the label.
            first = one.parent.split()[0]
            names.setdefault(folded(f"{first} {one.label}"), one.code)
    return names


def _code(label: str, names: Mapping[str, str], standard: CategorySet | None) -> str | None:
    plain = folded(_EDITION.sub("", label)).replace("/multiple ethnic", "")
    if plain in names:
        return names[plain]
    if plain in _EVERYBODY:
        return OVERALL
    return _deprived(plain, standard)


def _deprived(label: str, standard: CategorySet | None) -> str | None:
    """Match tenths and fifths on their words: some files number the most deprived 10."""
    found = _END.fullmatch(label)
    if found is None or standard is None or found[3] not in standard.code:
        return None
    place = 0 if found[1] in {None, "first"} else _PLACES.index(found[1])
    most = found[2] in _MOST
    return str(place + 1 if most else _GROUPS[found[3]] - place)


def _fits(found: Mapping[str, str], unfit: Sequence[str], standard: CategorySet) -> bool:
    """Whether it is this set: all its labels are there, or all that are there are its own.

    A table with parents and children together has more labels than the set.
    """
    strange = [one for one in unfit if not _UNKNOWN.search(folded(one))]
    if not strange:
        return True
    codes = {one.code for one in standard.substantive}
    return codes <= set(found.values()) and all(
        folded(one) in _parents(standard) for one in strange
    )


def _parents(standard: CategorySet | None) -> set[str]:
    """List the wider groups, whole and by first word: Asian or Asian British, Asian."""
    wide = standard.parents() if standard else ()
    return {folded(one) for one in wide} | {folded(one.split()[0]) for one in wide}
