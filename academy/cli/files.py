"""`flask files`: the bytes and the words of the files that come with texts."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from academy.domain import attachments
from academy.extensions import db, transaction
from academy.files.kinds import WrongFile, kind_of
from academy.files.pictures import picture_of
from academy.files.store import LostFile, store
from academy.files.words import words_of
from academy.models import Attachment
from academy.web import clock

group = AppGroup("files", help="The files that come with texts: their bytes, their words.")


@group.command()
def sweep() -> None:
    """Remove from the store what no text has needed for a day."""
    click.echo(f"files: {attachments.sweep(now=clock.now())} removed from the store")


@group.command()
def reread() -> None:
    """Read the words of every file again, and make every picture, as after an upgrade that reads or makes more."""
    ids = db.session.scalars(select(Attachment.id).order_by(Attachment.id)).all()
    changed = sum(_reread(attachment_id) for attachment_id in ids)
    click.echo(f"files: {len(ids)} read, {changed} with other words or pictures than before")


def _reread(attachment_id: int) -> bool:
    """Read outside the transaction, for it takes time; write in one of its own."""
    row = db.session.get_one(Attachment, attachment_id)
    name, digest = row.name, row.digest
    if (kind := kind_of(name)) is None:
        return False
    try:
        data = store().read(digest, 0, row.size)
        words, picture = words_of(kind, data), picture_of(kind, data)
    except LostFile:
        return False  # `flask check` names it
    except WrongFile as wrong:
        click.echo(f"{row.document.path}/{name}: {wrong.code}", err=True)
        return False
    with transaction() as session:
        row = session.get(Attachment, attachment_id)
        if row is None or row.digest != digest:
            return False  # somebody replaced it meanwhile
        return attachments.reread(row, words, picture=picture, by=None, now=clock.now())
