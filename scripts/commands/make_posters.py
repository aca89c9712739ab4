"""Print a ward's posters, table tents, stickers and slips, its list of codes and its publicity.

Every code is read back from the finished file, sound and damaged, before anything is written.
"""

import argparse
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from homthu.adapters.box_files import BoxProblems, load_boxes
from homthu.adapters.box_files.samples import is_sample_address, is_sample_phone
from homthu.adapters.clock import system_clock
from homthu.config import BOXES
from homthu.domain.boxes.box import Box
from homthu.render.problems import describe
from homthu.render.texts import Texts
from local import data_folder
from posters.address import BadBaseUrl, host_of, read_base_url
from posters.emblem import BadEmblem, read_emblem
from posters.press import Order, Product, Refused, produce, set_in_type
from posters.printed import PRINTED, note_print
from posters.words import load_words

#: Stands in for a base URL that cannot be used, so that all other faults are found in the same run.
_STAND_IN = "https://gopy.example.gov.vn"


def edition(text: str) -> int:
    """The number of a print, of two digits at most."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 99:
        raise argparse.ArgumentTypeError(f"{text!r}: cần một số từ 1 đến 99")
    return int(text)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ward", required=True, metavar="CODE", help="the ward's five digits, such as 07210")
    parser.add_argument(
        "--base-url",
        required=True,
        metavar="URL",
        help="what citizens type, such as https://gopy.example.gov.vn",
    )
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder to write to")
    parser.add_argument("--edition", type=edition, default=1, metavar="N", help="part of the serial (1)")
    parser.add_argument(
        "--boxes",
        type=Path,
        default=data_folder.boxes_folder(),
        metavar="DIR",
        help="folder of box files",
    )
    parser.add_argument(
        "--as-of",
        type=data_folder.instant,
        metavar="TIME",
        help="print the rounds as of then (default: now)",
    )
    return parser.parse_args()


def main() -> None:
    """Run the command."""
    arguments = parse()
    texts = load_words()
    problems: list[str] = []
    box = find_box(arguments.boxes, arguments.ward, texts, problems)
    base_url = _STAND_IN
    try:
        base_url = read_base_url(arguments.base_url)
    except BadBaseUrl as bad:
        reason = texts(bad.code, **bad.data)
        problems.append(texts("print.refused.base_url", value=arguments.base_url, reason=reason))
    products: list[Product] = []
    now = arguments.as_of or system_clock()
    if box:
        order = Order(box=box, base_url=base_url, edition=arguments.edition, now=now, texts=texts)
        try:
            order = replace(order, emblem=read_emblem(arguments.boxes, box.ward.emblem))
        except BadEmblem as bad:
            problems.append(texts("print.refused.emblem", file=bad.path))
        try:
            if problems:
                set_in_type(order)
            else:
                products = produce(order, lambda line: print(line, file=sys.stderr))
        except Refused as refused:
            problems += refused.problems
    if problems or box is None:
        sys.exit("\n".join([texts("print.refused.heading"), *(f"  - {problem}" for problem in problems)]))
    is_noted = not is_example(box, arguments.boxes) and note(arguments.boxes, box, base_url, now, texts)
    write(products, arguments.out, texts)
    if is_noted:
        print(texts("print.done.noted", path=arguments.boxes / PRINTED))
    note_host(host_of(base_url), texts)
    note_phone(box.contact.phone, texts)
    codes = sum(product.codes for product in products)
    path = arguments.out / products[0].path
    print(texts("print.done.finished", places=len(box.places), codes=codes, path=path))


def find_box(folder: Path, ward: str, texts: Texts, problems: list[str]) -> Box | None:
    """The ward's box; whatever prevents using it is added to the problems."""
    try:
        boxes = load_boxes(folder).by_ward
    except BoxProblems as error:
        problems += [describe(problem, texts) for problem in error.problems]
        return None
    if ward not in boxes:
        known = ", ".join(f"{code} ({box.ward.full_name})" for code, box in boxes.items())
        problems.append(texts("print.refused.unknown_ward", ward=ward, known=known))
    return boxes.get(ward)


def is_example(box: Box, folder: Path) -> bool:
    """Whether it is one of the example wards, whose posters hang nowhere."""
    return folder.resolve() == BOXES.resolve() and is_sample_address(box.operator.email)


def note(folder: Path, box: Box, base_url: str, now: datetime, texts: Texts) -> bool:
    """Record what becomes public, before anything can be printed. Raise `SystemExit` if that fails."""
    try:
        return note_print(folder, box, base_url, now)
    except OSError as error:
        sys.exit(texts("print.refused.not_noted", path=folder / PRINTED, reason=error.strerror or error))


def write(products: list[Product], folder: Path, texts: Texts) -> None:
    """Write the files to the folder that was asked for."""
    for product in products:
        path = folder / product.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(product.content)
        print(texts("print.done.file", path=path, size=-(-len(product.content) // 1024)))


def note_host(host: str, texts: Texts) -> None:
    """Print what a careful person would say about this domain."""
    name = host.partition(":")[0]
    if name in ("localhost", "127.0.0.1"):
        print(texts("print.done.local", host=host), file=sys.stderr)
    elif not name.endswith(".gov.vn"):
        print(texts("print.done.not_gov", host=host), file=sys.stderr)


def note_phone(phone: str, texts: Texts) -> None:
    """Print a warning if the number is still that of the example files."""
    if is_sample_phone(phone):
        print(texts("print.done.sample_phone", phone=phone), file=sys.stderr)
