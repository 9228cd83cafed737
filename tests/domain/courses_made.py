"""Small courses as five tools lay them out: their files by path. All words are ours."""

import struct
import zlib
from pathlib import Path


def _png(grey: int) -> bytes:
    """A picture of one grey point."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(bytes([0, grey])))]
    chunks = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in [*parts, (b"IEND", b"")]
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


PNG = _png(80)
_PAGE = "# {title}\n\n{words}\n"

MKDOCS: dict[str, str | bytes] = {
    "mkdocs.yml": (
        "site_name: Le quai\nnav:\n  - Accueil: index.md\n  - Manœuvres:\n      - Amarrer: manoeuvres/amarrer.md\n"
        "      - manoeuvres/partir.md\nmarkdown_extensions:\n"
        "  - pymdownx.emoji:\n      emoji_index: !!python/name:material.extensions.emoji.twemoji\n"
    ),
    "README.md": "# Le dépôt\n",
    "docs/index.md": "# Le quai en une heure\n\nCe cours montre un quai. Il dure une heure.\n\n[Amarrer](manoeuvres/amarrer.md)\n",
    "docs/manoeuvres/amarrer.md": (
        "---\ntitle: Amarrer un navire\ndescription: Trois amarres, dans l’ordre.\ntags: [port, cordages]\n"
        "authors:\n  - name: Ana Martin\nlicense: CC BY 4.0\nextra: {a: 1}\nteam: Quai 3\n---\n"
        "# Amarrer un navire\n\n"
        '!!! success "Avant"\n    Mettez vos gants.\n\n'
        "![Une bitte](../img/Bitte d’amarrage.png)\n\n![Une bitte](../img/bitte.png)\n\n"
        '=== "Avant"\n    Un.\n\n'
        "Voir [l’accueil](../index.md#fin) et [rien](absent.md).\n\n"
        "```md\n[pas un lien](../index.md)\n```\n\nEt `[ni celui-ci](../index.md)`.\n\n"
        '--8<-- "abbr.md"\n\n<div class="x">bloc</div>\n\n[Plan](plan.svg)\n'
    ),
    "docs/manoeuvres/partir.md": _PAGE.format(
        title="Partir", words="[ref]: https://example.org\n\nOn largue. [Doc][ref]"
    ),
    "docs/annexe.md": _PAGE.format(title="Annexe", words="Une page hors du sommaire."),
    "docs/img/bitte.png": PNG,
    "docs/img/seule.png": _png(90),
    "docs/manoeuvres/plan.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
}
GITBOOK: dict[str, str | bytes] = {
    "SUMMARY.md": "# Sommaire\n\n* [Bienvenue](README.md)\n* [Le vent](meteo/vent.md)\n  * [La houle](meteo/houle.md)\n",
    "README.md": "# Bienvenue à bord\n\nUn cours de météo.\n",
    "meteo/vent.md": '# Le vent\n\n{% hint style="warning" %}\nRafales.\n{% endhint %}\n\n{% embed url="https://example.org" %}\n\nVoir [la houle](houle.md).\n',
    "meteo/houle.md": "# La houle\n\nElle vient du large.\n",
}
DOCUSAURUS: dict[str, str | bytes] = {
    "docusaurus.config.js": "module.exports = {title: 'Cours'};\n",
    "docs/intro.md": "---\nsidebar_position: 1\ntitle: Introduction au port\n---\n\nUn port a des quais. [Grues](./outils/grues.mdx)\n",
    "docs/outils/_category_.json": '{"label": "Outils", "position": 2}',
    "docs/outils/grues.mdx": (
        "---\nsidebar_position: 2\n---\nimport Tabs from '@theme/Tabs';\n\n# Les grues\n\n:::caution[Attention]\n\nRestez loin.\n\n:::\n\n"
        "<Tabs>\n</Tabs>\n\n![Une grue](/img/grue.png)\n"
    ),
    "docs/outils/cavaliers.md": "---\nsidebar_position: 1\ndraft: true\n---\n# Les cavaliers\n\nIls portent un conteneur.\n",
    "docs/zone.md": "# La zone\n\nElle est vaste.\n",
    "static/img/grue.png": PNG,
}
QUARTO: dict[str, str | bytes] = {
    "_quarto.yml": "project:\n  type: book\nbook:\n  title: Données\n  chapters:\n    - index.qmd\n    - part: Mesurer\n      chapters:\n        - mesurer.qmd\n",
    "index.qmd": '---\ntitle: "Mesurer un port"\nauthor: Ana Martin, Luc Roy\nformat:\n  html:\n    toc: true\n---\n\nDes chiffres utiles. @fig-quai\n',
    "mesurer.qmd": (
        '# Mesurer\n\n::: {.callout-tip title="À savoir"}\nUn nœud vaut 1,852 km/h.\n:::\n\n::: {.callout-note}\n## Le titre dedans\n\nTexte.\n:::\n\n'
        "```{python}\nprint(1)\n```\n\n{{< video quai.mp4 >}}\n\n![Un quai](quai.png){#fig-quai width=50%}\n\n::: {.panel-tabset}\n:::\n"
    ),
    "quai.png": PNG,
}
WIKI: dict[str, str | bytes] = {
    "Home.md": "Bienvenue sur le wiki. Voir [[Les Amarres]] et [[le départ|Partir-en-mer]], pas [[Nulle part]].\n",
    "Les-Amarres.md": "Une amarre tient le navire.\n\n[Accueil](Home)\n",
    "Partir-en-mer.md": "On part à la marée.\n",
    "_Sidebar.md": "* [[Home]]\n* [[Partir|Partir-en-mer]]\n* [[Les Amarres]]\n",
    "_Footer.md": "Pied de page.\n",
}
COURSES = {"mkdocs": MKDOCS, "gitbook": GITBOOK, "docusaurus": DOCUSAURUS, "quarto": QUARTO, "wiki": WIKI}


def lay(top: Path, files: dict[str, str | bytes]) -> Path:
    """Write a course into a folder."""
    for path, words in files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(words if isinstance(words, bytes) else words.encode())
    return top
