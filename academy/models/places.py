"""What sessions and documents refer to: venues, speakers, topics (the .yml files of content/)."""

from sqlalchemy import ForeignKey, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.extensions import Model


class Venue(Model):
    """A place where sessions happen (schema.org Place)."""

    __tablename__ = "venue"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    address: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    city: Mapped[str] = mapped_column(String(80), default="")
    latitude: Mapped[float | None]  # degrees, WGS 84
    longitude: Mapped[float | None]
    capacity: Mapped[int | None]  # seats that the list of venues states; None: it says nothing
    is_totem: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    access_fr: Mapped[str] = mapped_column(Text, default="")
    access_en: Mapped[str] = mapped_column(Text, default="")

    def name_in(self, language: str) -> str:
        """Its name; one that is no place on Earth may be named in both languages, as « En ligne / Online »."""
        french, slash, english = self.name.partition(" / ")
        is_somewhere = self.address or self.city or self.latitude is not None
        return self.name if is_somewhere or not slash else english if language == "en" else french


class Speaker(Model):
    """Somebody who teaches, with or without an account here."""

    __tablename__ = "speaker"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    title_fr: Mapped[str] = mapped_column(String(200), default="")
    title_en: Mapped[str] = mapped_column(String(200), default="")
    bio_fr: Mapped[str] = mapped_column(Text, default="")
    bio_en: Mapped[str] = mapped_column(Text, default="")
    is_example: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class Topic(Model):
    """A controlled subject; topics may nest (skos:Concept)."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    label_fr: Mapped[str] = mapped_column(String(120))
    label_en: Mapped[str] = mapped_column(String(120))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)


class ContentFile(Model):
    """A list file of content/ (topics.yml, venues.yml, people.yml) as it was last loaded or dumped, byte for byte."""

    __tablename__ = "content_file"

    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    source_hash: Mapped[str] = mapped_column(String(64))
