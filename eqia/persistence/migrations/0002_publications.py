"""Public copies and what is asked about them; the log's last entry found by its key.

Triggers are not made here: eqia.persistence.schema puts them back after every change.
"""

import sqlalchemy as sa
from alembic import op

from eqia.persistence import columns


revision = "0002"
down_revision = "0001"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("signed_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("canonical_json", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("renderer", sa.String(length=300), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("names", sa.Boolean(), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.Column("published_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_publication_published_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_publication_record_id_record")
        ),
        sa.ForeignKeyConstraint(
            ["screening_id"], ["screening.id"], name=op.f("fk_publication_screening_id_screening")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("sha256", name=op.f("uq_publication_sha256")),
    )
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_publication_pdf_sha256"), ["pdf_sha256"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_publication_published_at"), ["published_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_publication_record_id"), ["record_id"], unique=False)
        batch_op.create_index(
            "ix_publication_reference_number", ["reference", "number"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_publication_screening_id"), ["screening_id"], unique=False
        )

    op.create_table(
        "look_request",
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("wrong", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("at", columns.Moment(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_look_request_publication_id_publication"),
        ),
        sa.ForeignKeyConstraint(
            ["screening_id"], ["screening.id"], name=op.f("fk_look_request_screening_id_screening")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_request")),
        sa.UniqueConstraint("token", name=op.f("uq_look_request_token")),
    )
    with op.batch_alter_table("look_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_look_request_publication_id"), ["publication_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_look_request_screening_id"), ["screening_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_look_request_sender"), ["sender"], unique=False)

    op.create_table(
        "unpublication",
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", columns.Moment(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_unpublication_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_unpublication_publication_id_publication"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unpublication")),
        sa.UniqueConstraint("publication_id", name=op.f("uq_unpublication_publication_id")),
    )
    op.create_table(
        "look_answer",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", columns.Moment(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_look_answer_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["look_request.id"], name=op.f("fk_look_answer_request_id_look_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_answer")),
        sa.UniqueConstraint("request_id", name=op.f("uq_look_answer_request_id")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_event_seq"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_event_org_seq"), ["org", "seq"])

    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_pdf_sha256"), ["pdf_sha256"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_pdf_sha256"))

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_event_org_seq"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_event_seq"), ["seq"])

    op.drop_table("look_answer")
    op.drop_table("unpublication")
    with op.batch_alter_table("look_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_look_request_sender"))
        batch_op.drop_index(batch_op.f("ix_look_request_screening_id"))
        batch_op.drop_index(batch_op.f("ix_look_request_publication_id"))

    op.drop_table("look_request")
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_publication_screening_id"))
        batch_op.drop_index("ix_publication_reference_number")
        batch_op.drop_index(batch_op.f("ix_publication_record_id"))
        batch_op.drop_index(batch_op.f("ix_publication_published_at"))
        batch_op.drop_index(batch_op.f("ix_publication_pdf_sha256"))

    op.drop_table("publication")
