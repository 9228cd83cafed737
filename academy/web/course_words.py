"""Words about courses that were made elsewhere: code -> (French, English). Each says what is so, then what to do."""

WORDS: dict[str, tuple[str, str]] = {
    "course_cycle": (
        "il n’y a pas de cycle « {value} » sur le site. Choisissez le cycle qui reçoit ce cours, ou créez-le d’abord.",
        "there is no cycle “{value}” on the site. Choose the cycle that takes this course, or create it first.",
    ),
    "course_unknown": (
        "on ne reconnaît pas l’outil qui a fait ce dossier. Dites-le : mkdocs, gitbook, docusaurus, quarto ou wiki.",
        "the tool that made this folder is not recognised. Name it: mkdocs, gitbook, docusaurus, quarto or wiki.",
    ),
    "course_without_pages": (
        "ce dossier n’a aucune page Markdown là où l’outil les met. Vérifiez le dossier, ou choisissez un autre outil.",
        "this folder has no Markdown page where the tool puts them. Check the folder, or choose another tool.",
    ),
    "course_header": (
        "l’en-tête n’est pas lisible : il n’est pas repris tel quel. Corrigez son YAML, ou remplissez l’en-tête du module.",
        "the front matter cannot be read: it is not taken over as it is. Correct its YAML, or fill in that of the module.",
    ),
    "course_key": (
        "cette clé a une valeur composée, que notre en-tête n’a pas : elle n’est pas reprise. Notez dans le texte ce qui compte.",
        "this key has a nested value, which our front matter does not know: it is left out. Write what matters into the text.",
    ),
    "course_run": (
        "ce code « {detail} » était exécuté ; ici il est seulement montré. Ajoutez son résultat (texte, tableau, image) s’il compte.",
        "this “{detail}” code was run; here it is only shown. Add its result (text, table, picture) where it matters.",
    ),
    "course_box": (
        "cette sorte d’encadré « {detail} » n’existe pas ici. Choisissez note, tip, warning, danger, example ou exercise.",
        "there is no box of the kind “{detail}” here. Choose note, tip, warning, danger, example or exercise.",
    ),
    "course_tabs": (
        "les onglets n’existent pas ici : « {detail} » reste tel quel. Faites-en des titres à la suite.",
        "there are no such tabs here: “{detail}” stays as it is. Make them headings, one after the other.",
    ),
    "course_include": (
        "un texte inclus n’est pas repris : « {detail} » reste tel quel. Copiez ce texte ici, ou faites un lien.",
        "included text is not taken over: “{detail}” stays as it is. Copy that text here, or link to it.",
    ),
    "course_jsx": (
        "le MDX n’est pas exécuté : « {detail} » reste tel quel. Remplacez-le par du Markdown, ou retirez-le.",
        "MDX is not run: “{detail}” stays as it is. Replace it by Markdown, or remove it.",
    ),
    "course_shortcode": (
        "ce raccourci n’est pas compris : « {detail} » reste tel quel. Remplacez-le par son résultat.",
        "this shortcode is not understood: “{detail}” stays as it is. Replace it by its result.",
    ),
    "course_toc": (
        "le sommaire se fait tout seul : « {detail} » reste tel quel. Retirez cette ligne.",
        "the table of contents makes itself: “{detail}” stays as it is. Remove this line.",
    ),
    "course_html": (
        "le HTML n’est pas admis : « {detail} » s’affichera comme du texte ou disparaîtra. Écrivez-le en Markdown.",
        "HTML is not accepted: “{detail}” will show as text or disappear. Write it in Markdown.",
    ),
    "course_citation": (
        "ce renvoi n’est pas compris : « {detail} » reste tel quel. Écrivez la source dans une note [^1].",
        "this reference is not understood: “{detail}” stays as it is. Write the source in a note [^1].",
    ),
    "course_attributes": (
        "ces attributs ne sont pas tous compris : « {detail} » reste tel quel. Regardez l’aperçu, et retirez-les s’ils s’affichent.",
        "these attributes are not all understood: “{detail}” stays as it is. Look at the preview, and remove them if they show.",
    ),
    "course_anchor": (
        "aucun titre de cette page n’a l’ancre « {detail} » : le lien mène en haut de la page. Corrigez l’ancre, ou nommez le titre dans la phrase.",
        "no heading of that page has the anchor “{detail}”: the link leads to its top. Correct the anchor, or name the heading in the sentence.",
    ),
    "course_anchor_here": (
        "aucun titre de ce texte n’a l’ancre « {detail} » : le lien reste tel quel, et ne mène nulle part. Corrigez l’ancre, ou retirez le lien.",
        "no heading of this text has the anchor “{detail}”: the link stays as it is, and leads nowhere. Correct the anchor, or remove the link.",
    ),
    "course_dead_link": (
        "ce lien ne mène nulle part dans ce dossier : ses mots et « {value} » restent dans le texte. Corrigez-le, ou ajoutez ce qui manque.",
        "this link leads nowhere in this folder: its words and “{value}” stay in the text. Correct it, or add what is missing.",
    ),
    "course_file_left": (
        "le fichier « {value} » n’a pas pu être joint (la raison est dans la liste des fichiers laissés). Convertissez-le, ou retirez le lien.",
        "the file “{value}” could not be attached (the reason is in the list of files left). Convert it, or remove the link.",
    ),
    "course_long_line": (
        "cette ligne est trop longue pour qu’on y cherche des liens : elle reste telle quelle. Coupez-la, ou vérifiez-la.",
        "this line is too long to be searched for links: it stays as it is. Cut it, or check it.",
    ),
    "course_too_long": (
        "ce fichier est trop long (une page : 128 Kio au plus). Partagez-le en plusieurs.",
        "this file is too long (a page: 128 KiB at most). Split it.",
    ),
    "course_not_utf8": (
        "ce fichier n’est pas du texte en UTF-8. Enregistrez-le à nouveau en UTF-8.",
        "this file is no UTF-8 text. Save it again as UTF-8.",
    ),
    "course_outside": (
        "cette page est hors du dossier des pages du cours. Déplacez-la dedans si elle en fait partie.",
        "this page lies outside the folder of the course’s pages. Move it there if it belongs to it.",
    ),
    "course_menu": (
        "ce fichier n’est qu’un menu : l’Académie fait le sien.",
        "this file is only a menu: the Academy makes its own.",
    ),
    "course_unused": (
        "aucune page ne montre ce fichier ni n’y mène. Faites un lien vers lui, ou joignez-le ensuite.",
        "no page shows this file or leads to it. Link to it, or attach it afterwards.",
    ),
    "course_kind": (
        "ce genre de fichier n’est pas repris. Convertissez-le (image : png, jpg, webp ; document : pdf), ou laissez-le.",
        "this kind of file is not taken over. Convert it (picture: png, jpg, webp; document: pdf), or leave it.",
    ),
}
