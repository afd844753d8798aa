"""The form about a finding."""

from eqia.domain.findings import LIKELIHOOD_LABELS
from eqia.web.forms.fields import Form, HiddenField, RadiosField


class LikelihoodForm(Form):
    """How likely it is that a finding comes about."""

    likelihood = RadiosField(
        "How likely is it that this happens?",
        choices=LIKELIHOOD_LABELS,
        needed="Choose how likely it is",
    )
    #: what was said before: another judgement meanwhile is told first
    seen = HiddenField()
