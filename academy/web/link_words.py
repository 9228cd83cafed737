"""The wording of what is wrong with the ways between texts: see `academy.web.problems`."""

WORDS: dict[str, tuple[str, str]] = {
    "dead_link": (
        "le lien [[{value}]] ne mène nulle part. Écrivez l’id d’un texte qui existe.",
        "the link [[{value}]] leads nowhere. Write the id of a text that exists.",
    ),
    "dead_path": (
        "le lien vers {value} ne mène à aucun texte. Corrigez le chemin depuis ce fichier, ou écrivez [[id]].",
        "the link to {value} leads to no text. Repair the path from this file, or write [[id]].",
    ),
    "dead_anchor": (
        "le lien {value} ne mène à aucun titre de ce texte. Recopiez les mots du titre, en minuscules et avec des tirets.",
        "the link {value} leads to no heading of this text. Copy the words of the heading, in lower case and with hyphens.",
    ),
    "dead_section": (
        "« {value} » n’a pas de section « {section} ». Recopiez son titre, ou retirez le #.",
        "“{value}” has no section “{section}”. Copy its heading, or remove the #.",
    ),
    "include_unavailable": (
        "« {value} » ne peut pas être inclus : il n’est pas publié dans cette langue, ou il est réservé à moins de lecteurs que ce texte. Publiez-le d’abord, ou mettez un lien [[{value}]].",
        "“{value}” cannot be included: it is not published in this language, or is for fewer readers than this text. Publish it first, or put a link [[{value}]].",
    ),
    "section_included": (
        "le titre « {section} » n’est plus là, et d’autres textes incluent sa section : {hosts}. Remettez-le, ou changez d’abord ces textes.",
        "the heading “{section}” is gone, and other texts include its section: {hosts}. Put it back, or change those texts first.",
    ),
    "audience_included": (
        "ce texte est inclus dans des textes que davantage de personnes lisent : {hosts}. Retirez-le d’abord de ces textes.",
        "this text is included in texts that more people read: {hosts}. Remove it from those texts first.",
    ),
    "text_included": (
        "ce texte est inclus dans d’autres : {hosts}. Retirez-le d’abord de ces textes, ou laissez-le publié.",
        "this text is included in others: {hosts}. Remove it from those texts first, or leave it published.",
    ),
    "lint_section_linked": (
        "des liens mènent au titre « {section} », qui n’est plus là : ils s’ouvriront en haut de la page. Textes à corriger : {hosts}.",
        "links lead to the heading “{section}”, which is gone: they will open at the top of the page. Texts to repair: {hosts}.",
    ),
    "lint_link_unpublished": (
        "le texte « {value} » n’est pas publié : d’ici là, ce lien ne s’ouvre pas.",
        "the text “{value}” is not published: until it is, this link does not open.",
    ),
    "lint_dead_address": (
        "l’adresse {value} ne mène à aucune page que les lecteurs peuvent ouvrir. Corrigez-la ; pour un texte, écrivez plutôt [[id]], qui le suit.",
        "the address {value} leads to no page that readers can open. Correct it; for a text rather write [[id]], which follows it.",
    ),
    "lint_term_undefined": (
        "« {value} » n’est défini dans aucun glossaire publié dans cette langue. Définissez-le dans un glossaire, corrigez le mot avec terme=…, ou retirez {{.glossaire}}.",
        "“{value}” is defined in no glossary published in this language. Define it in a glossary, correct the word with term=…, or remove {{.glossary}}.",
    ),
    "body_include_loop": (
        "ce texte s’inclurait lui-même. Retirez cette inclusion, ou celle qui revient ici depuis le texte inclus.",
        "this text would include itself. Remove this include, or the one that comes back here from the included text.",
    ),
    "body_includes_deep": (
        "des textes s’incluent sur plus de {limit} niveaux. Incluez directement celui qu’il vous faut.",
        "texts include one another deeper than {limit} levels. Include the one that you need directly.",
    ),
    "body_includes_many": (
        "il y a plus de {limit} inclusions, celles des textes inclus comprises. Gardez les plus utiles, mettez des liens pour les autres.",
        "there are more than {limit} includes, those of included texts too. Keep the most useful ones, put links for the others.",
    ),
    "body_includes_big": (
        "les textes inclus dépassent ensemble {limit} Kio. Incluez des sections, ou mettez des liens.",
        "the included texts are longer than {limit} KiB together. Include sections, or put links.",
    ),
}
