"""Reads one deployment's register and finds what is wrong with it, all at once."""

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

from homthu.render.register import INDEX_SCHEMA, PATH, SCHEMA, SERVICE, ward_path

from posters.address import BadBaseUrl, read_base_url
from posters.fetch import Fetch, Unreachable
from posters.strict_json import read_json

#: What must be there, and of which type, for the list to be written.
_BOX_KEYS: Mapping[str, type] = {"ward": dict, "contact": dict, "rounds": list, "places": list}
_WARD_KEYS = ("code", "kind", "name", "province", "authority")
_PLACE_KEYS = ("code", "name", "url")
_ROUND_KEYS = ("id", "name", "opens_on", "closes_on")


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterProblem:
    """Something wrong at one source; `code` names its sentence, `data` fills it."""

    source: str
    code: str
    data: Mapping[str, object] = field(default_factory=dict)
    #: The address of the place that it is about, if it is about one.
    place_url: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedRegister:
    """What one source published: its boxes, and what is wrong."""

    source: str
    boxes: tuple[dict[str, Any], ...]
    problems: tuple[RegisterProblem, ...]
    #: For each ward that publishes it, by code: the number of the newest report, and its digest.
    last_reports: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def read_register(
    source: str, fetch: Fetch, domains: tuple[str, ...], *, opens_places: bool
) -> PublishedRegister:
    """Read the register at a deployment's base URL, or at the file's own address."""
    given = source.strip().removesuffix(PATH)
    try:
        base_url = read_base_url(given)
    except BadBaseUrl as bad:
        return _failed(given, "bad_url", reason=bad.code, **bad.data)
    problems = list(_domain(base_url, domains))
    boxes: list[dict[str, Any]] = []
    last_reports: dict[str, tuple[str, str]] = {}
    for where, document in _documents(base_url, fetch):
        if isinstance(document, RegisterProblem):
            problems.append(document)
            continue
        if document.get("url") != base_url:
            problems.append(_other_origin(base_url, document))
        for number, box in enumerate(document["boxes"]):
            faults = list(_shape(base_url, f"{where}boxes[{number}]", box))
            if not faults:
                boxes.append(box)
                last_reports |= _last_report(document, box["ward"]["code"])
                faults = list(_contents(base_url, box))
                faults += _open_places(base_url, box, fetch) if opens_places else []
            problems += faults
    return PublishedRegister(
        source=base_url, boxes=tuple(boxes), problems=tuple(problems), last_reports=last_reports
    )


def _last_report(document: Mapping[str, Any], ward: str) -> dict[str, tuple[str, str]]:
    """What a register says of its one ward's newest report; None in a register without it."""
    told = document.get("last_report")
    if not isinstance(told, dict) or len(document["boxes"]) != 1:
        return {}
    is_whole = _is_text(told, "number") and _is_text(told, "digest")
    return {ward: (told["number"], told["digest"])} if is_whole else {}


def _documents(base_url: str, fetch: Fetch) -> Iterator[tuple[str, dict[str, Any] | RegisterProblem]]:
    """Each register of a deployment, with the ward whose file it is if there are several, or why not."""
    found = _fetched(base_url, PATH, fetch)
    if isinstance(found, RegisterProblem) or found["schema"] == SCHEMA:
        yield "", found
    elif faults := list(_index(base_url, found)):
        yield from (("", fault) for fault in faults)
    else:
        for code in found["wards"]:
            ward = _fetched(base_url, ward_path(code), fetch)
            if not isinstance(ward, RegisterProblem) and ward["schema"] != SCHEMA:
                ward = _problem(base_url, "missing", where=f"{code}: boxes")
            yield f"{code}: ", ward


def _fetched(base_url: str, path: str, fetch: Fetch) -> dict[str, Any] | RegisterProblem:
    """A register or an index, or why there is none that this program can read."""
    try:
        document = read_json(fetch(base_url + path))
    except Unreachable as error:
        return _unreachable(base_url, base_url + path, error)
    except UnicodeEncodeError:
        return _problem(base_url, "not_text")
    except (ValueError, RecursionError):
        return _problem(base_url, "not_json")
    faults = list(_envelope(base_url, document))
    return faults[0] if faults else document


def _index(source: str, document: Mapping[str, Any]) -> Iterator[RegisterProblem]:
    """What is wrong with an index itself."""
    if document.get("url") != source:
        yield _other_origin(source, document)
    codes = document["wards"]
    if not all(isinstance(code, str) and code.isascii() and code.isdigit() for code in codes):
        yield _problem(source, "missing", where="wards")


