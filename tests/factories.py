"""Rows for tests, as plain functions. Each writes through the one door and returns ids or detached facts.

Call them outside a transaction and with an app context of their own: `with app.app_context(): a_session()`,
or with the `db` fixture.
"""

import hashlib
import io
import itertools
import json
import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from academy.blueprints.studio.incoming import Line, Report
from academy.blueprints.studio.uploads import Upload
from academy.domain import (
    accounts,
    attachments,
    enrolment_questions,
    hiding,
    pictures,
    preparing,
    publishing,
    question_words,
)
from academy.domain.attachments import PreparedFile
from academy.domain.picture_credits import Credit
from academy.extensions import db, transaction
from academy.files.store import store
from academy.files.words import FileWords
from academy.models import (
    Attachment,
    Audience,
    Cycle,
    CycleSession,
    Document,
    Edition,
    HidingReason,
    Kind,
    QuestionKind,
    Rendering,
    Revision,
    Role,
    SessionStatus,
    Topic,
    Venue,
)
from academy.rendering.markdown import RENDERER
from academy.web import clock

_numbers = itertools.count(1)


def a_person(name: str = "", *, email: str = "", role: Role = Role.STAKEHOLDER, password: str = "", **values) -> int:
    """An account; return its id."""
    n = next(_numbers)
    now = clock.now()
    with transaction() as session:
        person = accounts.add_person(
            email or f"person-{n}@example.org", name or f"Person {n}", role=role, by=None, now=now
        )
        for key, value in values.items():
            setattr(person, key, value)
        if password:
            person.password_hash = accounts.hash_password(password, person=person)
        session.flush()
        return person.id


def a_cycle(slug: str = "economie-bleue", *, title: str = "") -> int:
    """A cycle with its published words, or the one that exists; return its id."""
    found = db.session.scalar(select(Cycle.id).where(Cycle.slug == slug))
    if found is not None:
        return found
    with transaction() as session:
        cycle = Cycle(slug=slug, position=next(_numbers), created_at=clock.now())
        session.add(cycle)
        session.flush()
        cycle_id = cycle.id
    a_document(kind=Kind.CYCLE, title=title or f"Cycle {slug}", slug=slug, cycle_id=cycle_id)
    return cycle_id


def a_document(
    *,
    kind: Kind = Kind.RESOURCE,
    title: str = "Titre",
    slug: str = "",
    languages: tuple[str, ...] = ("fr",),
    html: str = "<p>Texte.</p>",
    is_published: bool = True,
    audience: Audience = Audience.PUBLIC,
    **values,
) -> int:
    """A document with one edition per language and its stored rendering; return its id."""
    n = next(_numbers)
    with transaction() as session:
        document = Document(
            key=f"doc-{n}", path=f"tests/{n}", kind=kind, slug=slug or f"slug-{n}", audience=audience, **values
        )
        session.add(document)
        session.flush()
        for language in languages:
            words = title if language == "fr" else f"{title} ({language})"
            _edition(session, document, language, words, html, is_published=is_published)
        return document.id


def _edition(session, document: Document, language: str, title: str, html: str, *, is_published: bool) -> None:
    now = clock.now()
    source = f"---\ntitle: {title}\n---\n{document.key} {language}"
    digest = hashlib.sha256(source.encode()).hexdigest()
    edition = Edition(document=document, language=language, title=title, summary=f"Résumé de {title}")
    session.add(edition)
    session.flush()
    revision = Revision(edition_id=edition.id, number=1, source=source, source_hash=digest, title=title, created_at=now)
    session.add(revision)
    session.flush()
    edition.head = revision
    if is_published:
        edition.published, edition.first_published_at, edition.updated_at = revision, now, now
        revision.published_at = now
        session.add(
            Rendering(
                source_hash=digest, language=language, renderer=RENDERER, html=html, text="", outline=[], passages=[]
            )
        )


