"""Every page of the product: who sees it, where it is, what they send to get it."""

from dataclasses import dataclass, field

from flask import Flask


@dataclass(frozen=True)
class Place:
    """A page. `form` (a selector) and `fields` are sent first; `bare` is an academy without a text or a session."""

    name: str
    path: str
    who: str = "visitor"
    status: int = 200
    form: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    bare: bool = False


def _of(who: str, *places: Place) -> tuple[Place, ...]:
    return tuple(Place(**{**vars(place), "who": who, "name": f"{who}-{place.name}"}) for place in places)


VISITOR = _of(
    "visitor",
    Place("home", "/"),
    Place("cycles", "/cycles/"),
    Place("cycle", "/cycles/port/"),
    Place("cycle-blue", "/cycles/economie-bleue/"),
    Place("follow-visitor", "/cycles/port/suivre"),
    Place("module", "/cycles/economie-bleue/cables-sous-marins/"),
    Place("module-impact", "/cycles/innovation-sociale/mesurer-impact/"),
    Place("module-one-language", "/cycles/port/ville-port/"),
    Place("module-file", "/cycles/port/chaine-conteneur/fichiers/exemple-de-transcription.fr.vtt/texte"),
    Place("sessions", "/sessions/"),
    *(
        Place(f"session-{state}", f"{{{state}}}")
        for state in ("open", "waiting_list", "closing_soon", "postponed", "ended", "cancelled")
    ),
    Place("enrol", "{enrol_open}"),
    Place("enrol-queue", "{enrol_waiting_list}"),
    Place("enrol-error", "{enrol_open}", form="main form", fields={"email": "camille@", "name": ""}, status=422),
    Place("enrol-too-late", "{enrol_ended}"),
    Place("enrol-sent", "{enrol_open}/envoyee"),
    Place("seat", "{seat}"),
    Place("seat-code", "{seat_code}"),
    Place("seat-queue", "{queue}"),
    Place("seat-offer", "{offer}"),
    Place("seat-given-back", "{gone}"),
    Place("session-asking", "{asking}"),
    Place("enrol-asking", "{enrol_asking}"),
    Place("enrol-asking-error", "{enrol_asking}", form="main form", fields={"email": "camille@"}, status=422),
    Place("seat-asking", "{seat_asking}"),
    Place("seat-asking-error", "{seat_asking}", form="form[action*='reponses']", fields={"q1-1": ""}, status=422),
    Place("ticket-asking", "{ticket_asking}"),
    Place("ticket-asking-error", "{ticket_asking}", form="main form", fields={"q1-1": ""}, status=422),
    Place("resources", "/ressources/"),
    Place("resources-found", "/ressources/?q=cyber+securite&cycle=port"),
    Place("resources-filtered", "/ressources/?type=glossary"),
    Place("resources-empty", "/ressources/?q=zzzzzz"),
    Place("resources-in-a-file", "/ressources/?q=chronom%C3%A8tre"),
    Place("resource", "{resource}"),
    Place("resource-cite", "{resource}citer"),
    Place("resource-versions", "{resource}versions/"),
    Place("resource-version", "{resource}versions/1"),
    Place("resource-version-hidden", "{resource}versions/2", status=410),
    Place("resource-gone", "{gone_text}", status=410),
    Place("module-versions", "/cycles/port/ville-port/versions/"),
    Place("module-version", "/cycles/port/ville-port/versions/1"),
    Place("resource-slides", "{resource}diapos"),
    Place("module-slides", "/cycles/port/ville-port/diapos"),
    Place("module-cite", "/cycles/economie-bleue/cables-sous-marins/citer"),
    Place("box", "/ressources/encart"),
    Place("box-found", "/ressources/encart?q=cyber&cycle=ia-et-cybersecurite&couleur=sombre"),
    Place("box-empty", "/ressources/encart?q=zzzzzz&couleur=clair"),
    Place("embed", "/ressources/integrer?cycle=port&couleur=clair"),
    Place("api", "/api/"),
    Place("wishes", "/demandes/?q=hydrog%C3%A8ne"),
    Place("wishes-error", "/demandes/", form="main form", fields={"email": "camille@", "question": ""}, status=422),
    Place("wish-kept", "/demandes/merci"),
    Place("resources-on-the-map", "/ressources/?territoire=fos-sur-mer"),
    Place("alert", "/alertes/?q=hydrog%C3%A8ne&theme=port"),
    Place("alert-error", "/alertes/?q=port", form="main form", fields={"email": "camille@"}, status=422),
    Place("alert-sent", "/alertes/envoyee"),
    Place("alert-to-confirm", "{alert_asked}confirmer"),
    Place("alert-confirmed", "{alert_begun}confirmer"),
    Place("alert-to-end", "{ending_begun}arreter"),
    Place("alert-ended", "{ending_ended}arreter"),
    Place("resource-file", "{resource}fichiers/checklist.en.pdf/texte"),
    Place("venues", "/lieux/"),
    Place("venue", "/lieux/cisam/"),
    Place("glossary", "/glossaire/"),
    Place("about", "/a-propos/"),
    Place("accessibility", "/accessibilite/"),
    Place("personal-data", "/donnees-personnelles/"),
    Place("legal-notice", "/mentions-legales/"),
    Place("sign-in", "/connexion"),
    Place("sign-in-error", "/connexion", form="main form", fields={"email": "camille@"}, status=422),
    Place(
        "password-error",
        "/connexion",
        form="main details form",
        fields={"email": "camille@example.org", "password": "?"},
        status=422,
    ),
    Place("sign-in-sent", "/connexion/envoyee"),
    Place("ticket", "{ticket}"),
    Place("ticket-enrol", "{ticket_enrol}"),
    Place("ticket-used", "{ticket_used}", status=410),
    Place("ticket-late", "{ticket_late}", status=410),
    Place("ticket-unknown", "/i/inconnu", status=404),
    Place("door", "{door}"),
    Place("door-nobody", "{door}?q=zzzzzz"),
    Place("door-closed", "{door_closed}", status=410),
    Place("pass", "{pass}"),
    Place("pass-of-nobody", "/q/inconnu", status=404),
    Place("verify", "/verifier/"),
    Place("verify-valid", "{verify_valid}"),
    Place("verify-revoked", "{verify_revoked}"),
    Place("verify-unknown", "/verifier/?code=0000+1111", status=404),
    Place("nowhere", "/nulle-part/", status=404),
    Place("styles", "/styles/"),
    *(Place(f"failure-{code}", f"/panne/{code}/", status=code) for code in (400, 410, 413, 429, 500, 503)),
)
STAKEHOLDER = _of(
    "stakeholder",
    Place("space", "/moi/"),
    Place("space-error", "/moi/", form="form[action*='coordonnees']", fields={"name": ""}, status=422),
    Place("password-error", "/moi/", form="form[action*='mot-de-passe']", fields={"new": "court"}, status=422),
    Place("session-mine", "{closing_soon}"),
    Place("follow", "/cycles/port/suivre"),
    Place("session-waiting", "{waiting_list}"),
    Place("session-offered", "{offered}"),
    Place("session-asking", "{asking}"),
    Place("session-kept", "{postponed}"),
    Place("session-open", "{open}"),
    Place("enrol", "{enrol_open}"),
    Place("here", "{here}"),
    Place("here-scanned", "{here}123456"),
    Place("sign", "{here}signer"),
    Place("here-no-place", "{here_other}"),
    Place("forbidden", "/pilotage/", status=403),
)
NEWCOMER = _of(
    "newcomer",
    Place("space-empty", "/moi/"),
    Place("follow-asking", "/cycles/port/suivre"),
    Place("follow-asking-error", "/cycles/port/suivre", form="main form", fields={"q1-1": ""}, status=422),
)
_HEADED = "---\nid: quai\ntitle: Le quai\nauthors: [Camille Exemple, Ana Exemple]\nlevel: expertise\n---\n\nTexte.\n"
AUTHOR = _of(
    "author",
    Place("studio-empty", "/atelier/"),
    Place("exports-empty", "/atelier/exporter"),
    Place("images-none", "/atelier/images/"),
)
TRAINER = _of(
    "trainer",
    Place("studio", "/atelier/"),
    Place("create", "/atelier/nouveau"),
    Place("create-error", "/atelier/nouveau", form="form.new-text", fields={"title": "?"}, status=422),
    Place("guide", "/atelier/guide/"),
    Place("edit", "{document}"),
    Place("files", "{files}"),
    Place("files-error", "{files}", form="form[action$='decrire']", fields={"alt": ""}, status=422),
    Place("images", "/atelier/images/?kind=all"),
    Place("images-empty", "/atelier/images/?q=zzzzzz"),
    Place(
        "edit-preview",
        "{document}",
        form="form.editor",
        fields={
            "action": "preview",
            "title": "Lire la rade",
            "programme": "## Le matin\n\n- Accueil\n- **Lire** une carte",
        },
    ),
    Place(
        "edit-refused",
        "{document}",
        form="form.editor",
        fields={"action": "publish", "source": "---\ntitle: [\n---\n\nTexte.\n"},
        status=422,
    ),
    Place("header", "{document}", form="form.editor", fields={"action": "header", "source": _HEADED}),
    Place(
        "header-error",
        "{document}",
        form="form.editor",
        fields={"action": "header-done", "source": _HEADED, "head-title": "", "head-duration": "x"},
        status=422,
    ),
    Place(
        "conflict",
        "{document}",
        form="form.editor",
        fields={"action": "save", "base": "1", "source": "Autre."},
        status=409,
    ),
    Place("slides", "{document}/diapos"),
    Place("speaker", "{document}/diapos/orateur"),
    Place("history", "{document}/historique"),
    Place("revision", "{document}/historique/1"),
    Place("reviews", "/atelier/relectures/"),
    Place("review", "{document}/relecture"),
    Place(
        "review-error", "{document}/relecture", form="form[action$='commenter']", fields={"body": "x\u202e"}, status=422
    ),
    Place("review-to-ask", "{document_en}/relecture"),
    Place("merge", "{document}/historique/{aside}/reunir"),
    Place("publication", "{document}/publication"),
    Place(
        "publication-error",
        "{document}/publication",
        form="form[action$='publication']",
        fields={"expires_at": "2027-03-28T02:30", "successor": "nulle-part"},
        status=422,
    ),
)
ORGANISER = _of(
    "organiser",
    Place("desk", "/pilotage/"),
    Place("create", "/pilotage/sessions/nouvelle"),
    Place(
        "create-error",
        "/pilotage/sessions/nouvelle",
        form="form.form",
        fields={"action": "save", "title": ""},
        status=422,
    ),
    Place("create-preview", "/pilotage/sessions/nouvelle", form="form.form", fields={"action": "preview"}),
    *(
        Place(f"session-{state}", f"{{desk_{state}}}")
        for state in ("open", "waiting_list", "offered", "postponed", "ended", "cancelled")
    ),
    Place("seats-error", "{desk_open}", form="form[action$='places']", fields={"capacity": "-1"}, status=422),
    Place("enrol-error", "{desk_open}", form="form[action$='inscrits']", fields={"email": "camille@"}, status=422),
    Place("presences", "{desk_open}presences/"),
    Place("presences-of-none", "{desk_cancelled}presences/"),
    Place("door-error", "{desk_open}presences/", form="form[action$='porte']", fields={"name": "\u200b"}, status=409),
    Place("sheet", "{desk_open}emargement/"),
    Place("sheet-of-none", "{desk_cancelled}emargement/"),
    Place("certificates", "{desk_ended}attestations/"),
    Place("certificates-too-early", "{desk_open}attestations/"),
    Place(
        "certificates-error",
        "{desk_ended}attestations/",
        form="form[action$='revoquer']",
        fields={"reason": "\u200b"},
        status=409,
    ),
    Place("scans", "{desk_ended}feuilles/"),
    Place("scans-none", "{desk_open}feuilles/"),
    Place("pass", "{pass}"),
    Place("room", "{desk_open}salle/"),
    Place("room-not-open", "{desk_closing_soon}salle/"),
    Place("edit", "{desk_open}modifier"),
    Place("cancellation", "{desk_open}annulation"),
    Place("postponement", "{desk_open}report"),
    Place("new-date", "{desk_postponed}nouvelle-date"),
    Place("rules", "{desk_open}regles"),
    Place("rules-error", "{desk_open}regles", form="form.form", fields={"offer_hours": "0"}, status=422),
    Place("invitations", "{desk_open}invitations"),
    Place("invitations-error", "{desk_open}invitations", form="form.form", fields={"emails": "camille@"}, status=422),
    Place("copy", "{desk_open}copie"),
    Place("copy-error", "{desk_open}copie?date=demain", status=422),
    Place("copy-filled", "{desk_open}copie?date=2027-03-28"),
    Place("several", "{desk_open}", form="form#plusieurs", status=422),
    Place("cancelled", "{desk_open}inscrits/annulees"),
    Place("roll-list", "{desk_open}inscrits/liste"),
    Place("roll-list-error", "{desk_open}inscrits/liste", form="form.form", status=422),
    Place("season", "/pilotage/saison?cycle=port"),
    Place("season-error", "/pilotage/saison?cycle=port&first=2027-09-02", status=422),
    Place("session-asking", "{desk_asking}"),
    Place("questions", "{desk_asking}questions"),
    Place("questions-error", "{desk_asking}questions", form="form.form", fields={"label_fr": ""}, status=422),
    Place("questions-cycle", "{cycle_questions}"),
    Place("question", "{question}"),
    Place("question-answered", "{question_answered}"),
    Place("question-answered-error", "{question_answered}", form="form.form", fields={"choices": "Autre"}, status=409),
    Place("answers", "{answers}"),
    Place("answers-error", "{answers}", form="main form", fields={"q1-1": "x" * 201}, status=422),
    Place("people", "/pilotage/personnes/"),
    Place("person", "/pilotage/personnes/1/"),
    Place("people-empty", "/pilotage/personnes/?q=zzzzzz"),
    Place("people-error", "/pilotage/personnes/", form="form.form", fields={"email": "camille@"}, status=422),
    Place("mails", "/pilotage/messages/"),
    Place("mail-text", "/pilotage/messages/reminder_hour/fr"),
    Place(
        "mail-text-preview",
        "/pilotage/messages/enrolment_confirmed/fr",
        form="form.form",
        fields={"action": "preview"},
    ),
    Place(
        "mail-text-refused",
        "/pilotage/messages/enrolment_confirmed/en",
        form="form.form",
        fields={"action": "save", "body": "Hello {nom}"},
        status=422,
    ),
    Place("search", "/pilotage/recherche/"),
    Place("synonyms", "/pilotage/recherche/synonymes/?term=VTC"),
    Place("synonyms-error", "/pilotage/recherche/synonymes/", form="form.form", fields={"term": "?"}, status=422),
    Place("synonym", "{synonym}"),
    Place("pins", "/pilotage/recherche/epingles/?question=c%C3%A2bles"),
    Place("pins-nothing", "/pilotage/recherche/epingles/?question=zzzzzz"),
    Place("wishes", "/pilotage/recherche/demandes/"),
    Place("wishes-closed", "/pilotage/recherche/demandes/?closes=1"),
    Place("wish", "{wish}"),
    Place("wish-closed", "{wish_closed}"),
    Place("journal", "/pilotage/journal/"),
    Place("journal-session", "/pilotage/journal/?session=1"),
    Place("studio", "/atelier/"),
    Place("studio-empty", "/atelier/?kind=page&cycle=port"),
    Place("exports", "/atelier/exporter"),
    Place("imports", "/atelier/importer"),
    Place("import-report", "{upload_report}"),
    Place("import-course", "{upload_course}"),
    Place("import-refused-file", "{upload_refused}"),
    Place("import-hostile", "{upload_hostile}"),
    Place("import-errors", "{upload_errors}"),
    Place("links", "/atelier/liens/"),
    Place("pair", "{pair}"),
    Place("pair-edit", "{pair_edit}"),
    Place("uses", "{uses}"),
    Place("place", "{place}"),
    Place("place-error", "{place}", form="form.new-text", fields={"slug": "Été"}, status=409),
    Place("history", "{history}"),
    Place("compare", "{compare}"),
    Place("reviews", "/atelier/relectures/"),
    Place("review", "{document}/relecture"),
    Place(
        "review-reason",
        "{document}/relecture",
        form="form[action$='decision']",
        fields={"action": "return", "reason": ""},
        status=422,
    ),
    Place("compare-error", "{document}/diff?de=1&a=99", status=422),
    Place("history-error", "{history}", form="form[action$='cacher']", fields={"reason": ""}, status=422),
)
BARE = tuple(
    Place(**{**vars(place), "bare": True, "name": f"bare-{place.name}"})
    for place in (
        Place("home", "/"),
        Place("cycles", "/cycles/"),
        Place("sessions", "/sessions/"),
        Place("resources", "/ressources/"),
        *_of(
            "organiser",
            Place("desk", "/pilotage/"),
            Place("create", "/pilotage/sessions/nouvelle"),
            Place("studio", "/atelier/"),
        ),
    )
)
PLACES = (*VISITOR, *STAKEHOLDER, *NEWCOMER, *TRAINER, *AUTHOR, *ORGANISER, *BARE)


