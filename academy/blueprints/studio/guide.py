"""A one-page reminder of what an author may write, with examples that the renderer itself shows."""

from functools import cache
from typing import NamedTuple

from flask import render_template

from academy.blueprints.studio import queries
from academy.blueprints.studio.area import bp
from academy.domain import contract, layout
from academy.models import Kind
from academy.policies import Action
from academy.rendering.markdown import render
from academy.rendering.results import Lent
from academy.web.guard import allow
from academy.web.locale import language


class Example(NamedTuple):
    """A few lines of Markdown and what they become (safe HTML)."""

    name: str  # its title is in the template
    source: str
    html: str


# Texts, not messages: an example reads as its author would write it, in each language.
_SOURCES = {
    "fr": {
        "headings": "## Un titre de partie\n\n### Un sous-titre\n",
        "words": "Du texte *en italique*, **en gras**, du `code` et un [lien](https://www.service-public.fr).\n",
        "lists": "1. Première étape\n2. Deuxième étape\n   - un détail\n\n- [x] fait\n- [ ] à faire\n",
        "boxes": '!!! note "À retenir"\n    Le texte de l’encadré est décalé de quatre espaces.\n\n'
        '??? exercise "À vous"\n    Le lecteur ouvre ce pli quand il veut.\n',
        "folds": "::: details Un pli\nIl s’ouvre d’un geste.\n:::\n\n::: warning\nUn encadré d’une autre écriture.\n:::\n\n"
        "> [!TIP]\n> Une troisième, celle de GitHub.\n",
        "code": '```python\nprint("Bonjour")\n```\n',
        "slides": "Sur une diapositive.\n\n---\n\nSur la suivante.\n\n<!-- Une note : l’orateur seul la voit. -->\n",
        "tables": "| Filière | Statut |\n|---|---|\n| Pêche | établie |\n| Algues | émergente |\n",
        "notes": "Le port s’étend sur plusieurs communes.[^1]\n\n[^1]: Nommez la source et sa date.\n",
        "definitions": "Tirant d’eau\n: La hauteur de la partie immergée d’un navire.\n\n"
        "L’ABE vit ici.\n\n*[ABE]: académie d’essai\n",
        "links": "Voir [[guide-publier-un-module]], ou [[guide-publier-un-module|le guide complet]], "
        "ou [[guide-publier-un-module#choisir-une-licence|ce qu’il dit des licences]].\n",
        "includes": "Un texte publié, repris ici en entier :\n\n![[avertissement]]\n\nUne seule de ses parties :\n\n"
        "![[avertissement#les-donnees]]\n",
        "quotes": "> Une phrase citée, avec sa source.\n",
        "figures": '![Une icône de phare](/art/icon-192.png "La légende")'
        '{credit="Camille Exemple" licence=cc-by-4.0}\n',
        "formulas": "La puissance d’une éolienne croît comme $v^3$.\n\n$$\nP = \\frac{1}{2} \\rho S v^3\n$$\n\n"
        "Un prix reste un prix : 5 $ et 10 $.\n",
        "charts": "```chart\ntype: bar\ntitle: Escales par an\nunit: escales\nsource: exemple inventé\n\n"
        "Année;Cargos;Ferries\n2025;1 200;310\n2026;1 250;290,5\n```\n",
        "tabs": ":::: tabs\n::: tab À terre\nLe quai.\n:::\n::: tab En mer\nLa rade.\n:::\n::::\n",
        "videos": "::: video https://www.example.org/quai La visite du quai\n```vtt\n00:00:01.000 --> 00:00:04.000\n"
        "<v Camille>Bienvenue sur le quai.\n```\n:::\n",
        "terms": "Un [armateur]{.glossaire}, des [affréteurs]{.glossaire terme=affréteur}.\n\n"
        "Le [machine learning]{lang=en}.\n\n### Le quai {#quai}\n\nVoir [le quai](#quai).\n",
    },
    "en": {
        "headings": "## A heading\n\n### A smaller heading\n",
        "words": "Text in *italics*, in **bold**, some `code` and a [link](https://www.service-public.fr).\n",
        "lists": "1. First step\n2. Second step\n   - a detail\n\n- [x] done\n- [ ] to do\n",
        "boxes": '!!! note "To remember"\n    The text of the box is indented by four spaces.\n\n'
        '??? exercise "Your turn"\n    The reader unfolds this when ready.\n',
        "folds": "::: details A fold\nIt opens at a touch.\n:::\n\n::: warning\nA box, written another way.\n:::\n\n"
        "> [!TIP]\n> A third way, that of GitHub.\n",
        "code": '```python\nprint("Hello")\n```\n',
        "slides": "On one slide.\n\n---\n\nOn the next.\n\n<!-- A note: only the speaker sees it. -->\n",
        "tables": "| Sector | Status |\n|---|---|\n| Fishing | established |\n| Seaweed | emerging |\n",
        "notes": "The port covers several towns.[^1]\n\n[^1]: Name the source and its date.\n",
        "definitions": "Draught\n: How deep a ship sits in the water.\n\nThe ABE lives here.\n\n*[ABE]: academy of essays\n",
        "links": "See [[guide-publier-un-module]], or [[guide-publier-un-module|the full guide]], "
        "or [[guide-publier-un-module#choisir-une-licence|what it says of licences]].\n",
        "includes": "A published text, taken up here as a whole:\n\n![[warning]]\n\nA single part of it:\n\n"
        "![[warning#the-data]]\n",
        "quotes": "> A sentence that is quoted, with its source.\n",
        "figures": '![An icon of a lighthouse](/art/icon-192.png "The caption")'
        '{credit="Camille Exemple" licence=cc-by-4.0}\n',
        "formulas": "The power of a wind turbine grows as $v^3$.\n\n$$\nP = \\frac{1}{2} \\rho A v^3\n$$\n\n"
        "A price remains a price: $5 and $10.\n",
        "charts": "```chart\ntype: bar\ntitle: Calls per year\nunit: calls\nsource: made-up example\n\n"
        "Year;Cargo ships;Ferries\n2025;1,200;310\n2026;1,250;290.5\n```\n",
        "tabs": ":::: tabs\n::: tab Ashore\nThe quay.\n:::\n::: tab At sea\nThe roadstead.\n:::\n::::\n",
        "videos": "::: video https://www.example.org/quay A tour of the quay\n```vtt\n00:00:01.000 --> 00:00:04.000\n"
        "<v Camille>Welcome to the quay.\n```\n:::\n",
        "terms": 'A [charterer]{.glossary}, some [ship’s agents]{.glossary term="ship’s agent"}.\n\n'
        "The [école de voile]{lang=fr}.\n\n### The quay {#quay}\n\nSee [the quay](#quay).\n",
    },
}


