"""A second engine, on the optional package tantivy: see docs/operating.md for when it is worth its place."""