def note_repeats(readings: list[PublishedRegister]) -> list[RegisterProblem]:
    """Wards and places claimed by two sources, or twice by one."""
    wards: dict[str, str] = {}
    places: dict[str, str] = {}
    found = []
    for reading in readings:
        for box in reading.boxes:
            code, name = box["ward"]["code"], f"{box['ward']['kind']} {box['ward']['name']}"
            if code in wards:
                found.append(_problem(reading.source, "ward_taken", code=code, first=wards[code]))
            wards.setdefault(code, f"{name} ({reading.source})")
            for place in box["places"]:
                if place["url"] in places:
                    data: dict[str, Any] = {"place": place["code"], "first": places[place["url"]]}
                    found.append(_problem(reading.source, "place_taken", place_url=place["url"], **data))
                places.setdefault(place["url"], f"{place['name']}, {name}")
    return found


def _domain(base_url: str, domains: tuple[str, ...]) -> Iterator[RegisterProblem]:
    host = urlsplit(base_url).hostname or ""
    if host not in ("localhost", "127.0.0.1") and not any(
        host == domain or host.endswith("." + domain) for domain in domains
    ):
        yield _problem(base_url, "domain", host=host, allowed=", ".join(domains))


def _envelope(source: str, document: object) -> Iterator[RegisterProblem]:
    """What makes a document no register that this program can read."""
    if not isinstance(document, dict) or document.get("service") != SERVICE:
        yield _problem(source, "not_ours")
        return
    lists = {SCHEMA: "boxes", INDEX_SCHEMA: "wards"}
    schema = document.get("schema")
    if type(schema) is not int or schema not in lists:
        yield _problem(source, "schema", found=_told(schema), known=", ".join(map(str, lists)))
    elif not isinstance(document.get(lists[schema]), list):
        yield _problem(source, "missing", where=lists[schema])


def _shape(source: str, where: str, box: object) -> Iterator[RegisterProblem]:
    """Keys that are missing or of another type, each by its path."""
    if not isinstance(box, dict):
        yield _problem(source, "missing", where=where)
        return
    missing = [key for key, kind in _BOX_KEYS.items() if not isinstance(box.get(key), kind)]
    for key in _WARD_KEYS if "ward" not in missing else ():
        if not _is_text(box["ward"], key):
            missing.append(f"ward.{key}")
    if "contact" not in missing and not _is_text(box["contact"], "phone"):
        missing.append("contact.phone")
    for table, keys in (("places", _PLACE_KEYS), ("rounds", _ROUND_KEYS)):
        for position, entry in enumerate(box[table] if table not in missing else ()):
            missing += [f"{table}[{position}].{key}" for key in keys if not _is_text(entry, key)]
    for key in missing:
        yield _problem(source, "missing", where=f"{where}.{key}")


def _other_origin(source: str, document: Mapping[str, Any]) -> RegisterProblem:
    return _problem(source, "other_origin", found=_told(document.get("url")), asked=source)


def _told(value: object) -> object:
    """What to say of a wrong value: a list or a table is only named."""
    return type(value).__name__ if isinstance(value, (list, dict)) else value


def _is_text(table: object, key: str) -> bool:
    return isinstance(table, dict) and isinstance(table.get(key), str) and bool(table[key])


def _contents(source: str, box: dict[str, Any]) -> Iterator[RegisterProblem]:
    if not box["places"]:
        yield _problem(source, "no_places")
    for place in box["places"]:
        wanted = f"{source}/g/{place['code']}"
        if place["url"] != wanted:
            data: dict[str, Any] = {"place": place["code"], "found": place["url"], "wanted": wanted}
            yield _problem(source, "place_url", place_url=place["url"], **data)
    for round_ in box["rounds"]:
        if not _is_period(round_["opens_on"], round_["closes_on"]):
            yield _problem(source, "dates", round=round_["id"])


def _is_period(opens_on: str, closes_on: str) -> bool:
    try:
        return date.fromisoformat(opens_on) <= date.fromisoformat(closes_on)
    except ValueError:
        return False


def _open_places(source: str, box: dict[str, Any], fetch: Fetch) -> Iterator[RegisterProblem]:
    """Places whose page does not open, or opens as another place's."""
    for place in box["places"]:
        url = f"{source}/g/{quote(place['code'], safe='')}"
        try:
            page = html.unescape(fetch(url).decode("utf-8", "replace"))
        except Unreachable as error:
            yield _unreachable(source, url, error, place_url=place["url"])
            continue
        if place["name"] not in page:
            data: dict[str, Any] = {"place": place["code"], "url": url}
            yield _problem(source, "wrong_page", place_url=place["url"], **data)


def _problem(source: str, kind: str, /, *, place_url: str = "", **data: object) -> RegisterProblem:
    return RegisterProblem(source=source, code=kind, data=data, place_url=place_url)


def _unreachable(source: str, url: str, error: Unreachable, *, place_url: str = "") -> RegisterProblem:
    reason = f"register.reason.{error.code}"
    return _problem(
        source,
        "unreachable",
        place_url=place_url,
        url=url,
        reason=reason,
        detail=error.detail,
        status=error.detail,
    )


def _failed(source: str, kind: str, /, **data: object) -> PublishedRegister:
    problem = RegisterProblem(source=source, code=kind, data=data)
    return PublishedRegister(source=source, boxes=(), problems=(problem,))
