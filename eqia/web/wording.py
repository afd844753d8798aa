"""Our own words on the question pages, in each language a set can be written in.

The Welsh is a draft translation, and its pages say so, until a translator has seen it.
"""

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "add_reason": "Save and add another reason",
        "add_source": "You can add one under “{}”.",
        "all_sections": "All sections",
        "back": "Back",
        "change": "Change",
        "changed": "Changed in this version",
        "check": "check your answers",
        "check_all": "Check the answers",
        "completed": "Have you completed this section?",
        "completed_yes": "Yes, I have completed it",
        "completed_no": "No, I will come back to it",
        "continue": "Continue",
        "each_group": "each group",
        "from_to": "questions {} to {}",
        "groups_for": "Groups reason {} is for",
        "keep_mine": "Save my answers",
        "later": "Save and come back later",
        "leave_empty": "If there is nothing to say yet, leave the boxes empty.",
        "least": "Use at least {} characters.",
        "more_needed": "More is needed here",
        "no_source": "No source covers this group yet.",
        "not_answered": "Not answered yet",
        "not_completed": "Answers still needed here: {}. Answer them, or say you will come back",
        "not_protected": "These groups are not protected characteristics. They are kept apart in"
        " the record.",
        "not_you": "We ask about effects on groups of people, not about you.",
        "nothing": "Nothing",
        "offer_bodies": "Your project lists: {}.",
        "offer_review": "{} months after the start would be {}.",
        "outcome_done": "Outcome of these answers",
        "outcome_so_far": "Outcome so far",
        "reason": "Reason {}",
        "same": "Groups that fare no differently",
        "save": "Save and continue",
        "sources_give": "From your sources: {}.",
        "spare_reason": "Leave this one empty if you do not need another reason.",
    },
    "cy": {
        "add_reason": "Cadw ac ychwanegu rheswm arall",
        "add_source": "Gallwch ychwanegu un o dan “{}”.",
        "all_sections": "Pob adran",
        "back": "Yn ôl",
        "change": "Newid",
        "changed": "Wedi newid yn y fersiwn hon",
        "check": "gwiriwch eich atebion",
        "check_all": "Gwiriwch yr atebion",
        "completed": "Ydych chi wedi cwblhau'r adran hon?",
        "completed_yes": "Ydw, rwyf wedi ei chwblhau",
        "completed_no": "Nac ydw, dof yn ôl ati",
        "continue": "Parhau",
        "each_group": "bob grŵp",
        "from_to": "cwestiynau {} i {}",
        "groups_for": "Grwpiau y mae rheswm {} ar eu cyfer",
        "keep_mine": "Cadw fy atebion",
        "later": "Cadw a dod yn ôl yn nes ymlaen",
        "leave_empty": "Os nad oes dim i'w ddweud eto, gadewch y blychau'n wag.",
        "least": "Defnyddiwch o leiaf {} nod.",
        "more_needed": "Mae angen mwy yma",
        "no_source": "Nid oes ffynhonnell yn cynnwys y grŵp hwn eto.",
        "not_answered": "Heb ei ateb eto",
        "not_completed": "Atebion sydd eu hangen yma o hyd: {}. Atebwch nhw, neu dewch yn ôl atynt",
        "not_protected": "Nid yw'r grwpiau hyn yn nodweddion gwarchodedig. Fe'u cedwir ar wahân yn"
        " y cofnod.",
        "not_you": "Rydym yn gofyn am effeithiau ar grwpiau o bobl, nid amdanoch chi.",
        "nothing": "Dim",
        "offer_bodies": "Mae eich prosiect yn rhestru: {}.",
        "offer_review": "{} mis ar ôl y dechrau fyddai {}.",
        "outcome_done": "Canlyniad yr atebion hyn",
        "outcome_so_far": "Canlyniad hyd yma",
        "reason": "Rheswm {}",
        "same": "Grwpiau nad yw'n wahanol iddynt",
        "save": "Cadw a pharhau",
        "sources_give": "O'ch ffynonellau: {}.",
        "spare_reason": "Gadewch hwn yn wag os nad oes angen rheswm arall arnoch.",
    },
}


def say(language: str, key: str, *values: object) -> str:
    """Give words of ours in a language, or in English where we have none."""
    return WORDS.get(language, WORDS["en"])[key].format(*values)
