"""Certificates as papers, lists and answers say them: rows in, words of the page's language out."""

from datetime import date

from flask import Response, abort, current_app, url_for

from academy.config import Settings
from academy.domain.attended import Evidence
from academy.domain.stated import Issuer, in_language
from academy.formats import pdf, qr
from academy.formats.pdf import UnsetError, certificate
from academy.formats.pdf.certificate import Paper
from academy.models import Certificate, CertificateKind, Half, Mode
from academy.web.filters import duration, long_date, short_date
from academy.web.links import absolute
from academy.web.locale import gettext, language, ngettext
from academy.web.spoken import Spoken


def _(message: str) -> str:
    """Mark for extraction; translated at use."""
    return message


_TITLES = {
    CertificateKind.ATTENDANCE: _("Attestation de présence"),
    CertificateKind.COMPLETION: _("Attestation de fin de formation"),
    CertificateKind.REALISATION: _("Certificat de réalisation"),
}
_OPENINGS = {
    CertificateKind.ATTENDANCE: (_("%(issuer)s atteste que"), _("a participé à")),
    CertificateKind.COMPLETION: (_("%(issuer)s atteste que"), _("a suivi l’action de formation")),
    CertificateKind.REALISATION: (_("%(issuer)s, prestataire de l’action, certifie que"), _("a suivi l’action")),
}
_NATURES = {
    "meeting": _("Session d’un cycle de l’académie"),
    "training": _("Action de formation (article L. 6313-1 du code du travail)"),
}
_MODES = {Mode.ONSITE: _("sur place"), Mode.ONLINE: _("en ligne"), Mode.BLENDED: _("sur place et en ligne")}
_EVIDENCE = {
    Evidence.SIGNED: _("la signature de chaque demi-journée"),
    Evidence.PAPER: _("la feuille signée sur papier"),
    Evidence.MARKED: _("le relevé des présences"),
}


def issuer() -> Issuer:
    """Who issues, as the settings say now."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.training_evidence:
        return Issuer(name=settings.operator_name)
    return Issuer(
        name=settings.operator_name,
        is_training=True,
        address=settings.operator_address,
        number=settings.training_number,
        signatory=settings.training_signatory,
        place=settings.training_place,
    )


def title_of(kind: str) -> str:
    """What the paper is called."""
    return gettext(_TITLES[CertificateKind(kind)])


def evidence_words(evidence: str) -> str:
    """What the hours follow from."""
    return gettext(_EVIDENCE[Evidence(evidence)])


def subject_of(row: Certificate) -> Spoken:
    """The title of the session as it was stated."""
    return Spoken(*in_language(row.stated["titles"], language()))


def dates_of(row: Certificate) -> str:
    """The day of the session, or its first and its last."""
    first, last = (date.fromisoformat(row.stated[name]) for name in ("from", "to"))
    if first == last:
        return long_date(first)
    return gettext(_("du %(first)s au %(last)s"), first=long_date(first), last=long_date(last))


def grouped(code: str) -> str:
    """A code as people copy it: in fours."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def verification(row: Certificate) -> str:
    """The address where anybody can verify it, on this side of the site."""
    return absolute(url_for("verification.show", code=row.code))


def content(row: Certificate) -> bytes:
    """The paper in the page's language; the same row gives the same bytes. Raise UnsetError."""
    return certificate.write(paper(row))


def file_name(row: Certificate) -> str:
    """What the paper's file is called; nothing in it comes from a person."""
    return f"{row.kind}-{row.number}.{language()}.pdf"


def send(row: Certificate) -> Response:
    """The paper to take away: for its owner and the team, in no cache."""
    try:
        body = content(row)
    except UnsetError:
        abort(503)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(row)}"', "Cache-Control": "private, no-store"}
    return Response(body, headers=headers, content_type=pdf.CONTENT_TYPE)


def paper(row: Certificate) -> Paper:
    """All that stands on it."""
    said, url = row.stated, verification(row)
    subject, spoken = in_language(said["titles"], language())
    objectives, told = in_language(said["objectives"], language())
    opening, attended = _OPENINGS[row.kind]
    name = said["issuer"]["name"] or gettext(_("Académie One Provence"))
    is_training = said["nature"] == "training"
    return Paper(
        language=language(),
        title=title_of(row.kind) if row.revoked_at is None else gettext(_("Papier révoqué : il n’atteste plus rien")),
        issuer=" · ".join(dict.fromkeys((gettext(_("Académie One Provence")), name))),
        opening=gettext(opening, issuer=name),
        name=said["name"],
        organisation="" if is_training else said["organisation"],
        attended=gettext(attended),
        subject=subject,
        subject_language=spoken,
        facts=[(label, value) for label, value in _facts(row) if value],
        objectives=objectives if row.kind == CertificateKind.COMPLETION and objectives else [],
        objectives_language=told,
        signed=_signed(row) if is_training else [],
        small=_small(row) if is_training else [],
        url=url,
        code=grouped(row.code),
        qr=qr.file(url),
        words={
            "fact": gettext(_("Mention")),
            "value": gettext(_("Valeur")),
            "objectives": gettext(_("Objectifs")),
            "verify": gettext(_("Pour vérifier cette attestation, photographiez ce code ou ouvrez cette adresse :")),
            "code": gettext(_("Code :")),
            "qr": gettext(_("Code QR qui mène à l’adresse de vérification")),
        },
        at=row.issued_at,
    )


def _facts(row: Certificate) -> list[tuple[str, str]]:
    said = row.stated
    is_training, is_completion = said["nature"] == "training", row.kind == CertificateKind.COMPLETION
    nature = f"{gettext(_NATURES[said['nature']])}, {gettext(_MODES[Mode(said['mode'])])}"
    halves = ngettext("%(num)s demi-journée", "%(num)s demi-journées", len(said["half_days"]))
    result = said["result"] or gettext(_("Les acquis n’ont pas été évalués."))
    return [
        (gettext(_("Employeur ou structure")), said["organisation"] if is_training else ""),
        (gettext(_("Nature")), nature),
        (gettext(_("Dates")), dates_of(row)),
        (gettext(_("Durée prévue")), duration(said["planned"]) if is_training else ""),
        (gettext(_("Heures suivies")), f"{duration(said['minutes'])} ({halves})"),
        (gettext(_("Demi-journées")), ", ".join(_half(day, half) for day, half, _minutes in said["half_days"])),
        (gettext(_("Lieu")), said["place"]),
        (gettext(_("Résultat de l’évaluation")), result if is_completion else ""),
        (gettext(_("Présence établie par")), evidence_words(said["evidence"])),
        (gettext(_("Numéro")), row.number),
        (gettext(_("Délivrée le")), long_date(row.issued_at)),
    ]


def _half(day: str, half: str) -> str:
    """4 févr. 2027 matin"""
    word = gettext(_("matin")) if half == Half.MORNING else gettext(_("après-midi"))
    return f"{short_date(date.fromisoformat(day))} {word}"


def _signed(row: Certificate) -> list[str]:
    it = row.stated["issuer"]
    place = gettext(_("Fait à %(place)s, le %(day)s"), place=it["place"], day=long_date(row.issued_at))
    return [place, it["signatory"], gettext(_("Signature et cachet :"))]


def _small(row: Certificate) -> list[str]:
    it = row.stated["issuer"]
    declared = _(
        "%(name)s, %(address)s. Déclaration d’activité enregistrée sous le numéro %(number)s ; cet enregistrement ne vaut pas agrément de l’État."
    )
    return [gettext(declared, name=it["name"], address=it["address"], number=it["number"])]