def a_session(
    *,
    capacity: int | None = 10,
    starts_in: timedelta | None = timedelta(days=30),
    title: str = "Session",
    slug: str = "",
    cycle: str = "economie-bleue",
    languages: tuple[str, ...] = ("fr",),
    html: str = "<p>Programme.</p>",
    is_published: bool = True,
    status: SessionStatus = SessionStatus.SCHEDULED,
    **values,
) -> int:
    """A published session of two hours, open for enrolment; return its id."""
    cycle_id = a_cycle(cycle)
    document_id = a_document(
        kind=Kind.SESSION,
        title=title,
        slug=slug,
        languages=languages,
        html=html,
        is_published=is_published,
        cycle_id=cycle_id,
    )
    starts_at = clock.now() + starts_in if starts_in is not None else None
    with transaction() as session:
        row = CycleSession(
            cycle_id=cycle_id,
            document_id=document_id,
            capacity=capacity,
            status=status,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2) if starts_at else None,
            **values,
        )
        session.add(row)
        session.flush()
        return row.id


def a_venue(
    slug: str = "cisam", *, name: str = "", position: tuple[float, float] | None = (5.37, 43.3), **values
) -> int:
    """A venue at a longitude and a latitude, or nowhere; return its id."""
    lon, lat = position or (None, None)
    with transaction() as session:
        row = Venue(slug=slug, name=name or slug.capitalize(), longitude=lon, latitude=lat, **values)
        session.add(row)
        session.flush()
        return row.id


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """An instant in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def a_topic(slug: str, fr: str = "", en: str = "") -> int:
    """A topic, or the one that exists; return its id."""
    found = db.session.scalar(select(Topic.id).where(Topic.slug == slug))
    if found is not None:
        return found
    with transaction() as session:
        topic = Topic(slug=slug, label_fr=fr or slug.capitalize(), label_en=en or slug.capitalize())
        session.add(topic)
        session.flush()
        return topic.id


_OF_KIND: dict[Kind, dict[str, object]] = {
    Kind.CYCLE: {"authors": ["Ada"], "licence": "cc-by-4.0"},
    Kind.MODULE: {
        "authors": ["Ada"],
        "licence": "cc-by-4.0",
        "objectives": ["Savoir."],
        "duration": "45 min",
        "level": "initiation",
    },
    Kind.SESSION: {"licence": "cc-by-4.0", "starts_at": "2027-02-04 18:00", "ends_at": "2027-02-04 20:00"},
    Kind.RESOURCE: {"authors": ["Ada"], "licence": "cc-by-4.0", "type": "note"},
    Kind.PAGE: {},
}


def a_source(key: str, kind: Kind, *, title: str, summary: str, body: str, is_published: bool, **front: object) -> str:
    """A file of content/ as a trainer would write it."""
    values: dict[str, object] = {"id": key, "title": title, "summary": summary}
    values |= {} if kind == Kind.PAGE else {"topics": ["port"]}
    values |= _OF_KIND[kind] | front
    values |= {"status": "published" if is_published else "draft", "published_on": values.pop("on", "2026-11-16")}
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    return "\n".join(["---", *lines, "---", "", body, ""])


def a_text(
    key: str,
    *,
    kind: Kind = Kind.RESOURCE,
    language: str = "fr",
    title: str = "Titre",
    summary: str = "Résumé.",
    body: str = "Texte.",
    cycle: str = "",
    slug: str = "",
    is_published: bool = True,
    **front: object,
) -> int:
    """A text through the verbs of publishing, with all that follows from it; return the id of its edition.

    Other keywords are keys of the front matter; its topics are made when they are missing.
    """
    for topic in front.get("topics", ["port"]):  # pyright: ignore[reportGeneralTypeIssues]
        a_topic(str(topic))
    if cycle and kind == Kind.RESOURCE:
        front["cycle"] = cycle
    source = a_source(key, kind, title=title, summary=summary, body=body, is_published=is_published, **front)
    prepared = preparing.prepare(source, kind=kind, language=language)
    now = clock.now()
    with transaction() as session:
        place = session.scalar(select(Cycle).where(Cycle.slug == cycle)) if cycle else None
        edition = publishing.create(prepared, kind=kind, cycle=place, slug=slug or key, owner=None, by=None, now=now)
        if is_published:
            publishing.publish(edition, prepared, base_id=edition.head_id, by=None, now=now)
        session.flush()
        return edition.id


def withdrawn(edition_id: int) -> None:
    """Take a text away from readers."""
    with transaction() as session:
        edition = session.get_one(Edition, edition_id)
        publishing.withdraw(edition, base_id=edition.head_id, by=None, now=clock.now())


def republished(edition_id: int, body: str, *, title: str = "") -> None:
    """Publish the next version of a text."""
    edition = db.session.get_one(Edition, edition_id)
    assert edition.head is not None
    source = edition.head.source.partition("\n\n")[0] + f"\n\n{body}\n"
    if title:
        titled = f"title: {json.dumps(title, ensure_ascii=False)}"
        source = re.sub(r"^title: .*$", lambda _: titled, source, count=1, flags=re.MULTILINE)
    kind, base = edition.document.kind, edition.head_id
    prepared = preparing.prepare_for_publication(source, kind=kind, language=edition.language, now=clock.now())
    with transaction() as session:
        publishing.publish(session.get_one(Edition, edition_id), prepared, base_id=base, by=None, now=clock.now())


def hidden(edition_id: int, number: int, reason: HidingReason = HidingReason.PERSONAL_DATA) -> None:
    """Hide an earlier version of a text."""
    which = select(Revision).where(Revision.edition_id == edition_id, Revision.number == number)
    with transaction() as session:
        hiding.hide(session.scalars(which).one(), reason, by=None, now=clock.now())


def a_question(*, session: int = 0, cycle: int = 0, kind: QuestionKind = QuestionKind.SHORT, **wording) -> int:
    """A question to who enrols in a session, or in all of a cycle; return its id."""
    choices = [("Oui", "Yes"), ("Non", "No")] if kind.has_choices else []
    values = {"label_fr": f"Question {next(_numbers)}", "choices": choices} | wording
    with transaction() as it:
        where = it.get_one(CycleSession, session) if session else it.get_one(Cycle, cycle)
        wanted = question_words.Wording(kind=kind, **values)
        question = enrolment_questions.add(where, wanted, by=None, now=clock.now())
        it.flush()
        return question.id


def an_archive(files: Mapping[str, str | bytes], *, around: str = "") -> bytes:
    """A ZIP of these files, perhaps with one folder around them."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, words in files.items():
            archive.writestr(around + path, words)
    return kept.getvalue()


