"""What a public copy says of itself: when it was published, and what is not in it."""

from eqia.domain.record_blocks import Block, Facts, Section, Table, Text
from eqia.domain.record_reading import Reading
from eqia.domain.records import in_blocks


def publication(reading: Reading) -> Section:
    """List every part that is not in the public copy, with the reason."""
    words, made = reading.words, reading["publication"]
    facts = (
        (words("pub_at"), reading.day(reading["published_at"])),
        (words("pub_by"), made["by"]),
        (words("pub_names"), words("pub_names_yes" if made["names"] else "pub_names_no")),
        (words("pub_record"), in_blocks(made["record_sha256"])),
    )
    rows = tuple(
        (one["where"], f"{words('pub_state_' + one['state'])}: {one['reason']}")
        for one in made["left_out"]
    )
    heads = (words("pub_part"), words("why"))
    left_out: Block = Table(words("pub_left_out"), heads, rows, (50, 50))
    blocks = (
        Text(words("pub_lead")),
        Facts(facts),
        left_out if rows else Text(words("pub_nothing_left_out")),
    )
    return Section("publication", words("pub_title_section"), blocks)
