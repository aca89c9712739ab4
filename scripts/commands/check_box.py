"""Check every box file and questionnaire: all problems at once, or a summary of each ward.

What a deployment reads in their place is made as well, read back and compared.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from homthu.adapters.box_files import BoxProblems, load_boxes
from homthu.adapters.box_files.index_writer import IndexDiffers, index_files
from homthu.adapters.box_files.recorded import record_versions, unrecorded
from homthu.adapters.box_files.samples import find_samples
from homthu.adapters.web_files import LANGUAGES, load_texts
from homthu.domain.boxes.box import Box
from homthu.domain.boxes.round import RoundRule
from homthu.render.problems import describe
from homthu.render.texts import Texts
from local.data_folder import boxes_folder
from posters.printed import PRINTED, let_go


def main() -> int:
    """Print what was found; 1 if anything is wrong."""
    options = parse_options()
    texts = load_texts(options.lang)
    try:
        boxes = load_boxes(options.boxes)
    except BoxProblems as error:
        for problem in error.problems:
            print(describe(problem, texts))
        print(texts("check_box.problems", count=len(error.problems)))
        return 1
    try:
        index_files(options.boxes)
    except IndexDiffers as error:
        print(texts("check_box.compiled_otherwise", files=", ".join(error.files)))
        return 1
    print(texts("check_box.fine", count=len(boxes.by_ward)))
    for box in boxes.by_ward.values():
        print("", *summary(box, texts), sep="\n")
    for code, day in let_go(options.boxes, boxes.by_ward.values()).items():
        print("", texts("check_box.let_go", code=code, day=day, file=PRINTED), sep="\n")
    if samples := find_samples(options.boxes):
        print("", texts("check_box.samples", count=len(samples)), sep="\n")
        print(*(f"  {describe(sample, texts)}" for sample in samples), sep="\n")
    for version in record_versions(options.boxes, boxes.questionnaires) if options.record else ():
        print("", texts("check_box.recorded", version=version), sep="\n")
    for version in unrecorded(options.boxes, boxes.questionnaires):
        print("", texts("check_box.unrecorded", version=version), sep="\n")
    return 0


def parse_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--boxes",
        type=Path,
        default=boxes_folder(),
        metavar="DIR",
        help="folder of box files (.data/boxes where a box was set up there, else functions/boxes)",
    )
    parser.add_argument("--lang", choices=LANGUAGES, default="vi", help="language of what is printed (vi)")
    parser.add_argument(
        "--record",
        action="store_true",
        help="add new questionnaire versions to questionnaires/recorded.json; recorded ones never change",
    )
    return parser.parse_args()


def summary(box: Box, texts: Texts) -> Iterator[str]:
    """What an office compares with its plan."""
    ward, questionnaire = box.ward, box.questionnaire
    rounds = "; ".join(describe_round(rule, texts) for rule in box.rounds)
    yield texts("check_box.ward", ward=ward.full_name, province=ward.province, code=ward.code)
    codes = ", ".join(place.code for place in box.places)
    yield texts("check_box.places", count=len(box.places), codes=codes)
    yield texts("check_box.rounds", rounds=rounds or texts("check_box.no_rounds"))
    yield texts(f"check_box.between_{box.between_rounds}")
    yield texts("check_box.recipients", count=len(box.recipients))
    count = len(questionnaire.questions)
    yield texts("check_box.questionnaire", version=questionnaire.version, count=count)
    if box.target:
        yield texts("check_box.target", target=box.target, count=len(box.clerks))
    if questionnaire.clips:
        yield texts("check_box.clips", count=len(questionnaire.clips), of=count)


def describe_round(rule: RoundRule, texts: Texts) -> str:
    """Its name and days, day before month as Vietnamese documents write them."""
    opens, closes = (
        f"{day:02}/{month:02}" + (f"/{year}" if year else "")
        for year, month, day in (rule.opens, rule.closes)
    )
    key = "yearly_round" if rule.is_yearly else "dated_round"
    return texts(f"check_box.{key}", name=rule.name, opens=opens, closes=closes)