def waiting(data: bytes, owner_id: int, *, cycle: str = "") -> Upload:
    """An archive that was sent, and waits for its confirmation."""
    return Upload(digest=store().put(data), size=len(data), owner_id=owner_id, name="cours.zip", cycle=cycle)


def an_upload(owner_id: int) -> tuple[str, str]:
    """An archive with one new resource that waits for its sender; its address, and the seal of its report."""
    path = "resources/arrivee.fr.md"
    return waiting(an_archive({path: ARRIVAL}), owner_id).token, Report([], lines=[Line(path, "created")]).seal


ARRIVAL = """---
id: arrivee
title: "L’arrivée"
summary: "Un navire arrive."
type: note
topics: []
authors: [Ana]
licence: cc-by-4.0
status: draft
---

Un navire arrive.
"""


def a_picture(document: Document, name: str = "quai.jpg", *, inside: str = "", **said: object) -> Attachment:
    """A picture beside a document, in a transaction; nothing is opened, its one width is a few bytes."""
    data = f"{name} {inside}".encode()
    digest = store().put(data)
    made = [{"width": 300, "height": 200, "type": it, "digest": digest, "size": len(data)} for it in ("webp", "avif")]
    known = {"width": 300, "height": 200, "clean": {"digest": digest, "size": len(data)}, "made": made}
    file = PreparedFile(name, "image/jpeg", data, FileWords(), known=known)
    row = attachments.attach(document, file, by=None, now=clock.now())
    if said:
        pictures.describe(row, Credit(**said), by=None, now=clock.now())  # pyright: ignore[reportArgumentType]
    return row
