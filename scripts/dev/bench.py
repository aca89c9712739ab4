"""Measure the budgets of the box against what they are held to, side by side in one run.

One JSON line a figure: {"name": …, "ours": …, "limit": …, "ratio": …}. Timings mean nothing between
machines; ratios do. Name some of the groups to run only these.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from homthu.bootstrap.start import start
from homthu.config import NEEDS
from local import data_folder

from dev.benching import form_speed, growth, page_bytes, paint, releases, report_week, submit_speed
from dev.benching.curve import Point
from dev.benching.figure import Figure
from dev.benching.functions import Served, serving, unpack

Measure = Callable[[Served, Path, dict[str, str]], Iterator[Figure | Point]]

#: What can be measured, by the name of its group; a new one adds a line here.
GROUPS: dict[str, Measure] = {
    "bytes": lambda form, _folder, _environ: page_bytes.measure(form),
    "speed": form_speed.measure,
    "submit": lambda _form, folder, environ: submit_speed.measure(folder, environ),
    "paint": lambda form, folder, _environ: paint.measure(form, folder),
    "releases": lambda _form, _folder, environ: releases.measure(environ),
    "week": lambda _form, _folder, _environ: report_week.measure(),
    "growth": lambda _form, _folder, _environ: growth.measure(),
}
#: Takes hours, and is measured only on request.
LONG = ("growth",)


def main() -> None:
    """Run the groups asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "groups",
        nargs="*",
        metavar="GROUP",
        help=f"of {', '.join(GROUPS)}; all but growth unless named",
    )
    parser.add_argument(
        "--curve", choices=growth.CURVES, action="append", help="of growth, only this one; may be repeated"
    )
    parser.add_argument(
        "--at", type=int, action="append", metavar="N", help="and, beside its first point, only this one"
    )
    asked = parser.parse_args()
    if (asked.curve or asked.at) and asked.groups != ["growth"]:
        parser.error("--curve and --at are of growth")
    if asked.at and len(asked.curve or ()) != 1:
        parser.error("--at needs the --curve that it is a point of")
    if asked.curve:
        for point in growth.measure(asked.curve, asked.at or ()):
            print(point.line, flush=True)
        return
    chosen = asked.groups or [name for name in GROUPS if name not in LONG]
    if unknown := set(chosen) - set(GROUPS):
        parser.error(f"{', '.join(sorted(unknown))}: no such group; there are {', '.join(GROUPS)}")
    with tempfile.TemporaryDirectory() as folder:
        settings = data_folder.new_or_existing_box(Path(folder) / "data", "http://127.0.0.1:8080")
        # As in the cloud: a function gets no setting that it does not need.
        environ = {name: settings[name] for name in NEEDS["form"]}
        of_submit = {name: settings[name] for name in NEEDS["submit"] - {"HOMTHU_STORE"}}
        place = next(iter(start("form", environ).boxes.by_ward.values())).places[0]
        with serving("form", unpack(Path(folder)), f"/g/{place.code}", environ) as form:
            for group in chosen:
                for figure in GROUPS[group](form, Path(folder), of_submit if group == "submit" else environ):
                    print(figure.line, flush=True)
