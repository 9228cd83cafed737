"""Turn titles into addresses: lower-case letters, digits and single hyphens."""

import re
import unicodedata

FALLBACK = "texte"
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Letters that Unicode does not take apart into a base letter and an accent.
LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"})


def slugify(text: str, max_length: int = 80) -> str:
    """Fold accents and keep a-z, 0-9 and hyphens; a cut falls between two words where it can."""
    folded = unicodedata.normalize("NFKD", text).casefold().translate(LETTERS)
    # Combining marks vanish (é is e), every other foreign character separates.
    kept = "".join(character for character in folded if not unicodedata.combining(character))
    slug = re.sub(r"[^a-z0-9]+", "-", kept).strip("-")
    if len(slug) > max_length:
        head, _, _ = slug[: max_length + 1].rpartition("-")
        slug = (head or slug[:max_length]).strip("-")
    return slug or FALLBACK


def is_slug(text: str, max_length: int = 80) -> bool:
    """Tell whether the text could have come out of `slugify`."""
    return len(text) <= max_length and SLUG.fullmatch(text) is not None
