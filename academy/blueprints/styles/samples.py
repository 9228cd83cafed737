"""Invented people, texts and sessions for the style page: nothing here is read from the database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace as Thing

from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.validators import DataRequired, Email

from academy.blueprints.styles.prose_sample import LONG_WORD, PROSE, TEXT
from academy.models import EnrolmentQuestion, Kind, QuestionKind, SessionState
from academy.rendering.markdown import render
from academy.web import asked
from academy.web.attached_words import kind_label
from academy.web.forms import AddressField, Form, TextField, TrimmedField
from academy.web.locale import typeset
from academy.web.session_cards import SessionCard
from academy.web.text_cards import TextCard

LONG = typeset(
    "Réindustrialisation décarbonée, interopérabilité portuaire et cybersécurité : anticiper, financer, expérimenter"
)
NAMES = ("Camille Exemple", "Marie-Antoinette de La Rochefoucauld-Exemplaire", "Le Exemple")

SESSION = SessionCard(
    id=1,
    url="/sessions/",
    title=typeset("Exemple : une escale suivie de bout en bout"),
    summary=TEXT,
    language="fr",
    cycle_slug="port",
    cycle_title="Le port",
    starts_at=datetime(2027, 2, 4, 17, tzinfo=UTC),
    ends_at=datetime(2027, 2, 4, 19, tzinfo=UTC),
    opens_at=None,
    state=SessionState.OPEN,
    access="open",
    needs_approval=False,
    has_quotas=False,
    capacity=40,
    seats_left=17,
    queue_length=0,
    mode="onsite",
    venue_name="Maison d’exemple",
    venue_city="Marseille",
    is_example=True,
)
REUSE = Thing(
    licence=Thing(name="CC BY 4.0", url="https://creativecommons.org/licenses/by/4.0/"),
    attribution=f"« {LONG} », Camille Exemple, Académie One Provence, 4 février 2027, CC BY 4.0.",
    source_url="/ressources/",
    paper_url="/ressources/",
    slides_url="/ressources/",
    cite_url="/ressources/",
)
_SEATS = {"waiting_list": (0, 3), "full": (0, 0), "closing_soon": (1, 0), "ended": (12, 0)}


def session(state: SessionState | str = SessionState.OPEN, **changes: object) -> SessionCard:
    """The sample session in a state, with the seats that go with it."""
    state = SessionState(state)
    left, waiting = _SEATS.get(state, (17, 0))
    known = {"state": state, "seats_left": left, "queue_length": waiting}
    if not state.has_date:
        known |= {"starts_at": None, "ends_at": None, "venue_name": "", "venue_city": ""}
    return replace(SESSION, **(known | changes))  # pyright: ignore[reportArgumentType]


def sessions() -> list[SessionCard]:
    """The sample session in every state that exists."""
    return [session(state, id=number) for number, state in enumerate(SessionState, 1)]


def voyage() -> list[SessionCard]:
    """A cycle under way: done, done, next, to come, without a date."""
    states = ("ended", "cancelled", "open", "not_yet_open", "to_schedule")
    cards = [session(state, id=number) for number, state in enumerate(states, 1)]
    return [*cards[:3], replace(cards[3], title=LONG, mode="blended"), cards[4]]


def enrolments() -> list[Thing]:
    """One in each state: those of a coming session, held in the past, of a session called off, given back, refused."""
    now = datetime(2027, 1, 12, 9, tzinfo=UTC)
    rows = (
        *(("open", "confirmed"), ("waiting_list", "waiting"), ("waiting_list", "offered"), ("open", "requested")),
        *(("postponed", "confirmed"), ("ended", "confirmed"), ("cancelled", "confirmed")),
    )
    found = [
        Thing(id=1, session=session(state), status=status, position=3, offered_until=now) for state, status in rows
    ]
    gone = [Thing(id=1, session=SESSION, status="cancelled", cancelled_at=now, ending=it) for it in (None, "refused")]
    return [*found, *gone]


MODULE = TextCard(
    id=1,
    key="exemple",
    kind=Kind.MODULE,
    slug="exemple",
    url="#module_list",
    title=typeset("Exemple : comprendre un port"),
    summary=TEXT,
    language="fr",
    type_label="Module",
    level="Initiation",
    licence="CC BY 4.0",
    duration=45,
    authors=NAMES[:1],
    published_on=date(2027, 2, 5),
    updated_at=None,
    cycle_slug="port",
    cycle_title="Le port",
    session_count=1,
    module_count=5,
)


def modules() -> list[TextCard]:
    """A plain one, a long one, and one that says almost nothing."""
    long = replace(MODULE, title=LONG, cycle_slug="economie-bleue", cycle_title="Économie bleue", duration=150)
    bare = replace(
        MODULE, title=LONG_WORD, summary="", level="", duration=None, published_on=None, cycle_slug="", cycle_title=""
    )
    return [MODULE, long, bare]


def cycles() -> list[TextCard]:
    """One for each flag, the last with a long name."""
    slugs = ("economie-bleue", "ia-et-cybersecurite", "innovation-sociale", "port")
    cards = [replace(MODULE, slug=slug, cycle_slug=slug, url="#codebook") for slug in slugs]
    return [*cards[:3], replace(cards[3], title=LONG, session_count=0, module_count=12)]


def hits() -> list[Thing]:
    """With a passage in a section, with a passage alone, with a title alone."""
    passage = Markup("… un <mark>port</mark> se voit de loin et se comprend mal …")
    plain, long, bare = modules()
    return [
        _hit(plain, passage=passage, section="Le cadre › L’autorité portuaire"),
        _hit(long, passage=passage),
        _hit(bare),
    ]


def _hit(card: TextCard, *, passage: str = "", section: str = "") -> Thing:
    known = {name: getattr(card, name) for name in TextCard.__slots__}
    found = {"url": "/ressources/", "passage": passage, "section": section, "passage_url": "#hit"}
    twin = {"type": str(card.kind), "twin_language": "en" if section else "", "twin_url": "/en/ressources/"}
    return Thing(**known | found | twin)


VALUES = [
    Thing(value="port", label="Le port", count=12, is_selected=True, slug="port"),
    Thing(value="long", label=LONG, count=1204, is_selected=False, slug="economie-bleue"),
    Thing(value="none", label=LONG_WORD, count=0, is_selected=False, slug=""),
]


def files() -> list[Thing]:
    """One that the browser opens, one with a long name that is downloaded, one without words."""
    long = "reindustrialisation-decarbonee-interoperabilite-portuaire-et-cybersecurite.fr.pptx"
    rows = (
        ("support.pdf", "1,2 Mo", "", True, True),
        (long, "340 ko", "fr", True, False),
        ("plan.png", "12 ko", "en", False, False),
    )
    return [
        Thing(
            name=name,
            url="#file_list",
            text_url="#file_list" if is_read else "",
            kind=kind_label(name),
            size=size,
            language=language,
            is_opened=is_opened,
        )
        for name, size, language, is_read, is_opened in rows
    ]


def facet(*, is_open: bool = True, more: int = 0) -> dict[str, object]:
    """A filter with a box that is ticked, a long label, an empty value and as many others as one likes, the last ticked."""
    others = [
        Thing(value=f"{n}", label=f"Thème {n}", count=more - n, is_selected=n == more, slug="")
        for n in range(1, more + 1)
    ]
    return {"name": "cycle", "label": "Cycle", "is_open": is_open, "values": [*VALUES, *others]}


CHIPS = [Thing(label=value.label, remove_url="#chips", slug=value.slug) for value in VALUES]
PEOPLE = [Thing(name=name, role=role) for name, role in zip(NAMES, ("Formatrice (exemple)", TEXT, ""), strict=True)]
OUTLINE = [
    Thing(level=2, anchor="outline", title="Ce qui est en jeu"),
    Thing(level=3, anchor="outline", title=LONG),
    Thing(level=2, anchor="outline", title="Sources"),
]
FACTS = [
    ("Durée", "45 min"),
    ("Niveau", "Initiation"),
    ("Prérequis", "Aucun"),
    ("Par", ", ".join(NAMES)),
    ("Vide", ""),
]
ROWS = [("Une escale", 17, 40), (LONG, 1204, 2000), (LONG_WORD, 0, 0)]

SECTIONS = f"## Pourquoi\n\n{TEXT}\n\n{TEXT}\n\n## {LONG}\n\n{TEXT}\n\n## Ensuite\n\n{TEXT}\n"


def prose(*, short: bool = False) -> Markup:
    """What the renderer makes of every construct of the dialect, or of two sections alone."""
    return Markup(render(SECTIONS if short else PROSE).html)  # noqa: S704 -- our own text, sanitised by the renderer


class _Fields(Form):
    """One field of each kind."""

    name = TrimmedField(NAMES[0], [DataRequired("Écrivez un nom.")])
    email = AddressField("Adresse électronique", [Email("Cette adresse n’est pas complète.")])
    text = TextField("Texte")
    choice = SelectField(LONG, choices=[SelectChoice("a", "Exemple"), SelectChoice("b", LONG)])
    ticked = BooleanField(TEXT)


def forms() -> dict[str, Form]:
    """The same form untouched, filled, and refused."""
    filled = MultiDict({"name": NAMES[1], "email": "camille@example.org", "text": TEXT, "ticked": "1"})
    refused = _Fields(formdata=MultiDict({"refused-email": LONG_WORD}), prefix="refused-")
    refused.validate()
    return {"empty": _Fields(formdata=None, prefix="empty-"), "filled": _Fields(formdata=filled), "refused": refused}


def questions() -> dict[str, list[asked.Asked]]:
    """One question of each kind: empty, and sent without an answer or with too long a one."""
    choices = [{"id": number, "fr": name, "en": ""} for number, name in enumerate(NAMES, 1)]
    rows = [
        EnrolmentQuestion(
            id=number,
            version=1,
            kind=kind,
            label_fr=LONG_WORD if kind == QuestionKind.SHORT else TEXT,
            label_en="",
            help_fr=TEXT if kind != QuestionKind.CONSENT else "",
            help_en="",
            choices=choices if kind.has_choices else [],
            is_required=kind != QuestionKind.LONG,
            is_sensitive=kind == QuestionKind.CHOICES,
        )
        for number, kind in enumerate(QuestionKind, 1)
    ]
    sent = asked.filled(rows, MultiDict({"q2-1": "Trop long. " * 200})).asked
    again = [replace(one, name=f"again-{one.name}") for one in sent]
    return {"empty": asked.shown(rows), "errors": again}
