"""Words about files beside texts: code -> (French, English). Each says what is wrong, then what to do."""

_KINDS = "pdf, pptx, docx, xlsx, odt, odp, ods, vtt, csv, png, jpg, webp"

WORDS: dict[str, tuple[str, str]] = {
    "file_without_text": (
        "ce dossier n’est celui d’aucun texte. Donnez-lui le nom du texte (resources/mon-guide pour resources/mon-guide.fr.md, 01-escale pour 01-escale.fr.md), ou retirez-le.",
        "this folder belongs to no text. Give it the name of the text (resources/my-guide for resources/my-guide.fr.md, 01-call for 01-call.fr.md), or remove it.",
    ),
    "file_nested": (
        "les fichiers d’un texte sont dans un seul dossier, sans sous-dossier. Remontez-les d’un niveau.",
        "the files of a text lie in one folder, without folders inside. Move them up.",
    ),
    "file_name": (
        "le nom d’un fichier s’écrit en minuscules sans accent ni espace, avec des tirets, 100 caractères au plus. Renommez-le.",
        "a file name is in lower case without accents or spaces, with hyphens, 100 characters at most. Rename it.",
    ),
    "file_kind": (
        f"ce genre de fichier n’est pas accepté. Enregistrez-le dans l’un de ceux-ci : {_KINDS}.",
        f"this kind of file is not accepted. Save it as one of these: {_KINDS}.",
    ),
    "file_svg": (
        "une image SVG peut contenir un programme : elle n’est pas acceptée. Enregistrez-la en PNG (1 600 pixels de large), ou en PDF pour la proposer à télécharger.",
        "an SVG picture can hold a program: it is not accepted. Save it as PNG (1,600 pixels wide), or as PDF to offer it for download.",
    ),
    "credits_key": (
        "cette clé n’existe pas dans credits.yml. Les clés sont file, alt, credit, licence et decorative.",
        "this key does not exist in credits.yml. The keys are file, alt, credit, licence and decorative.",
    ),
    "picture_broken": (
        "cette image est abîmée ou incomplète. Ouvrez-la dans un logiciel d’images et enregistrez-la à nouveau.",
        "this picture is damaged or incomplete. Open it in an image program and save it again.",
    ),
    "picture_animated": (
        "cette image est animée. Enregistrez-en une vue fixe ; un mouvement se montre mieux en vidéo.",
        "this picture is animated. Save a still view of it; motion is better shown in a video.",
    ),
    "picture_too_big": (
        "cette image dépasse 40 millions de pixels, ou 16 000 d’un côté. Réduisez-la : 3 000 pixels de large suffisent.",
        "this picture has more than 40 million pixels, or 16,000 on a side. Make it smaller: 3,000 pixels wide are enough.",
    ),
    "picture_too_slow": (
        "cette image est trop longue à ouvrir. Réduisez-la (3 000 pixels de large suffisent), ou enregistrez-la à nouveau.",
        "this picture takes too long to open. Make it smaller (3,000 pixels wide are enough), or save it again.",
    ),
    "picture_failed": (
        "la préparation de l’image a échoué : c’est une erreur de l’académie. Signalez-la avec le fichier.",
        "the picture could not be made: the academy is at fault. Report it with the file.",
    ),
    "file_content": (
        "le contenu n’est pas celui que le nom annonce, ou il est abîmé. Ouvrez le fichier dans son logiciel et enregistrez-le à nouveau (un .vtt ou un .csv : en UTF-8).",
        "the content is not what the name says, or it is damaged. Open the file in its program and save it again (a .vtt or a .csv: in UTF-8).",
    ),
    "file_macros": (
        "ce fichier contient des macros. Enregistrez-le sans elles.",
        "this file holds macros. Save it without them.",
    ),
    "file_empty": (
        "le fichier est vide. Retirez-le, ou copiez-le à nouveau.",
        "the file is empty. Remove it, or copy it again.",
    ),
    "file_too_big": (
        "le fichier dépasse {limit} Mo. Réduisez ses images, ou partagez-le.",
        "the file is larger than {limit} MB. Make its pictures smaller, or split it.",
    ),
    "file_too_many": (
        "un texte a {limit} fichiers au plus. Retirez-en, ou réunissez-les.",
        "a text has at most {limit} files. Remove some, or join them.",
    ),
    "file_lost": (
        "les octets de ce fichier ne sont plus dans la réserve (ACADEMY_FILES_URL). Reprenez-les d’une sauvegarde, ou chargez à nouveau le dossier qui l’a.",
        "the bytes of this file are no longer in the store (ACADEMY_FILES_URL). Take them from a backup, or load a folder that has it.",
    ),
    # remarks: the file is offered, but the search does not know its words
    "lint_file_encrypted": (
        "le fichier est protégé par un mot de passe : la recherche ne lit pas ses mots. Enregistrez-le sans protection.",
        "the file is protected by a password: the search does not read its words. Save it without protection.",
    ),
    "lint_file_broken": (
        "le fichier est abîmé : la recherche n’a pas lu tous ses mots. Ouvrez-le dans son logiciel et enregistrez-le à nouveau.",
        "the file is damaged: the search has not read all its words. Open it in its program and save it again.",
    ),
    "lint_file_no_words": (
        "le fichier ne contient pas de texte (des pages numérisées ?) : la recherche n’y trouve rien. Passez-le à la reconnaissance de caractères.",
        "the file holds no text (scanned pages?): the search finds nothing in it. Run it through character recognition.",
    ),
    "lint_file_too_long": (
        "le fichier est très long : la recherche n’en connaît que le début. Partagez-le en plusieurs.",
        "the file is very long: the search knows only its beginning. Split it into several.",
    ),
    "lint_file_too_slow": (
        "le fichier est trop long à lire : la recherche n’en connaît pas tous les mots. Partagez-le, ou enregistrez-le à nouveau.",
        "the file takes too long to read: the search does not know all its words. Split it, or save it again.",
    ),
    "lint_file_too_big": (
        "le fichier prend trop de mémoire une fois ouvert : la recherche ne lit pas ses mots. Réduisez-le, ou partagez-le.",
        "the file takes too much memory once opened: the search does not read its words. Make it smaller, or split it.",
    ),
    "lint_file_failed": (
        "la lecture du fichier a échoué : c’est une erreur de l’académie. Signalez-la avec le fichier.",
        "the file could not be read: the academy is at fault. Report it with the file.",
    ),
}