def endpoints(app: Flask) -> set[str]:
    """The endpoints that have a place."""
    values = _Anything()
    adapter = app.url_map.bind("localhost")
    paths = {place.path.format_map(values).partition("?")[0] for place in PLACES if place.status != 404}
    return {adapter.match(path)[0] for path in paths if not path.startswith("/panne/")}


class _Anything(dict):
    """An address of the right shape for each name that only rows can give."""

    def __missing__(self, name: str) -> str:
        kind = name.partition("_")[0]
        shapes = {
            "ticket": "/i/x",
            "desk": "/pilotage/sessions/1/",
            "enrol": "/sessions/1/inscription",
            "document": "/atelier/documents/1/fr",
            "aside": "1",
            "compare": "/atelier/documents/1/fr/diff/1..1",
            "history": "/atelier/documents/1/fr/historique",
            "pair": "/atelier/documents/1/langues",
            "uses": "/atelier/documents/1/liens",
            "place": "/atelier/documents/1/adresse",
            "files": "/atelier/documents/1/fichiers/",
            "resource": "/ressources/1-x/",
            "answers": "/pilotage/inscriptions/1/reponses",
            "cycle": "/pilotage/cycles/1/questions",
            "question": "/pilotage/questions/1",
            "synonym": "/pilotage/recherche/synonymes/1",
            "door": "/porte/x/",
            "here": "/presence/1/",
            "pass": "/q/x",
            "verify": "/verifier/x",
            "wish": "/pilotage/recherche/demandes/1",
            "alert": "/alertes/x/",
            "ending": "/alertes/x/",
            "upload": "/atelier/importer/x",
        }
        return (
            "/inscriptions/x/"
            if name in {"seat", "seat_code", "queue", "offer", "gone"}
            else shapes.get(kind, "/sessions/1-x/")
        )
