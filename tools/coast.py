# /// script
# requires-python = ">=3.11"
# dependencies = ["h5py>=3", "numpy>=2", "shapely>=2.1"]
# ///
"""Draw the coast of the metropolis anew from open data: write academy/formats/art/coast_points.py.

    apt-get install gmt-gshhg-high        (Debian; data of Wessel and Smith, GSHHG 2.3.7, LGPL 3 or later)
    uv run tools/coast.py                 (uv is in .venv/bin; it fetches this script's own packages)

Reads the binned shore lines of GSHHG, joins the bins under the window of the chart, drops what is too small or too thin
to be seen, simplifies (Visvalingam) and writes positions in thousandths of a degree (about 100 m, one unit of the
chart). The same data give the same file. Nothing here is needed to run the academy or its tests.
"""

import math
import sys
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
from shapely import LineString, MultiPolygon, Point, Polygon, box, coverage_simplify
from shapely.affinity import scale
from shapely.ops import polygonize, unary_union

DATA = Path("/usr/share/gmt-gshhg/binned_GSHHS_h.nc")
OUT = Path(__file__).resolve().parent.parent / "academy/formats/art/coast_points.py"
WINDOW = box(3.86, 42.98, 5.98, 43.62)  # wider than the chart: its bands of depth reach over the edge
LATITUDE = math.cos(math.radians(43.4))
# In degrees of latitude (111 km): lagoons behind a narrower mouth are filled, narrower inlets closed, thinner jetties
# dropped, smaller bends cut; isles grow by half of ISLE, so that the smallest is still a dot of land in its outline.
MOUTH, INLET, JETTY, BEND, ISLE = 0.0044, 0.0022, 0.0011, 0.0022, 0.0018
SHORE_LEVEL = 1  # of GSHHG: the sea's shore; lakes are level 2

HEAD = '''"""Hold the coast of the metropolis: written by tools/coast.py, not by hand.

From GSHHG 2.3.7 (Wessel and Smith, 1996; LGPL 3 or later), cut to the window and simplified. Each ring is a run of
longitudes and latitudes in thousandths of a degree. GSHHG has no étang de Berre: that one is in coast.py.
"""

'''


def segments(data: h5py.File, column: int, row: int) -> Iterator[np.ndarray]:
    """Give the shore lines of a bin as positions; land lies to the left of each."""
    size = int(data["Bin_size_in_minutes"][0]) / 60
    number = row * int(data["N_bins_in_360_longitude_range"][0]) + column
    first = int(data["Id_of_first_segment_in_a_bin"][number])
    for segment in range(first, first + int(data["N_segments_in_a_bin"][number])):
        packed = int(data["Embedded_npts_levels_exit_entry_for_a_segment"][segment])
        start, count = int(data["Id_of_first_point_in_a_segment"][segment]), packed >> 9
        if (packed >> 6) & 7 != SHORE_LEVEL:
            continue
        east, north = (
            data[f"Relative_{axis}_from_SW_corner_of_bin"][start : start + count].astype(np.uint16) / 65535 * size
            for axis in ("longitude", "latitude")
        )
        yield np.column_stack((column * size + east, 90 - (row + 1) * size + north))


def land_of_bin(data: h5py.File, column: int, row: int) -> Polygon | MultiPolygon:
    """Fill the land of a bin: the faces that lie to the left of a shore line."""
    size = int(data["Bin_size_in_minutes"][0]) / 60
    frame = box(column * size, 90 - (row + 1) * size, (column + 1) * size, 90 - row * size)
    lines = [points for points in segments(data, column, row) if len(points) > 1]
    faces = list(polygonize(unary_union([frame.exterior, *(LineString(points) for points in lines)])))
    left = [_left_of(points) for points in lines]
    return unary_union([face for face in faces if any(face.contains(point) for point in left)])


def _left_of(points: np.ndarray) -> Point:
    """A point a metre to the left of the longest leg of a line."""
    legs = np.diff(points, axis=0)
    longest = int(np.argmax(np.hypot(*legs.T)))
    east, north = legs[longest] / np.hypot(*legs[longest])
    return Point(points[longest] + legs[longest] / 2 + 1e-5 * np.array((-north, east)))