# What the examples borrow: no text of the academy, so that they are the same everywhere.
_LENT = {
    "fr": Lent(
        titles={"guide-publier-un-module": ("Publier un module", "fr")},
        texts={"avertissement": ("L’exercice est inventé.\n\n## Les données\n\nElles le sont aussi.\n", "")},
    ),
    "en": Lent(
        titles={"guide-publier-un-module": ("Publishing a module", "en")},
        texts={"warning": ("The exercise is made up.\n\n## The data\n\nSo are they.\n", "")},
    ),
}


@bp.get("/guide/")
@allow(Action.STUDIO_USE)
def guide():
    """Show the reminder."""
    return render_template(
        "studio/guide.html",
        examples=_examples(language()),
        keys=_keys(),
        choices={
            "level": contract.LEVELS,
            "licence": contract.LICENCES,
            "type": contract.TYPES,
            "stakeholders": contract.STAKEHOLDERS,
        },
        topics=queries.topics(language()),
    )


@cache
def _examples(language: str) -> tuple[Example, ...]:
    prefix, glossary = layout.LINK_PREFIX[language], layout.GLOSSARY[language]
    return tuple(
        Example(
            name,
            source,
            render(source, link_prefix=prefix, glossary=glossary, language=language, lent=_LENT[language]).html,
        )
        for name, source in _SOURCES[language].items()
    )


def _keys() -> list[tuple[str, bool, bool]]:
    """Each key of modules and resources: its name, and whether each of the two kinds must have it."""
    course = {Kind.MODULE, Kind.RESOURCE}
    return [
        (name, Kind.MODULE in key.required, Kind.RESOURCE in key.required)
        for name, key in contract.KEYS.items()
        if key.kinds & course
    ]
