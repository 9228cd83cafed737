"""The ways between the texts of a folder: what they lend one another, what would lead nowhere once it is loaded."""

from collections.abc import Iterable, Iterator, Mapping

from academy.domain import contract, lending, links, projection
from academy.domain.content.files import Folder
from academy.domain.contract import PUBLISHED
from academy.domain.lending import Coming, Lender
from academy.domain.preparing import Prepared
from academy.domain.problems import ContentRefused, Problem
from academy.domain.revisions import hash_of
from academy.models import Audience
from academy.rendering.results import LinkKind


def coming_of(folder: Folder, merged: Mapping[str, str]) -> Coming:
    """What the files lend, as far as their front matter can be read, and the academy; a draft lends nothing.

    *merged* are the texts that a load writes instead of those of files, by path.
    """
    lenders: dict[tuple[str, str], Lender] = {}
    sources: dict[str, str] = {}
    paths: dict[str, str] = {}
    places: dict[str, str] = {}
    for file in folder.texts.values():
        try:
            values = contract.parse(file.path, file.source).values
        except ContentRefused:
            continue
        key, language = str(values.get("id", "")), file.place.language
        paths[file.place.stem] = key
        if values.get("status") == PUBLISHED:
            audience = str(values.get("audience", Audience.PUBLIC))
            audience = audience if audience in set(Audience) else Audience.TEAM
            title = projection.typeset_title(contract.title_of(file.source), language)
            lenders[key, language] = Lender(key, language, file.place.stem, audience, title, file.source_hash)
        sources[file.source_hash] = file.source
        places[file.source_hash] = file.path
    for path, source in merged.items():
        sources[hash_of(source)], places[hash_of(source)] = source, path
    return lending.coming_with(lenders, sources, paths, places)


def problems_of(texts: Iterable[tuple[Prepared, bool]], coming: Coming) -> Iterator[Problem]:
    """What only shows when all texts are rendered; each comes with whether readers see it now. Three queries."""
    texts = list(texts)
    rendered = [(it, it.rendered) for it, _ in texts if it.rendered is not None]
    ids = {(it.facts.id, it.language): links.ids_in(made.html) for it, made in rendered if it.facts.is_published}
    keys = frozenset(it.facts.id for it, _ in texts)
    aimed = {target for _, made in rendered for target in links.aimed_at(made.links)}
    there_are = {**(links.published_ids(aimed) if aimed else {}), **ids}
    among = links.hosts_among(keys)
    for it, made in rendered:
        yield from links.dead_anchors(it.path, made.links, language=it.language, ids=there_are)
        audience = it.facts.audience or coming.audiences.get(it.facts.id, Audience.PUBLIC)
        yield from links.shut_out(it.path, it.facts.id, audience, among=among)
    for it, is_seen in texts:
        if not is_seen:
            continue
        there = ids.get((it.facts.id, it.language))
        if there is not None:
            yield from links.lost_headings(it.path, it.facts.id, it.language, there, but=keys, among=among)
        hosts = links.hosts_of(it.facts.id, language=it.language, kind=LinkKind.INCLUDE, among=among)
        others = {host.title: None for host in hosts if host.key not in keys}
        if others and not it.facts.is_published:
            yield Problem(it.path, 0, "status", "text_included", {"hosts": ", ".join(others)})
