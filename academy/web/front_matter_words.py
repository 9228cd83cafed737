"""Words about keys and values of the front matter: code -> (French, English). Each says what is wrong, then what to do."""

WORDS: dict[str, tuple[str, str]] = {
    # the front matter as YAML
    "front_missing_fence": (
        "le fichier ne commence pas par un en-tête. Écrivez une ligne --- tout en haut, les clés, puis une autre ligne ---.",
        "the file does not start with front matter. Write a line --- at the very top, the keys, then another line ---.",
    ),
    "front_unclosed_fence": (
        "l’en-tête n’est pas fermé. Ajoutez une ligne --- après la dernière clé.",
        "the front matter is not closed. Add a line --- after the last key.",
    ),
    "front_bad_yaml": (
        "l’en-tête ne se lit pas à cette ligne, ou juste avant. Mettez entre guillemets droits toute valeur qui contient « : », « # » ou qui commence par un signe.",
        "the front matter cannot be read at this line, or just before. Put double quotes around any value with “: ”, “#” or a leading sign.",
    ),
    "front_too_large": (
        "l’en-tête dépasse la limite ({detail}). Raccourcissez-le, ou déplacez du texte dans le corps.",
        "the front matter is over the limit ({detail}). Shorten it, or move words into the body.",
    ),
    "front_too_deep": (
        "les crochets de l’en-tête s’emboîtent trop. Écrivez une liste simple : un élément par ligne, après un tiret.",
        "the brackets of the front matter nest too deep. Write a plain list: one item on each line, after a dash.",
    ),
    "front_flow_mapping": (
        "l’en-tête est écrit entre accolades. Écrivez une clé par ligne, sans accolades.",
        "the front matter is written in braces. Write one key on each line, without braces.",
    ),
    "front_not_mapping": (
        'on attend ici des lignes « clé : valeur ». Écrivez par exemple title: "Mon titre".',
        'lines of “key: value” are expected here. Write for example title: "My title".',
    ),
    "front_not_list": (
        "on attend une liste. Commencez chaque entrée par un tiret : - slug: …",
        "a list is expected. Start each entry with a dash: - slug: …",
    ),
    "front_not_text": (
        "cette clé attend un texte, pas une liste. Écrivez une seule valeur.",
        "this key takes one text, not a list. Write a single value.",
    ),
    "front_nested_mapping": (
        "la valeur contient elle-même des clés. Écrivez un texte ou une liste, entre guillemets si elle contient « : ».",
        "the value holds keys of its own. Write a text or a list, in double quotes if it holds “: ”.",
    ),
    "front_nested_list": (
        "une liste en contient une autre. Écrivez une seule liste, à plat.",
        "a list holds another list. Write one flat list.",
    ),
    "front_bad_key": (
        "ce n’est pas une clé. Écrivez un mot en début de ligne, suivi de deux points et d’une espace.",
        "this is not a key. Write a word at the start of the line, then a colon and a space.",
    ),
    "front_duplicate_key": (
        "la clé est écrite deux fois (déjà ligne {detail}). Gardez une seule des deux lignes.",
        "the key is written twice (already on line {detail}). Keep only one of the two lines.",
    ),
    "front_alias": (
        "le renvoi *{detail} n’est pas admis. Recopiez la valeur, ou mettez-la entre guillemets droits.",
        "the alias *{detail} is not allowed. Repeat the value, or put it in double quotes.",
    ),
    "front_anchor": (
        "l’ancre &{detail} n’est pas admise. Supprimez-la, ou mettez la valeur entre guillemets droits.",
        "the anchor &{detail} is not allowed. Remove it, or put the value in double quotes.",
    ),
    "front_tag": (
        "l’étiquette {detail} n’est pas admise. Supprimez-la, ou mettez la valeur entre guillemets droits.",
        "the tag {detail} is not allowed. Remove it, or put the value in double quotes.",
    ),
    "front_merge_key": (
        "la clé << n’est pas admise. Écrivez les clés une à une.",
        "the key << is not allowed. Write the keys one by one.",
    ),
    "front_kept_breaks": (
        "le signe + après | ou > n’est pas admis. Écrivez | ou > seul.",
        "the sign + after | or > is not allowed. Write | or > alone.",
    ),
    # keys
    "missing_key": (
        "la clé manque, et {kind} en a besoin. Ajoutez-la.",
        "the key is missing, and {kind} needs it. Add it.",
    ),
    "unknown_key": (
        "clé inconnue : elle est gardée mais ne sert à rien. Corrigez son nom, ou retirez-la.",
        "unknown key: it is kept but has no effect. Correct its name, or remove it.",
    ),
    "misplaced_key": (
        "cette clé n’a pas d’effet dans {kind}. Elle est gardée ; vous pouvez la retirer.",
        "this key has no effect in {kind}. It is kept; you may remove it.",
    ),
    "empty_value": (
        "la clé n’a pas de valeur. Écrivez-en une, ou retirez la ligne.",
        "the key has no value. Write one, or remove the line.",
    ),
    "empty_list": (
        "la liste est vide. Écrivez au moins un élément.",
        "the list is empty. Write at least one item.",
    ),
    "not_a_list": (
        "on attend une liste. Écrivez [{value}], ou un élément par ligne après un tiret.",
        "a list is expected. Write [{value}], or one item a line after a dash.",
    ),
    "not_a_text": (
        "on attend un texte, pas une liste. Écrivez une seule valeur, sans crochets.",
        "a text is expected, not a list. Write a single value, without brackets.",
    ),
    # values
    "text_too_long": (
        "le texte a {length} caractères, la limite est {most}. Raccourcissez-le.",
        "the text has {length} characters, the limit is {most}. Shorten it.",
    ),
    "hidden_characters": (
        "le texte contient un caractère invisible (espace sans largeur, sens d’écriture, commande). Retapez la valeur au clavier.",
        "the text holds an invisible character (zero width, writing direction, control). Type the value again.",
    ),
    "bad_slug": (
        "« {value} » n’est pas un identifiant. Écrivez des minuscules sans accent, des chiffres et des tirets, 80 au plus : ma-ressource.",
        "“{value}” is not an identifier. Write lower-case letters without accents, digits and hyphens, at most 80: my-resource.",
    ),
    "bad_date": (
        "« {value} » n’est pas une date. Écrivez année-mois-jour : 2026-11-16.",
        "“{value}” is not a date. Write year-month-day: 2026-11-16.",
    ),
    "bad_hour": (
        "« {value} » n’est pas une date avec son heure. Écrivez 2027-02-04 18:00 (heure de Paris).",
        "“{value}” is not a date with an hour. Write 2027-02-04 18:00 (Paris time).",
    ),
    "hour_skipped": (
        "« {value} » n’existe pas à Paris : cette nuit-là, l’heure d’été saute de 2 h à 3 h. Choisissez une autre heure.",
        "“{value}” does not exist in Paris: summer time jumps from 2:00 to 3:00 that night. Choose another hour.",
    ),
    "bad_duration": (
        "« {value} » n’est pas une durée. Écrivez 25 min, 1 h ou 1 h 30.",
        "“{value}” is not a duration. Write 25 min, 1 h or 1 h 30.",
    ),
    "bad_capacity": (
        "« {value} » n’est pas un nombre de places. Écrivez un nombre entier, ou retirez la ligne s’il n’y a pas de limite.",
        "“{value}” is not a number of seats. Write a whole number, or remove the line if there is no limit.",
    ),
    "bad_yes_no": (
        "« {value} » : écrivez yes ou no.",
        "“{value}”: write yes or no.",
    ),
    "bad_choice": (
        "« {value} » n’est pas admis. Choisissez parmi : {choices}.",
        "“{value}” is not allowed. Choose one of: {choices}.",
    ),
    "bad_degrees": (
        '« {value} » n’est pas une coordonnée. Écrivez des degrés décimaux entre -{limit} et {limit} : "43.30".',
        '“{value}” is not a coordinate. Write decimal degrees between -{limit} and {limit}: "43.30".',
    ),
    "end_without_start": (
        "la session a une fin mais pas de début. Ajoutez starts_at, ou retirez ends_at.",
        "the session has an end but no start. Add starts_at, or remove ends_at.",
    ),
    "end_before_start": (
        "la session finit avant d’avoir commencé. Corrigez starts_at ou ends_at.",
        "the session ends before it starts. Correct starts_at or ends_at.",
    ),
    "closing_before_opening": (
        "les inscriptions ferment avant d’ouvrir. Corrigez opens_at ou closes_at.",
        "enrolment closes before it opens. Correct opens_at or closes_at.",
    ),
    "own_prerequisite": (
        "un module ne peut pas être son propre préalable. Retirez-le de la liste.",
        "a module cannot be its own prerequisite. Remove it from the list.",
    ),
    "expiry_before_publication": (
        "le texte expire avant d’être publié. Corrigez publish_at ou expires_at.",
        "the text expires before it is published. Correct publish_at or expires_at.",
    ),
    "expiry_past": (
        "cette heure est passée : personne ne verrait le texte. Choisissez une heure à venir, ou retirez la ligne.",
        "this hour is past: nobody would see the text. Choose an hour to come, or remove the line.",
    ),
    "own_successor": (
        "un texte ne peut pas se remplacer lui-même. Écrivez l’id d’un autre texte, ou retirez la ligne.",
        "a text cannot replace itself. Write the id of another text, or remove the line.",
    ),
    # names that must exist
    "unknown_documents": (
        "le texte « {value} » n’existe pas. Écrivez l’id d’un texte, celui de son en-tête.",
        "there is no text “{value}”. Write the id of a text, that of its front matter.",
    ),
    "unknown_topics": (
        "le thème « {value} » n’existe pas. Prenez un thème de topics.yml, ou ajoutez-le à ce fichier.",
        "there is no topic “{value}”. Take one from topics.yml, or add it to that file.",
    ),
    "unknown_venues": (
        "le lieu « {value} » n’existe pas. Prenez un lieu de venues.yml, ou ajoutez-le à ce fichier.",
        "there is no venue “{value}”. Take one from venues.yml, or add it to that file.",
    ),
    "unknown_territories": (
        "« {value} » n’est ni une commune de la métropole ni un lieu de venues.yml. Corrigez le nom, ou ajoutez le lieu à ce fichier.",
        "“{value}” is neither a commune of the metropolis nor a venue of venues.yml. Correct the name, or add the venue to that file.",
    ),
    "unknown_speakers": (
        "« {value} » n’est pas dans people.yml. Corrigez le nom, ou ajoutez cette personne au fichier.",
        "“{value}” is not in people.yml. Correct the name, or add the person to that file.",
    ),
    "unknown_cycles": (
        "le cycle « {value} » n’existe pas. Écrivez le nom d’un dossier de cycles/.",
        "there is no cycle “{value}”. Write the name of a folder of cycles/.",
    ),
    "unknown_modules": (
        "le module « {value} » n’existe pas. Écrivez l’id d’un module.",
        "there is no module “{value}”. Write the id of a module.",
    ),
    "unknown_sessions": (
        "la session « {value} » n’existe pas. Écrivez l’id d’une session.",
        "there is no session “{value}”. Write the id of a session.",
    ),
}
