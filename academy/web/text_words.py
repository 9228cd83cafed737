"""Words about files, ids and bodies of texts: code -> (French, English). Each says what is wrong, then what to do."""

WORDS: dict[str, tuple[str, str]] = {
    # words of mails
    "mail_empty": (
        "ce texte est vide. Écrivez-le, ou revenez au texte d’origine.",
        "this text is empty. Write it, or go back to the original text.",
    ),
    "placeholder_unknown": (
        "ce message ne connaît pas {name}. Ceux qu’il connaît : {names}.",
        "this message does not know {name}. Those it knows: {names}.",
    ),
    "placeholder_missing": (
        "il manque {name}, sans quoi le message ne sert à rien. Écrivez-le là où l’adresse doit venir.",
        "{name} is missing, without which the message is of no use. Write it where the address should be.",
    ),
    "placeholder_broken": (
        "une accolade est seule ou entoure autre chose qu’un nom en minuscules. Retirez-la, ou écrivez l’un de ceux-ci : {names}.",
        "a brace stands alone or surrounds something other than a lower-case name. Remove it, or write one of these: {names}.",
    ),
    # ids, pairs, paths
    "id_taken": (
        "l’id « {value} » appartient déjà à un autre texte. Choisissez-en un autre.",
        "the id “{value}” already belongs to another text. Choose another one.",
    ),
    "id_twice": (
        "l’id « {value} » est déjà celui de {other}. Un id est un seul texte : renommez l’un des deux, ou donnez le même nom aux deux fichiers s’ils sont sa version française et sa version anglaise.",
        "the id “{value}” is already that of {other}. One id is one text: rename one of them, or give both files the same name if they are its French and English versions.",
    ),
    "id_changed": (
        "ce texte a pour id « {value} », et un id ne change pas. Remettez-le, ou écrivez le nouveau texte dans un autre fichier.",
        "the id of this text is “{value}”, and an id does not change. Put it back, or write the new text in another file.",
    ),
    "pair_ids_differ": (
        "le fichier de l’autre langue ({other}) a pour id « {value} ». Écrivez le même id dans les deux.",
        "the file in the other language ({other}) has the id “{value}”. Write the same id in both.",
    ),
    "pair_differs": (
        "la valeur n’est pas la même dans {other}. Écrivez la même dans les deux langues.",
        "the value is not the same in {other}. Write the same one in both languages.",
    ),
    "kind_changed": (
        "ce texte est {kind} ({other}), et cela ne change pas. Remettez le fichier à sa place, ou donnez-lui un autre id.",
        "this text is {kind} ({other}), and that does not change. Put the file back, or give it another id.",
    ),
    "slug_twice": (
        "un autre module du cycle porte le nom « {value} » ({other}). Renommez l’un des deux fichiers.",
        "another module of the cycle is named “{value}” ({other}). Rename one of the two files.",
    ),
    "entry_twice": (
        "l’entrée « {value} » est écrite deux fois. Gardez-en une.",
        "the entry “{value}” is written twice. Keep one of them.",
    ),
    "parent_loop": (
        "le thème est au-dessous de lui-même, par « {value} ». Corrigez parent.",
        "the topic is below itself, through “{value}”. Correct parent.",
    ),
    "still_used": (
        "« {value} » n’est plus dans la liste, mais sert encore. Remettez l’entrée, ou retirez-la d’abord des textes et des sessions.",
        "“{value}” is no longer listed, but is still used. Put the entry back, or first remove it from texts and sessions.",
    ),
    "cycle_without_presentation": (
        "le dossier du cycle « {value} » n’a pas de cycle.fr.md. Ajoutez ce fichier.",
        "the folder of the cycle “{value}” has no cycle.fr.md. Add that file.",
    ),
    "prerequisite_loop": (
        "les préalables tournent en rond : pour commencer « {value} » il faudrait l’avoir fini. Retirez un des préalables.",
        "the prerequisites go in a circle: “{value}” would have to be finished before it starts. Remove one of them.",
    ),
    "conflict": (
        "le texte a été modifié ici et sur le site. Rien n’est écrasé : comparez les deux, reportez les changements d’un côté, recommencez (ou --skip-conflicts pour charger le reste).",
        "the text was edited here and on the site. Nothing is overwritten: compare both, bring the changes to one side, try again (or --skip-conflicts to load the rest).",
    ),
    # files
    "folder_missing": (
        "ce dossier n’existe pas. Donnez le chemin d’un dossier de contenu.",
        "there is no such folder. Give the path of a content folder.",
    ),
    "bad_path": (
        "ce chemin n’est celui d’aucun texte. Attendu : resources/mon-texte.fr.md, pages/…, cycles/<cycle>/cycle.fr.md, cycles/<cycle>/modules/01-mon-module.fr.md ou cycles/<cycle>/sessions/2027-02-04-ma-session.fr.md, en minuscules sans accent.",
        "no text has such a path. Expected: resources/my-text.fr.md, pages/…, cycles/<cycle>/cycle.fr.md, cycles/<cycle>/modules/01-my-module.fr.md or cycles/<cycle>/sessions/2027-02-04-my-session.fr.md, in lower case without accents.",
    ),
    "name_twice": (
        "ce nom s’affiche comme {value} mais ses octets diffèrent. Supprimez l’un des deux fichiers.",
        "this name looks like {value} but its bytes differ. Delete one of the two files.",
    ),
    "link_outside": (
        "ce lien mène hors du dossier. Remplacez-le par le fichier lui-même.",
        "this link leads out of the folder. Replace it by the file itself.",
    ),
    "linked_folder": (
        "ce dossier est un lien. Remplacez-le par un vrai dossier.",
        "this folder is a link. Replace it by a real folder.",
    ),
    "unreadable": (
        "le fichier ne se lit pas. Vérifiez ses droits, et que c’est un fichier ordinaire.",
        "the file cannot be read. Check its permissions, and that it is an ordinary file.",
    ),
    "not_utf8": (
        "le fichier n’est pas en UTF-8. Enregistrez-le dans cet encodage.",
        "the file is not UTF-8. Save it in that encoding.",
    ),
    # the body
    "body_too_long": (
        "le texte dépasse {limit} Kio. Partagez-le en plusieurs.",
        "the text is longer than {limit} KiB. Split it into several.",
    ),
    "body_too_deep": (
        "des listes ou des citations sont imbriquées sur plus de {limit} niveaux. Aplatissez-les.",
        "lists or quotations are nested deeper than {limit} levels. Flatten them.",
    ),
    "body_table_too_wide": (
        "le tableau a plus de {limit} colonnes. Partagez-le.",
        "the table has more than {limit} columns. Split it.",
    ),
    "body_table_too_big": (
        "le tableau a plus de {limit} cases. Partagez-le.",
        "the table has more than {limit} cells. Split it.",
    ),
    "body_heading_too_long": (
        "le titre dépasse {limit} caractères. Raccourcissez-le.",
        "the heading is longer than {limit} characters. Shorten it.",
    ),
    "body_link_too_long": (
        "l’adresse d’un lien dépasse {limit} caractères. Prenez une adresse plus courte.",
        "the address of a link is longer than {limit} characters. Take a shorter one.",
    ),
    "body_too_many_abbreviations": (
        "il y a plus de {limit} abréviations. Retirez celles qui ne servent pas.",
        "there are more than {limit} abbreviations. Remove those that are not used.",
    ),
    "body_math_too_long": (
        "la formule dépasse {limit} caractères. Partagez-la.",
        "the formula is longer than {limit} characters. Split it.",
    ),
    "body_math_too_deep": (
        "la formule a plus de {limit} accolades imbriquées. Simplifiez-la.",
        "the formula nests more than {limit} braces. Simplify it.",
    ),
    "body_math_command": (
        "la formule contient une commande que l’académie ne connaît pas ou n’admet pas. Vérifiez son nom ; un dollar qui n’ouvre pas de formule s’écrit \\$.",
        "the formula has a command that the academy does not know or does not admit. Check its name; a dollar that opens no formula is written \\$.",
    ),
    "body_math_unreadable": (
        "la formule ne se lit pas : une accolade, un exposant ou un \\right manque. Complétez-la ; un dollar qui n’ouvre pas de formule s’écrit \\$.",
        "the formula cannot be read: a brace, an exponent or a \\right is missing. Complete it; a dollar that opens no formula is written \\$.",
    ),
    "body_too_many_formulas": (
        "les formules du texte dépassent ensemble {limit} caractères. Partagez le texte.",
        "the formulas of the text are together longer than {limit} characters. Split the text.",
    ),
    "body_chart_key": (
        "dans le graphique, cette ligne n’est ni « type: », ni « title: », ni « unit: », ni « source: ». Corrigez-la, ou laissez une ligne vide avant les données.",
        "in the chart, this line is none of “type:”, “title:”, “unit:”, “source:”. Correct it, or leave a blank line before the data.",
    ),
    "body_chart_type": (
        "le type du graphique n’est pas connu. Écrivez « type: bar », « type: line » ou « type: stacked ».",
        "the type of the chart is not known. Write “type: bar”, “type: line” or “type: stacked”.",
    ),
    "body_chart_title": (
        "le graphique n’a pas de titre. Ajoutez une ligne « title: … » qui dit ce qu’il montre.",
        "the chart has no title. Add a line “title: …” that says what it shows.",
    ),
    "body_chart_empty": (
        "le graphique n’a pas de données. Après une ligne vide, écrivez une ligne de noms puis une ligne par valeur, séparés par des points-virgules.",
        "the chart has no data. After a blank line, write a line of names, then one line per value, separated by semicolons.",
    ),
    "body_chart_series": (
        "la première ligne des données doit nommer de une à {limit} séries, après le nom de la première colonne. Corrigez-la.",
        "the first line of the data has to name one to {limit} series, after the name of the first column. Correct it.",
    ),
    "body_chart_rows": (
        "le graphique a plus de {limit} lignes de données. Regroupez-les.",
        "the chart has more than {limit} lines of data. Group them.",
    ),
    "body_chart_cells": (
        "cette ligne de données n’a pas {limit} cases comme la première. Ajoutez ou retirez un séparateur.",
        "this line of data does not have {limit} cells as the first one does. Add or remove a separator.",
    ),
    "body_chart_label": (
        "un nom du graphique dépasse {limit} caractères. Raccourcissez-le.",
        "a name in the chart is longer than {limit} characters. Shorten it.",
    ),
    "body_chart_number": (
        "cette ligne de données contient autre chose qu’un nombre. Écrivez-le comme 1 234,5, et l’unité dans « unit: » ; laissez vide une valeur qui manque.",
        "this line of data holds something that is no number. Write it like 1234.5, and the unit in “unit:”; leave a missing value empty.",
    ),
    "body_chart_negative": (
        "des barres empilées ne peuvent pas montrer un nombre négatif. Prenez « type: bar ».",
        "stacked bars cannot show a negative number. Take “type: bar”.",
    ),
    "body_too_many_charts": (
        "il y a plus de {limit} graphiques. Partagez le texte.",
        "there are more than {limit} charts. Split the text.",
    ),
    "body_video_address": (
        "après « ::: video » vient l’adresse de la vidéo, puis son titre. Écrivez une adresse qui commence par https://.",
        "after “::: video” comes the address of the video, then its title. Write an address that starts with https://.",
    ),
    "body_nul_character": (
        "le texte contient un caractère nul (octet 0). Supprimez-le : ce fichier est sans doute abîmé.",
        "the text holds a null character (byte 0). Delete it: the file is probably damaged.",
    ),
    "body_not_text": (
        "le texte contient la moitié d’un caractère. Retapez la ligne.",
        "the text holds half a character. Type the line again.",
    ),
    "body_too_slow": (
        "la mise en page de ce texte prend trop de temps. Simplifiez-le : listes imbriquées, très longs tableaux, suites de crochets.",
        "this text takes too long to lay out. Simplify it: nested lists, very long tables, runs of brackets.",
    ),
    "body_too_big": (
        "la mise en page de ce texte prend trop de mémoire. Partagez-le en plusieurs.",
        "this text takes too much memory to lay out. Split it into several.",
    ),
    "body_busy": (
        "d’autres textes occupent la mise en page. Réessayez dans une minute.",
        "other texts keep the layout busy. Try again in a minute.",
    ),
    "body_failed": (
        "la mise en page de ce texte a échoué : c’est une erreur de l’académie. Signalez-la avec le texte.",
        "this text could not be laid out: the academy is at fault. Report it with the text.",
    ),
    # remarks
    "picture_without_alt": (
        "l’image « {value} » n’a pas de texte de remplacement. Dites ce qu’elle montre entre ses crochets, comme « ![le quai au matin](…) », ou marquez-la décorative dans les fichiers du texte.",
        "the picture “{value}” has no alternative text. Say what it shows between its brackets, as “![the quay in the morning](…)”, or mark it as decorative among the files of the text.",
    ),
    "picture_missing": (
        "l’image « {value} » n’est pas parmi les fichiers du texte. Joignez-la, ou corrigez son nom.",
        "the picture “{value}” is not among the files of the text. Add it, or correct its name.",
    ),
    "lint_picture_licence": (
        "on ne sait pas comment l’image « {value} » peut être réutilisée. Dites sa licence et son auteur dans les fichiers du texte.",
        "nobody knows how the picture “{value}” may be reused. State its licence and its author among the files of the text.",
    ),
    "lint_missing_alt": (
        "l’image « {detail} » n’a pas de texte de remplacement. Écrivez-le entre les crochets.",
        "the picture “{detail}” has no alternative text. Write it between the brackets.",
    ),
    "lint_missing_transcript": (
        "la vidéo « {detail} » n’a pas de transcription. Écrivez ses paroles entre « ::: video » et « ::: ».",
        "the video “{detail}” has no transcript. Write its words between “::: video” and “:::”.",
    ),
    "lint_unread_attributes": (
        "« {detail} » n’est pas un réglage connu : il s’affiche comme du texte. Voyez l’aide-mémoire, ou retirez-le.",
        "“{detail}” is no known setting: it shows as text. See the guide, or remove it.",
    ),
    "lint_skipped_heading_level": (
        "le titre « {detail} » saute un niveau. Descendez d’un niveau à la fois : ##, puis ###.",
        "the heading “{detail}” skips a level. Go down one level at a time: ##, then ###.",
    ),
    "lint_h1_in_body": (
        "le titre « {detail} » a un seul #. Le titre de la page vient de title : commencez à ##.",
        "the heading “{detail}” has a single #. The page's title comes from title: start at ##.",
    ),
    "lint_empty_heading": (
        "un titre est vide. Écrivez-le, ou retirez la ligne.",
        "a heading is empty. Write it, or remove the line.",
    ),
    "lint_wide_table": (
        "ce tableau a {detail} colonnes : sur un téléphone ou une feuille, on n’en lit pas plus de huit. Coupez-le en deux tableaux, ou échangez lignes et colonnes.",
        "this table has {detail} columns: a telephone or a sheet of paper shows no more than eight. Make two tables of it, or swap rows and columns.",
    ),
    "lint_long_cell": (
        "une case du tableau a plus de 300 caractères : « {detail} ». Raccourcissez-la, ou dites-le dans un paragraphe.",
        "a cell of the table has more than 300 characters: “{detail}”. Shorten it, or say it in a paragraph.",
    ),
}
