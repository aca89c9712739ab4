"""List what is to be read aloud, and under which name each recording is looked for.

Record the words of a question with a telephone, give the file the name that stands above them, with the
ending that it has (.m4a, .mp3, .wav), and put it into audio/VERSION/ beside the box files. When the words
change, so does the name, and check-box refuses the old recording.
"""

import argparse
import subprocess
from pathlib import Path

from homthu.adapters.box_files import BoxProblems, load_boxes
from homthu.adapters.box_files.clips import AUDIO
from homthu.adapters.web_files import LANGUAGES, load_texts
from homthu.domain.boxes.clip import clip_stem, spoken_words
from homthu.domain.boxes.questionnaire import Question, Questionnaire
from homthu.render.problems import describe
from local.data_folder import boxes_folder

_VOICE = "espeak-ng"


def main() -> int:
    """Print the list, or make clips by machine; 1 if the box files are faulty or there is no voice."""
    options = _parse()
    texts = load_texts("vi")
    try:
        boxes = load_boxes(options.boxes)
    except BoxProblems as error:
        print(*(describe(problem, texts) for problem in error.problems), sep="\n")
        return 1
    for questionnaire in boxes.questionnaires.values():
        if options.questionnaire in ("", questionnaire.version):
            if options.try_voice:
                folder = options.try_voice / AUDIO / questionnaire.version
                folder.mkdir(parents=True, exist_ok=True)
                for question in questionnaire.questions:
                    if not _speak(question, options.language, folder):
                        print(f"Cần {_VOICE}: apt install {_VOICE} / is not installed")
                        return 1
            _list(questionnaire, options.language)
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--boxes",
        type=Path,
        default=boxes_folder(),
        metavar="DIR",
        help="folder of box files (.data/boxes where a box was set up there, else functions/boxes)",
    )
    parser.add_argument("--questionnaire", default="", metavar="VERSION", help="only this one")
    parser.add_argument("--language", choices=LANGUAGES, default="vi", help="read in this language (vi)")
    parser.add_argument(
        "--try-voice",
        type=Path,
        metavar="DIR",
        help=f"also have {_VOICE} read all of them into DIR/{AUDIO}, to try the page with",
    )
    return parser.parse_args()


def _list(questionnaire: Questionnaire, language: str) -> None:
    for question in questionnaire.questions:
        is_there = language in questionnaire.clips.get(question.id, {})
        print(f"{AUDIO}/{questionnaire.version}/{clip_stem(question, language)}" + " ✓" * is_there)
        print(*(f"    {line}" for line in spoken_words(question, language).splitlines()), sep="\n")


def _speak(question: Question, language: str, folder: Path) -> bool:
    file = folder / f"{clip_stem(question, language)}.wav"
    # A line each, so that there is a pause after each; a little slower than espeak's own pace.
    command = [_VOICE, "-v", language, "-s", "150", "-w", str(file), "--stdin"]
    words = ".\n".join(spoken_words(question, language).splitlines())
    try:
        subprocess.run(command, input=words, text=True, check=True, capture_output=True)
    except FileNotFoundError:
        return False
    return True
