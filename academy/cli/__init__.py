"""The commands of `flask`, one module a noun."""

from flask import Flask


def init_app(app: Flask) -> None:
    from academy.cli import backup, check, content, courses, demo, files, index, jobs, people, retention, start

    content.group.add_command(courses.import_course)
    for command in (
        content.group,
        demo.group,
        files.group,
        index.group,
        jobs.group,
        people.group,
        backup.backup,
        backup.restore,
        check.check,
        retention.retention,
        start.start,
    ):
        app.cli.add_command(command)
