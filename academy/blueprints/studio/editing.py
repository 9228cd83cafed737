"""The editor: preview, save, publish; nothing that was typed is ever lost."""

from flask import flash, jsonify, redirect, render_template, request

from academy.blueprints.studio import headers, merging, sheets
from academy.blueprints.studio.area import EDITION, bp, by_person, document_of
from academy.blueprints.studio.forms import FileForm
from academy.blueprints.studio.previews import Preview, preview
from academy.blueprints.studio.publication import published_words
from academy.blueprints.studio.sheets import Sheet
from academy.blueprints.studio.skeletons import SNIPPETS, unwritten
from academy.domain import asides, autosaves, pictures, preparing, publishing
from academy.domain.attachments import WITH_FILES
from academy.domain.errors import Refused
from academy.domain.problems import ContentRefused, Problem
from academy.extensions import limiter, transaction
from academy.files.kinds import MAX_BYTES
from academy.policies import Action
from academy.web import clock, filters, identity
from academy.web.guard import allow
from academy.web.locale import gettext as _, ngettext
from academy.web.refusals import words_of


@bp.get(EDITION)
@allow(Action.DOCUMENT_EDIT, on=document_of)
def edit(document):
    """Show the editor with the last saved text."""
    return _page(sheets.kept_sheet(document))


@bp.post(EDITION)
@limiter.limit("120 per minute", key_func=by_person)
@allow(Action.DOCUMENT_EDIT, on=document_of)
def post(document):
    """Preview, save or publish what was typed, as the button says."""
    sheet = sheets.posted_sheet(document)
    if request.form.get("action") == "autosave":
        return _autosave(sheet)
    verb = {"save": _save, "publish": _publish, "header": _header, "header-done": _header_done}.get(
        request.form.get("action", "")
    )
    if verb is None:
        return _page(sheet, seen=_seen(sheet))
    try:
        return verb(sheet)
    except ContentRefused as refusal:
        return _refused(sheet, refusal)
    except Refused as refusal:
        return merging.conflict(sheet, words_of(refusal))


@bp.post(EDITION + "/apercu")
@limiter.limit("240 per minute", key_func=by_person)
@allow(Action.DOCUMENT_EDIT, on=document_of)
def live(document):
    """Give the preview (none of a text that cannot be rendered) and the problems of what is being typed."""
    seen = _seen(sheets.posted_sheet(document))
    return jsonify(
        html=None if seen.is_unreadable else render_template("studio/_preview.html", seen=seen),
        problems=render_template("studio/_problems.html", seen=seen),
    )


def _save(sheet: Sheet):
    me, copy = identity.me(), sheets.prepared_copy(sheet)
    with transaction():
        edition, base_id = sheets.edition_for(sheet, copy, by=me)
        before = edition.head_id if copy is None else None
        revision = publishing.save_draft(
            edition, sheet.source, base_id=base_id, by=me, now=clock.now(), note=sheet.note
        )
        is_new = revision.id != before
    flash(_("Brouillon enregistré.") if is_new else _("Rien n’a changé depuis le dernier enregistrement."), "success")
    return redirect(sheet.url, 303)


def _autosave(sheet: Sheet):
    """Save the draft for the script of the editor, or say why not; nothing is ever put over what somebody saved."""
    if sheet.edition is None:
        return jsonify(said=_("Pas encore enregistré")), 409
    head = sheet.edition.head
    if head is None or head.source != sheet.source:  # else it was sent twice: the first answer was lost
        me, note = identity.me(), _("Enregistrement automatique")
        try:
            with transaction():
                head = autosaves.save(
                    sheet.edition, sheet.source, base_id=sheet.base_id, by=me, now=clock.now(), note=note
                )
        except ContentRefused:
            return jsonify(said=_("Pas encore enregistré : voyez les remarques")), 422
        except Refused:
            said = _(
                "Quelqu’un a enregistré ce texte entre-temps. Enregistrez le vôtre : l’atelier vous aide à les réunir."
            )
            return jsonify(said=said), 409
    return jsonify(base=head.id, said=_("Enregistré à %(time)s", time=filters.time_of(head.created_at)))


def _publish(sheet: Sheet):
    me, now, document = identity.me(), clock.now(), sheet.document
    if lines := unwritten(sheet.source):
        raise ContentRefused(Problem("", line, key, "unwritten") for key, line in lines.items())
    copy = sheets.prepared_copy(sheet)
    files = pictures.credits_of(document.id)
    catches_up = "still_behind" not in request.form
    prepared = preparing.prepare_for_publication(
        sheet.source, kind=document.kind, language=sheet.language, now=now, files=files
    )
    with transaction():
        edition, base_id = sheets.edition_for(sheet, copy, by=me)
        publishing.publish(edition, prepared, base_id=base_id, by=me, now=now, note=sheet.note, catches_up=catches_up)
        said = published_words(edition)
    flash(said, "success")
    return redirect(sheet.url, 303)


def _header(sheet: Sheet):
    """The front matter as a form; a header that cannot be read is repaired in the text first."""
    return headers.page(sheet) or (_page(sheet, seen=_seen(sheet), is_refused=True), 422)


def _header_done(sheet: Sheet):
    return headers.filled_in(sheet) or _page(sheet)


def _refused(sheet: Sheet, refusal: ContentRefused):
    """What was not published is kept as a draft, if it can be; the page says what to repair."""
    if request.form.get("action") == "publish" and not preparing.storable_problems("", sheet.source):
        try:
            _keep_draft(sheet)
        except ContentRefused:  # the language cannot even be begun: the text stays in the page
            pass
        except Refused as conflict:
            return merging.conflict(sheet, words_of(conflict))
    return _page(sheet, seen=_seen(sheet, *refusal.problems), is_refused=True), 422


def _keep_draft(sheet: Sheet) -> None:
    me, copy = identity.me(), sheets.prepared_copy(sheet)
    with transaction():
        edition, base_id = sheets.edition_for(sheet, copy, by=me)
        publishing.save_draft(edition, sheet.source, base_id=base_id, by=me, now=clock.now(), note=sheet.note)
        sheet.edition, sheet.base_id, sheet.is_saved = edition, edition.head_id, True


def _seen(sheet: Sheet, *problems: Problem) -> Preview:
    """The preview, with problems that only a verb can find."""
    return preview(sheet.source, document=sheet.document, language=sheet.language, more=problems)


def _page(sheet: Sheet, *, seen: Preview | None = None, is_refused: bool = False) -> str:
    count = sum(not problem.is_warning for problem in seen.problems) if seen else 0
    message = ngettext("un point à corriger", "%(num)s points à corriger", count) if is_refused else ""
    kept = asides.waiting(sheet.edition) if sheet.edition is not None else []
    return render_template(
        "studio/edit.html",
        sheet=sheet,
        seen=seen or _seen(sheet),
        refused=message,
        still_behind="still_behind" in request.form,
        asides=kept,
        file_form=FileForm(formdata=None) if sheet.document.kind in WITH_FILES else None,
        file_limit=MAX_BYTES,
        snippets=SNIPPETS[sheet.language],
    )
