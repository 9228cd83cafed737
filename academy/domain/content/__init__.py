"""Folders in, folders out: what a folder of texts holds, what loading it would do, and how the site is written back."""
