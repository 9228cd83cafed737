"""Courses that were made elsewhere: read their folder, and write the content folder that says the same."""

from academy.domain.courses.converting import Converted, Course, Outcome, convert, files_below
from academy.domain.courses.makers import Maker, detect

__all__ = ["Converted", "Course", "Maker", "Outcome", "convert", "detect", "files_below"]
