"""The addresses of every page, for axe and for screenshots."""

from playwright.sync_api import Page

from tests.browser.conftest import Academy

PUBLIC = [
    "/",
    "/cycles/",
    "/cycles/port/",
    "/cycles/economie-bleue/cables-sous-marins/",
    "/cycles/innovation-sociale/mesurer-impact/",
    "/sessions/",
    "{session}",
    "{full}",
    "{enrol}",
    "/ressources/",
    "/ressources/?q=cyber+securite&cycle=port",
    "/ressources/?q=zzzzzz",
    "{resource}",
    "/a-propos/",
    "/accessibilite/",
    "/donnees-personnelles/",
    "/mentions-legales/",
    "/connexion",
    "/i/inconnu",
    "/nulle-part/",
]
PERSONAL = {
    "stakeholder": ["/moi/", "{session}"],
    "trainer": ["/atelier/", "/atelier/nouveau", "/atelier/guide/", "{document}", "{document}/historique"],
    "organiser": [
        "/pilotage/",
        "/pilotage/sessions/nouvelle",
        "{desk}",
        "{desk}modifier",
        "{desk}annulation",
        "/pilotage/personnes/",
        "/pilotage/journal/",
    ],
}


def of_rows(academy: Academy, page: Page) -> dict[str, str]:
    """Addresses that depend on the rows of this academy."""

    def first(path: str, selector: str) -> str:
        page.goto(academy.url + path)
        return page.locator(selector).first.get_attribute("href").partition("#")[0].removeprefix(academy.url)

    session = first("/sessions/", "main a[href*='/sessions/']")
    return {
        "session": session,
        "enrol": f"/sessions/{session.split('/')[2].partition('-')[0]}/inscription",
        "full": first("/sessions/", "main li:has-text('attente') a, main article:has-text('attente') a"),
        "resource": first("/ressources/?type=guide", "article.hit h3 a"),
    }


def of_role(academy: Academy, page: Page, role: str) -> dict[str, str]:
    """Sign in as the sample person of a role; addresses that only that person has."""
    academy.sign_in(page, role)
    if role == "trainer":
        page.goto(f"{academy.url}/atelier/")
        return {"document": page.locator("ul.works h2 a").first.get_attribute("href") or ""}
    if role == "organiser":
        page.goto(f"{academy.url}/pilotage/")
        link = page.locator("main table a[href*='/pilotage/sessions/']").first.get_attribute("href") or ""
        return {"desk": link.partition("#")[0]}
    return {}
