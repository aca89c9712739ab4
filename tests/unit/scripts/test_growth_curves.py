"""Curves of growth: each point beside the first, printed and read back, and drawn."""

from xml.etree import ElementTree

from dev.benching.curve import Point, curve, picture

POINTS = [
    (1, {"reads": 50.0, "ms": 2.0}),
    (10, {"reads": 50.0, "ms": 20.0}),
    (100, {"reads": 75.0, "ms": 0.0}),
]


def test_every_point_has_its_ratio_to_the_first_and_is_read_back() -> None:
    found = list(curve("years", POINTS))
    assert [point.ratio for point in found if point.name == "reads"] == [1, 1, 1.5]
    assert [point.ratio for point in found if point.name == "ms"] == [1, 10, 0]
    assert [Point.of(point.line) for point in found] == found


def test_the_picture_holds_every_curve_within_its_panel() -> None:
    points = [*curve("years <of> a ward", POINTS), *curve("pages", POINTS), *curve("wards", POINTS[:1])]
    root = ElementTree.fromstring(picture(points))
    width, height = map(float, root.get("viewBox").split()[2:])
    lines = root.iter("{http://www.w3.org/2000/svg}polyline")
    corners = [tuple(map(float, one.split(","))) for line in lines for one in line.get("points").split()]
    assert len(corners) == 3 * 2 * 2 + 2
    assert all(0 <= x <= width / 2 and 0 <= y <= height / 2 for x, y in corners)
    words = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"years <of> a ward", "pages", "wards", "reads", "ms"} <= words
