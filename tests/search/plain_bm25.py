"""The reference to beat: one field, folded and stemmed, BM25, unknown words repaired at distance 1."""

from collections import Counter
from math import log

from academy.search.analysis import STEM, stems, words
from academy.search.deletions import distance
from academy.search.document import IndexDocument

K1, B = 1.2, 0.75


class PlainBM25:
    """BM25 (Robertson and others, 1994) over title, summary and text laid end to end, in one language."""

    def __init__(self, documents: list[IndexDocument], language: str):
        self.language = language
        texts = {d.key: words(f"{d.title} {d.summary} {d.text}") for d in documents if d.language == language}
        self.seen = Counter(word for text in texts.values() for word in set(text))
        self.counts = {key: Counter(stems(text, language)) for key, text in texts.items()}
        self.lengths = {key: sum(counts.values()) for key, counts in self.counts.items()}
        self.mean = sum(self.lengths.values()) / len(self.lengths)

    def find(self, question: str) -> list[str]:
        """Return keys, best first."""
        scores: Counter[str] = Counter()
        for word in words(question):
            if stem := STEM[self.language][self._repaired(word)]:
                for key, score in self._scores(stem).items():
                    scores[key] += score
        return sorted(scores, key=lambda key: (-scores[key], key))

    def _scores(self, stem: str) -> dict[str, float]:
        having = {key: counts[stem] for key, counts in self.counts.items() if stem in counts}
        idf = log(1 + (len(self.counts) - len(having) + 0.5) / (len(having) + 0.5))
        return {
            key: idf * n * (K1 + 1) / (n + K1 * (1 - B + B * self.lengths[key] / self.mean))
            for key, n in having.items()
        }

    def _repaired(self, word: str) -> str:
        if word in self.seen or len(word) < 4 or not word.isalpha():
            return word
        near = [known for known in self.seen if abs(len(known) - len(word)) < 2 and distance(known, word) == 1]
        return max(near, key=lambda known: (self.seen[known], known), default=word)
