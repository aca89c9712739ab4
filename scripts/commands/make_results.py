"""Make the results poster of a round, «Ông/bà nói – phường đã làm», from the answers that the board shows."""

import argparse
import sys
from pathlib import Path

from homthu.adapters.clock import system_clock
from homthu.config import BOXES
from homthu.domain.boxes.round import moment_at
from homthu.ports import StoreUnavailable
from homthu.services.published import published_results
from local import data_folder
from posters.address import BadBaseUrl, read_base_url
from posters.emblem import BadEmblem, read_emblem
from posters.press import Order, Refused
from posters.results import RoundResults, produce_results
from posters.words import load_words

from commands.make_posters import write
from commands.opening import open_to_read


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ward", required=True, metavar="CODE", help="the ward's five digits, such as 07210")
    parser.add_argument("--base-url", required=True, metavar="URL", help="what citizens type")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder to write to")
    parser.add_argument(
        "--as-of", type=data_folder.instant, metavar="TIME", help="the round that is open or closed then"
    )
    data_folder.add_data_option(parser)
    return parser.parse_args()


def main() -> None:
    """Run the command."""
    arguments = parse()
    texts, now = load_words(), arguments.as_of or system_clock()
    parts = open_to_read(arguments.data, "export")
    box = parts.boxes.by_ward.get(arguments.ward)
    if box is None:
        known = ", ".join(f"{code} ({one.ward.full_name})" for code, one in parts.boxes.by_ward.items())
        sys.exit(texts("print.refused.unknown_ward", ward=arguments.ward, known=known))
    moment = moment_at(box.rounds, now, box.closing_hours)
    round_ = moment.current or moment.previous
    try:
        published = published_results(parts.ledger, parts.cases, ward=arguments.ward, now=now)
        if round_ is None:
            raise Refused([texts("print.refused.no_answers", round=box.ward.full_name)])
        order = Order(
            box=box,
            base_url=read_base_url(arguments.base_url),
            edition=1,
            now=now,
            texts=texts,
            emblem=read_emblem(BOXES, box.ward.emblem),
        )
        results = RoundResults.of([one.answer for one in published.answers], published.in_hand, round_)
        products = produce_results(order, results)
    except StoreUnavailable as unavailable:
        sys.exit(f"{arguments.data}: {unavailable.reason}")
    except BadBaseUrl as bad:
        reason = texts(bad.code, **bad.data)
        sys.exit(texts("print.refused.base_url", value=arguments.base_url, reason=reason))
    except BadEmblem as bad:
        sys.exit(texts("print.refused.emblem", file=bad.path))
    except Refused as refused:
        sys.exit("\n".join([texts("print.refused.heading"), *(f"  - {one}" for one in refused.problems)]))
    write(products, arguments.out, texts)
    codes = sum(product.codes for product in products)
    print(texts("print.done.results", codes=codes, path=arguments.out / products[0].path))
