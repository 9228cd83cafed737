"""Publishing: rendering, save to visible in search, rebuilding an index."""

import random
import time
from statistics import median

from flask import Flask, render_template

from academy import search
from academy.blueprints.studio.previews import preview
from academy.domain import preparing, publishing
from academy.extensions import db, transaction
from academy.models import Cycle, Document, Edition, Kind
from academy.rendering.markdown import render
from academy.rendering.worker import render_safely
from academy.web import clock
from tests.bench.tables import table

SYLLABLES = "ba co di fe ga ler mon nou por que rai sou tion vé zur é lo ma ri teau".split()


def french_words(count: int, *, seed: int) -> str:
    """Words with the shape of French; the same for the same seed (never the global generator: Whoosh uses it)."""
    dice = random.Random(seed)
    vocabulary = ["".join(dice.choices(SYLLABLES, k=dice.randint(1, 4))) for _ in range(4000)]
    return " ".join(vocabulary[min(int(dice.paretovariate(0.6)), 3999)] for _ in range(count))


def course_text(words: int, *, seed: int) -> str:
    """A module's body: headings, lists, a table, a note, in *words* words."""
    per_part = words // 6
    parts = []
    for part in range(6):
        text = french_words(per_part, seed=seed * 10 + part).split()
        items = "\n".join(f"- {' '.join(text[i : i + 8])}" for i in range(0, 40, 8))
        rest = " ".join(text[40:])
        parts.append(
            f"## Partie {part} {text[0]}\n\n{rest}\n\n{items}\n\n| a | b |\n|---|---|\n| {text[1]} | **{text[2]}** |\n"
        )
    return "\n".join([*parts, '!!! note "À retenir"\n    Une phrase.[^1]\n\n[^1]: Une source.\n'])


def source_text(key: str, words: int, *, seed: int) -> str:
    return (
        f"---\nid: {key}\ntitle: Module {key}\nsummary: Un module du banc d'essai.\ntopics: []\nauthors: [Banc]\n"
        "objectives: [Mesurer]\nduration: 20 min\nlevel: initiation\nprerequisites: []\nlicence: cc-by-4.0\n"
        f"status: published\npublished_on: 2026-01-01\n---\n\n{course_text(words, seed=seed)}"
    )


def publish_one(key: str, cycle_id: int, *, words: int = 450, seed: int = 1) -> int:
    """Publish a module as the studio does; return its edition's id."""
    now = clock.now()
    prepared = preparing.prepare_for_publication(
        source_text(key, words, seed=seed), kind=Kind.MODULE, language="fr", now=now
    )
    with transaction() as session:
        cycle = session.get_one(Cycle, cycle_id)
        edition = publishing.create(prepared, kind=Kind.MODULE, cycle=cycle, owner=None, by=None, now=now)
        publishing.publish(edition, prepared, base_id=edition.head_id, by=None, now=now)
        return edition.id


def report(app: Flask, *, documents: int) -> None:
    body = course_text(1500, seed=7)
    rows = [
        ["render and sanitise 1,500 words, CPU ms", f"{_cpu_ms(lambda: render(body)):.1f}", "15"],
        ["the same through the worker, wall ms", f"{_wall_ms(lambda: render_safely(body)):.1f}", ""],
        ["preview of 1,500 words in the editor, wall ms", f"{_preview_ms(app):.0f}", "100"],
    ]
    with app.app_context():
        cycle_id = db.session.scalars(db.select(Cycle.id)).first()
        count = db.session.scalar(
            db.select(db.func.count()).select_from(Edition).where(Edition.published_id.is_not(None))
        )
        visible = [_visible_ms(f"banc-visible-{i}", cycle_id, seed=i) for i in range(9)]
        rows.append([f"commit to visible in search at {count} documents, wall ms", f"{median(visible):.0f}", "100"])
        for index in range(documents):
            publish_one(f"banc-{index}", cycle_id, seed=100 + index)
        search.sync()
        began, spent = time.perf_counter(), time.process_time()
        search.rebuild()
        wall, cpu = time.perf_counter() - began, time.process_time() - spent
        total = count + 9 + documents
        rows.append([f"rebuild of {total} documents, wall s for 1,000", f"{wall * 1000 / total:.1f}", "30"])
        rows.append(["the same, CPU ms a document", f"{cpu * 1000 / total:.1f}", "3"])
        visible = [_visible_ms(f"banc-late-{i}", cycle_id, seed=900 + i) for i in range(9)]
        rows.append([f"commit to visible in search at {total} documents, wall ms", f"{median(visible):.0f}", "100"])
    table("Publishing", ["what", "measured", "goal ≤"], rows)


def _preview_ms(app: Flask) -> float:
    """The preview and the remarks of a module of 1,500 words, made as for the script of the editor."""
    with app.test_request_context("/atelier/"):
        document = db.session.scalars(db.select(Document).where(Document.kind == Kind.MODULE)).first()
        source = source_text(document.key, 1500, seed=7)

        def look() -> None:
            seen = preview(source, document=document, language="fr")
            assert seen.words > 1400, seen.problems
            for name in ("preview", "problems"):
                render_template(f"studio/_{name}.html", seen=seen, language="fr")

        return _wall_ms(look)


def _visible_ms(key: str, cycle_id: int, *, seed: int) -> float:
    word = f"mot{seed}unique{key.replace('-', '')}"
    now = clock.now()
    text = source_text(key, 450, seed=seed).replace("Une phrase.", f"Une phrase avec {word}.")
    prepared = preparing.prepare_for_publication(text, kind=Kind.MODULE, language="fr", now=now)
    with transaction() as session:
        cycle = session.get_one(Cycle, cycle_id)
        edition = publishing.create(prepared, kind=Kind.MODULE, cycle=cycle, owner=None, by=None, now=now)
        publishing.publish(edition, prepared, base_id=edition.head_id, by=None, now=now)
    began = time.perf_counter()
    search.sync()
    while not search.find(word, filters=search.Filters()).total:
        time.sleep(0.005)
    return (time.perf_counter() - began) * 1000


def _cpu_ms(work, *, rounds: int = 15) -> float:
    work()
    costs = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        costs.append((time.process_time() - began) * 1000)
    return median(costs)


def _wall_ms(work, *, rounds: int = 15) -> float:
    work()
    costs = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        costs.append((time.perf_counter() - began) * 1000)
    return median(costs)
