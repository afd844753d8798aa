"""The form by which a team takes its exact figures out of the service."""

from eqia.web.forms.fields import Form, RadiosField

KINDS = {
    "csv": "CSV, for any spreadsheet program",
    "marked": "CSV that begins with a mark, for older programs that show odd letters otherwise",
    "xlsx": "XLSX, for Excel",
    "json": "JSON, for other programs",
}


class ExactForm(Form):
    """What kind of file it is to be."""

    kind = RadiosField(
        "What kind of file do you want?", choices=KINDS, needed="Choose what kind of file you want"
    )
