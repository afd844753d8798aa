"""Tables of which a narrow screen shows all columns, and which are still read out as tables."""

from __future__ import annotations

from markupsafe import Markup

from eqia.web.stacked_tables import stacked


def test_every_cell_says_under_which_heading_it_stands():
    body = Markup(
        '<tr class="r"><th scope="row">A</th><td class="c">1</td><td>2 <p>x</p></td></tr>'
    )
    assert stacked(body, ["Who", "Before", "After"]) == (
        '<tr role="row" class="r"><th role="rowheader" scope="row">A</th>'
        '<td role="cell" data-heading="Before" class="c">1</td>'
        '<td role="cell" data-heading="After">2 <p>x</p></td></tr>'
    )


def test_each_row_begins_again_with_the_first_heading():
    body = Markup("<tr><th>A</th><td>1</td></tr>\n<tr><th>B</th><td>2</td></tr>")
    assert stacked(body, ["Who", "Share"]).count('data-heading="Share"') == 2


def test_an_empty_cell_and_one_across_all_columns_have_no_heading():
    body = Markup('<tr><td>  </td><td colspan="2">No reading</td><td>last</td></tr>')
    told = stacked(body, ["A", "B", "C", "D"])
    assert '<td role="cell">' in told
    assert '<td role="cell" data-heading="" colspan="2">No reading' in told
    assert '<td role="cell" data-heading="D">last' in told


def test_what_somebody_typed_into_a_heading_stays_words():
    told = stacked(Markup("<tr><td>1</td></tr>"), ['"><script>'])
    assert "<script>" not in told
    assert "&lt;script&gt;" in told
