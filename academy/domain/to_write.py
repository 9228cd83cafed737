"""The words that stand for those that an author has still to write, in the language of the text: no gettext."""

SUMMARY = {
    "fr": "À compléter : une ou deux phrases qui disent ce que l’on saura faire.",
    "en": "To be written: one or two sentences that say what one will be able to do.",
}
OBJECTIVE = {
    "fr": "À compléter : un verbe d’action, un résultat que l’on peut vérifier.",
    "en": "To be written: an action verb, a result that can be checked.",
}
MARKS = tuple(words.split(":")[0].strip() for words in SUMMARY.values())  # a text that begins so is not published
