"""The publicity kit: what to post, send and read out at each moment of a round, and two pictures."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from homthu.domain.boxes.box import Box
from homthu.domain.boxes.round import Round
from homthu.render.effort import MINUTES
from homthu.render.numbers import format_date
from homthu.render.texts import Texts

from posters.address import host_of, place_link, ward_link
from posters.pack import capitalised, code_data, former_of, round_data, ward_data

MOMENTS = ("opening", "middle", "last_week", "results")
CHANNELS = ("web", "zalo", "facebook", "loudspeaker")
#: Width and height in pixels: a square for Zalo and Facebook, and what Open Graph asks for.
PICTURES = {"square": (1080, 1080), "wide": (1200, 630)}


class BadTemplates(Exception):
    """Sentences that an editor has broken; `problems` holds each key and what is wrong."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(key for key, _ in problems))
        self.problems = problems


def publicity_texts(box: Box, base_url: str, round_: Round | None, texts: Texts) -> dict[str, str]:
    """Every text by its file name, and the list of links. Raise `BadTemplates` with all of them."""
    values = _values(box, base_url, round_, texts)
    found: dict[str, str] = {}
    problems: list[tuple[str, str]] = []
    for moment in MOMENTS:
        for channel in CHANNELS:
            key = f"publicity.{moment}.{channel}"
            name = f"{texts(f'publicity.file.{moment}')}_{texts(f'publicity.file.{channel}')}.txt"
            if name in found or Path(name).name != name:
                problems.append(
                    (f"publicity.file.{moment}, {channel}", texts("print.refused.file_name", name=name))
                )
                continue
            try:
                found[name] = texts(key, **values).strip() + "\n"
            except (KeyError, ValueError, IndexError, AttributeError) as error:
                problems.append((key, str(error)))
    if problems:
        raise BadTemplates(problems)
    found[f"{texts('publicity.file.links')}.txt"] = "\n".join(_links(box, base_url, texts)) + "\n"
    return found


def picture_data(box: Box, base_url: str, round_: Round | None, texts: Texts, shape: str) -> dict[str, Any]:
    """The data for `picture.typ`; its code is the ward's link, counted apart from the posters."""
    width, height = PICTURES[shape]
    return {
        **ward_data(box, base_url, texts),
        "width": width,
        "height": height,
        "round": round_data(round_, box, texts),
        "code": code_data(ward_link(base_url)),
    }


def spoken_host(base_url: str, texts: Texts) -> str:
    """The domain as it is read aloud: «gopy chấm phuongbacgiang chấm gov chấm vn»."""
    return _spoken(host_of(base_url), texts)


def _spoken(address: str, texts: Texts) -> str:
    for mark, name in ((".", "dot"), ("-", "dash"), (":", "colon"), ("/", "slash")):
        address = address.replace(mark, texts(f"publicity.spoken.{name}"))
    return address


def _values(box: Box, base_url: str, round_: Round | None, texts: Texts) -> dict[str, str]:
    ward = box.ward
    results = box.results or f"{base_url}/ket-qua"
    unknown = "…/…/……"
    return {
        "ward": ward.full_name,
        "ward_title": capitalised(ward.full_name),
        "kind": ward.kind,
        "province": ward.province,
        "authority": ward.authority,
        "committee": box.report.committee,
        "round": round_.name if round_ else texts("print.strip.always"),
        "opens": format_date(round_.opens_on) if round_ else unknown,
        "closes": format_date(round_.closes_on) if round_ else unknown,
        "link": ward_link(base_url),
        "results": results,
        "host": host_of(base_url),
        "spoken": spoken_host(base_url, texts),
        "spoken_results": _spoken(results.partition("://")[2].strip("/"), texts),
        "places": str(len(box.places)),
        "minutes": str(MINUTES),
        "phone": box.contact.phone,
    }


def _links(box: Box, base_url: str, texts: Texts) -> Iterator[str]:
    yield texts("publicity.links.heading")
    for place in box.places:
        former = former_of(place, texts)
        name = f"{place.name} ({former})" if former else place.name
        yield "\n" + texts("publicity.links.line", place=name, link=place_link(base_url, place))