def window_land(data: h5py.File) -> Polygon | MultiPolygon:
    """Join the bins that the window touches."""
    size = int(data["Bin_size_in_minutes"][0]) / 60
    west, south, east, north = WINDOW.bounds
    columns = range(int(west // size), int(east // size) + 1)
    rows = range(int((90 - north) // size), int((90 - south) // size) + 1)
    bins = [land_of_bin(data, column, row) for column in columns for row in rows]
    return unary_union([land.buffer(1e-6) for land in bins]).intersection(WINDOW)


def generalised(land: Polygon | MultiPolygon) -> list[Polygon]:
    """Fill the lagoons, drop what is too thin to be seen, simplify; the mainland first."""
    flat = scale(land, LATITUDE, 1, origin=(0, 0))
    closed = _closed(flat, MOUTH)
    lagoons = unary_union([Polygon(part.exterior) for part in _parts(closed)]).difference(closed)
    mainland, *isles = sorted(_parts(unary_union([flat, lagoons.buffer(MOUTH / 2)])), key=lambda part: -part.area)
    opened = _closed(mainland, INLET).buffer(-JETTY / 2).buffer(JETTY / 2)
    solid = max(_parts(opened), key=lambda part: part.area)
    grown = _parts(unary_union([isle.buffer(ISLE / 2, join_style="mitre") for isle in isles]))
    apart = [isle for isle in grown if isle.distance(solid) > INLET]
    simple = [_parts(part.simplify(BEND / 3))[0] for part in apart]
    [coast] = coverage_simplify([Polygon(solid.exterior)], BEND)
    return [scale(part, 1 / LATITUDE, 1, origin=(0, 0)) for part in (coast, *simple)]


def _closed(land: Polygon | MultiPolygon, gap: float) -> Polygon | MultiPolygon:
    return land.buffer(gap / 2).buffer(-gap / 2)


def _parts(shape: Polygon | MultiPolygon) -> list[Polygon]:
    return [part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon)]


def shore_of(mainland: Polygon) -> list[tuple[float, float]]:
    """Open the ring of the mainland where it follows the window: its shore from west to east."""
    ring = list(mainland.exterior.coords)[:-1]
    west, _, east, north = WINDOW.bounds
    inland = [x < west + 1e-4 or x > east - 1e-4 or y > north - 1e-4 for x, y in ring]
    start = next(i for i, hidden in enumerate(inland) if hidden and not inland[(i + 1) % len(ring)])
    turned = ring[start:] + ring[:start]
    hidden = inland[start:] + inland[:start]
    shore = turned[: next(i for i in range(1, len(ring)) if hidden[i]) + 1]
    return shore if shore[0][0] < shore[-1][0] else shore[::-1]


def written(name: str, points: list[tuple[float, float]]) -> str:
    """Write positions as one string of whole thousandths, wrapped."""
    numbers = [str(round(value * 1000)) for point in dict.fromkeys(points) for value in point]
    lines, line = [], ""
    for number in numbers:
        if len(line) + len(number) > 108:
            lines.append(line)
            line = ""
        line += f"{number} "
    body = "\n".join(f'    "{part}"' for part in [*lines, line.rstrip()])
    return f"{name}(\n{body}\n)"


def main() -> None:
    if not DATA.exists():
        sys.exit(f"{DATA} is missing: apt-get install gmt-gshhg-high")
    with h5py.File(DATA) as data:
        mainland, *isles = generalised(window_land(data))
    shore = written("SHORE = ", shore_of(mainland))
    rings = [written("", list(isle.exterior.coords)) for isle in isles]
    body = "\n".join(f"    {ring},".replace("\n", "\n    ") for ring in rings)
    OUT.write_text(f"{HEAD}{shore}\nISLES = (\n{body}\n)\n", "utf-8")


if __name__ == "__main__":
    main()
