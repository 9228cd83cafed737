"""Which engine an academy searches with: Whoosh, or tantivy where the setting says so."""

from importlib.util import find_spec

from academy.config import Settings, UnsafeSettings
from academy.search.engine import Engine
from academy.search.index import Index

MISSING = (
    "ACADEMY_SEARCH_ENGINE=tantivy needs the optional package tantivy: install it with"
    ' `.venv/bin/python -m pip install "tantivy>=0.25"`, or write ACADEMY_SEARCH_ENGINE=whoosh.'
)


def open_engine(settings: Settings) -> Engine:
    """Return the engine of the settings, each in its own folder of the instance: going back and forth is safe."""
    if settings.search_engine == "whoosh":
        return Index(settings.instance / "index")
    if find_spec("tantivy") is None:
        raise UnsafeSettings(MISSING)
    from academy.search.on_tantivy.index import TantivyIndex  # optional: only where it is asked for

    return TantivyIndex(settings.instance / "index-tantivy")
