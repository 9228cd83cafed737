"""Words about archives that are sent: code -> (French, English). Each says what is wrong, then what to do."""

WORDS: dict[str, tuple[str, str]] = {
    "archive_unreadable": (
        "ce fichier n’est pas une archive ZIP entière. Compressez le dossier à nouveau (au format .zip) et renvoyez-le.",
        "this file is not a whole ZIP archive. Compress the folder again (as .zip) and send it again.",
    ),
    "archive_too_big": (
        "l’archive dépasse {limit} Mo. Envoyez un cycle à la fois, ou retirez les plus gros fichiers.",
        "the archive is larger than {limit} MB. Send one cycle at a time, or take out the largest files.",
    ),
    "archive_unpacks_too_big": (
        "une fois ouverte, l’archive dépasse {limit} Mo. Envoyez un cycle à la fois, ou retirez les plus gros fichiers.",
        "once opened, the archive is larger than {limit} MB. Send one cycle at a time, or take out the largest files.",
    ),
    "archive_too_many": (
        "l’archive a plus de {limit} fichiers. Envoyez un cycle à la fois.",
        "the archive has more than {limit} files. Send one cycle at a time.",
    ),
    "archive_bomb": (
        "ce fichier se déploie plus de {limit} fois : l’archive est refusée. Retirez-le et compressez à nouveau.",
        "this file unfolds more than {limit} times: the archive is refused. Take it out and compress again.",
    ),
    "archive_leads_out": (
        "ce nom mène hors du dossier : l’archive est refusée. Compressez le dossier lui-même, avec des chemins relatifs.",
        "this name leads out of the folder: the archive is refused. Compress the folder itself, with relative paths.",
    ),
    "archive_name": (
        "ce nom a un caractère ou une barre oblique que tous les ordinateurs n’admettent pas. Renommez le fichier et compressez à nouveau.",
        "this name has a character or a slash that not all computers accept. Rename the file and compress again.",
    ),
    "archive_device": (
        "ce nom est réservé sous Windows, ou finit par un point ou une espace. Renommez le fichier et compressez à nouveau.",
        "this name is reserved on Windows, or ends with a dot or a space. Rename the file and compress again.",
    ),
    "archive_too_deep": (
        "ce chemin est trop long ({limit} caractères au plus) ou a trop de dossiers l’un dans l’autre. Remontez le fichier.",
        "this path is too long ({limit} characters at most) or has too many folders in each other. Move the file up.",
    ),
    "archive_link": (
        "c’est un lien ou un fichier spécial. Remplacez-le par une copie du fichier, et compressez à nouveau.",
        "this is a link or a special file. Replace it by a copy of the file, and compress again.",
    ),
    "archive_encrypted": (
        "ce fichier est protégé par un mot de passe. Compressez le dossier sans mot de passe.",
        "this file is protected by a password. Compress the folder without one.",
    ),
    "archive_method": (
        "ce fichier est compressé d’une manière rare. Compressez le dossier au format ZIP ordinaire.",
        "this file is compressed in a rare way. Compress the folder as an ordinary ZIP.",
    ),
    "archive_nested": (
        "c’est une archive dans l’archive. Déployez-la dans le dossier, ou retirez-la, et compressez à nouveau.",
        "this is an archive in the archive. Unpack it into the folder, or take it out, and compress again.",
    ),
    "archive_twice": (
        "un autre fichier de l’archive a le même nom, aux majuscules ou aux accents près. Renommez l’un des deux.",
        "another file of the archive has the same name but for capitals or accents. Rename one of them.",
    ),
    "archive_damaged": (
        "ce fichier est abîmé dans l’archive (sa somme de contrôle n’est pas la bonne). Compressez à nouveau.",
        "this file is damaged in the archive (its checksum is wrong). Compress again.",
    ),
    "archive_without_content": (
        "l’archive n’a aucun texte de l’Académie (cycles/…/modules/01-nom.fr.md, resources/nom.fr.md). Compressez le dossier « cycles », ou choisissez avec quel outil ce cours a été fait.",
        "the archive has no text of the Academy (cycles/…/modules/01-name.fr.md, resources/name.fr.md). Compress the folder “cycles”, or choose with which tool this course was made.",
    ),
    "not_yours": (
        "ce texte est celui de quelqu’un d’autre. Retirez-le de l’archive, ou demandez à l’équipe de l’importer.",
        "this text belongs to somebody else. Take it out of the archive, or ask the team to import it.",
    ),
    "team_only": (
        "l’équipe seule ajoute ou change les cycles, les sessions, les pages et les listes. Retirez ce fichier de l’archive, ou demandez-lui.",
        "only the team adds or changes cycles, sessions, pages and lists. Take this file out of the archive, or ask them.",
    ),
}
