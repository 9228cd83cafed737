"""The 92 communes of the metropolis of Aix-Marseille-Provence: what a text may name as its territory, beside the venues.

Each with the middle of its commune, longitude and latitude in degrees (WGS 84), to the hundredth: enough for a schematic
map. Source: geo.api.gouv.fr (INSEE and IGN, Licence Ouverte 2.0).
"""

from typing import NamedTuple

from academy.rendering.slugs import slugify


class Commune(NamedTuple):
    """A commune; `position` is its middle, longitude and latitude."""

    slug: str
    name: str
    position: tuple[float, float]


_MIDDLES = (
    ("Aix-en-Provence", 5.39, 43.54), ("Allauch", 5.51, 43.35), ("Alleins", 5.16, 43.71), ("Aubagne", 5.56, 43.29),
    ("Auriol", 5.66, 43.36), ("Aurons", 5.15, 43.67), ("Beaurecueil", 5.55, 43.52), ("Belcodène", 5.58, 43.42),
    ("Berre-l’Étang", 5.16, 43.50), ("Bouc-Bel-Air", 5.41, 43.44), ("Cabriès", 5.35, 43.45),
    ("Cadolive", 5.53, 43.39), ("Carnoux-en-Provence", 5.57, 43.26), ("Carry-le-Rouet", 5.16, 43.35),
    ("Cassis", 5.55, 43.22), ("Ceyreste", 5.64, 43.22), ("Charleval", 5.25, 43.72),
    ("Châteauneuf-le-Rouge", 5.57, 43.49), ("Châteauneuf-les-Martigues", 5.15, 43.39),
    ("Cornillon-Confoux", 5.08, 43.58), ("Coudoux", 5.26, 43.56), ("Cuges-les-Pins", 5.71, 43.28),
    ("Éguilles", 5.32, 43.57), ("Ensuès-la-Redonne", 5.19, 43.36), ("Eyguières", 5.01, 43.70),
    ("Fos-sur-Mer", 4.90, 43.45), ("Fuveau", 5.55, 43.46), ("Gardanne", 5.49, 43.46), ("Gémenos", 5.65, 43.30),
    ("Gignac-la-Nerthe", 5.23, 43.39), ("Grans", 5.04, 43.62), ("Gréasque", 5.55, 43.43), ("Istres", 4.95, 43.55),
    ("Jouques", 5.66, 43.63), ("La Barben", 5.21, 43.62), ("La Bouilladisse", 5.63, 43.39),
    ("La Ciotat", 5.62, 43.19), ("La Destrousse", 5.60, 43.38), ("La Fare-les-Oliviers", 5.21, 43.55),
    ("La Penne-sur-Huveaune", 5.52, 43.28), ("La Roque-d’Anthéron", 5.32, 43.72), ("Lamanon", 5.09, 43.71),
    ("Lambesc", 5.25, 43.66), ("Lançon-Provence", 5.17, 43.57), ("Le Puy-Sainte-Réparade", 5.44, 43.65),
    ("Le Rove", 5.25, 43.36), ("Le Tholonet", 5.51, 43.52), ("Les Pennes-Mirabeau", 5.32, 43.40),
    ("Mallemort", 5.18, 43.73), ("Marignane", 5.22, 43.42), ("Marseille", 5.38, 43.28), ("Martigues", 5.05, 43.38),
    ("Meyrargues", 5.53, 43.62), ("Meyreuil", 5.50, 43.49), ("Mimet", 5.50, 43.41), ("Miramas", 5.01, 43.58),
    ("Pélissanne", 5.16, 43.63), ("Pertuis", 5.53, 43.69), ("Peynier", 5.62, 43.44), ("Peypin", 5.57, 43.38),
    ("Peyrolles-en-Provence", 5.58, 43.63), ("Plan-de-Cuques", 5.46, 43.36), ("Port-de-Bouc", 5.00, 43.42),
    ("Port-Saint-Louis-du-Rhône", 4.83, 43.41), ("Puyloubier", 5.67, 43.52), ("Rognac", 5.23, 43.50),
    ("Rognes", 5.35, 43.67), ("Roquefort-la-Bédoule", 5.63, 43.25), ("Roquevaire", 5.60, 43.35),
    ("Rousset", 5.62, 43.49), ("Saint-Antonin-sur-Bayon", 5.60, 43.52), ("Saint-Cannat", 5.31, 43.62),
    ("Saint-Chamas", 5.07, 43.54), ("Saint-Estève-Janson", 5.39, 43.69), ("Saint-Marc-Jaumegarde", 5.52, 43.56),
    ("Saint-Mitre-les-Remparts", 5.02, 43.46), ("Saint-Paul-lès-Durance", 5.75, 43.69),
    ("Saint-Savournin", 5.53, 43.40), ("Saint-Victoret", 5.25, 43.41), ("Saint-Zacharie", 5.72, 43.37),
    ("Salon-de-Provence", 5.05, 43.64), ("Sausset-les-Pins", 5.12, 43.35), ("Sénas", 5.07, 43.74),
    ("Septèmes-les-Vallons", 5.38, 43.39), ("Simiane-Collongue", 5.44, 43.42), ("Trets", 5.71, 43.45),
    ("Vauvenargues", 5.62, 43.56), ("Velaux", 5.25, 43.52), ("Venelles", 5.50, 43.60), ("Ventabren", 5.30, 43.54),
    ("Vernègues", 5.19, 43.68), ("Vitrolles", 5.27, 43.45),
)  # fmt: skip
COMMUNES = {slug: Commune(slug, name, (lon, lat)) for name, lon, lat in _MIDDLES for slug in [slugify(name)]}
