"""Tables that a narrow screen shows one row below the other, each cell with its heading.

The style sheet lays the cells out one by one, which makes some browsers forget that they are
cells; so the roles are written out, and screen readers still read a table. The heading stands
in an attribute for the same reason: read out twice it would be in the way.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

# Words and attributes are escaped, so that these letters begin nothing but a row or a cell.
_PART = re.compile(r"<(tr|th|td)\b([^>]*)>(\s*</td>)?")
_UNTITLED = ' data-heading=""'
_SPAN = re.compile(r'\bcolspan="(\d+)"')


def stacked(body: Markup, headings: Sequence[str]) -> Markup:
    """Give each row and cell of a table's body its role, and each cell its column's heading."""
    place = 0
    titles = [f' data-heading="{escape(heading)}"' for heading in headings]

    def named(found: re.Match[str]) -> str:
        nonlocal place
        tag, attributes, end = found.groups(default="")
        if tag == "tr":
            place = 0
            return f'<tr role="row"{attributes}>'
        title = titles[place] if place < len(titles) else _UNTITLED
        span = _SPAN.search(attributes)
        place += int(span[1]) if span else 1
        if tag == "th":
            return f'<th role="rowheader"{attributes}>'
        # Without the attribute an empty cell takes no room where cells are stacked.
        said = "" if end else _UNTITLED if span else title
        return f'<td role="cell"{said}{attributes}>{end}'

    return Markup(_PART.sub(named, str(body)))  # noqa: S704 - escaped by the template it comes from
