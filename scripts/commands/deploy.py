"""Put the box on Google Cloud, or bring it up to date; it is safe to run again at any point.

First everything that is missing is said at once. Then the bucket for Terraform's state and the secrets
are made, unless they are there, and the plan is shown and asked about; nothing else changes before.
Afterwards the box is looked at, one marked submission is stored and withdrawn, and the report rehearsed.
What is deployed is told in infra/deployments/PROJECT.toml.
"""

import argparse
import os
import sys

from deploying.run import Deploy
from deploying.session import Options
from deploying.smoke import PATIENCE_SECONDS
from deploying.steps import DeployFailed


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--project", required=True, metavar="ID", help="the Google Cloud project")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--plan", action="store_true", help="show what would change, and change nothing")
    which.add_argument(
        "--rollback",
        action="store_true",
        help="go back to the revisions before, in seconds; the next ordinary deploy undoes it",
    )
    which.add_argument(
        "--drift",
        action="store_true",
        help="show what Google has otherwise than it should, and change nothing (exit status 2)",
    )
    which.add_argument("--destroy", action="store_true", help="take everything away but the data")
    parser.add_argument(
        "--rebuild",
        action="store_true",
        help="with --rollback: build the source deployed before anew, where its revisions are gone",
    )
    parser.add_argument(
        "--lose",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="let a plan delete this, which should last; to be said for each",
    )
    parser.add_argument("--skip-rights", action="store_true", help="do not ask which rights are missing")
    parser.add_argument("--yes", action="store_true", help="do not ask before applying")
    parser.add_argument(
        "--try-report",
        action="store_true",
        help="also run the report itself once now: it mails what is owed to the recipients",
    )
    parser.add_argument(
        "--without-trial",
        action="store_true",
        help="do not send the marked submission that is deleted with your own account at once:\n"
        "no alert about people in the database follows, and that submissions are stored is not seen",
    )
    parser.add_argument(
        "--look-at",
        metavar="URL",
        help="check the box here, such as at https://ID.web.app\nwhile your own domain has no records yet",
    )
    parser.add_argument(
        "--patience",
        type=float,
        default=PATIENCE_SECONDS,
        metavar="SECONDS",
        help="how long a new release may take to be seen (default: %(default)s)",
    )
    parser.add_argument(
        "terraform",
        nargs="*",
        help="after --: Terraform itself with this project's state, for emergencies,\n"
        "such as: scripts/deploy --project ID -- terraform state list",
    )
    return parser.parse_args()


def main() -> None:
    """Run the command; the exit status is 0 when all was done and checked."""
    arguments = parse()
    options = Options(
        project=arguments.project,
        plan_only=arguments.plan,
        rollback=arguments.rollback,
        rebuild=arguments.rebuild,
        destroy=arguments.destroy,
        drift=arguments.drift,
        terraform=tuple(arguments.terraform),
        lose=tuple(arguments.lose),
        is_sure=arguments.yes,
        try_report=arguments.try_report,
        skip_rights=arguments.skip_rights,
        without_trial=arguments.without_trial,
        look_at=arguments.look_at,
        patience_seconds=arguments.patience,
    )
    try:
        sys.exit(Deploy(options, os.environ).run())
    except DeployFailed as failed:
        sys.exit(
            f"\n✗ Bước / step: {failed.step}\n"
            f"  Nguyên nhân / cause: {failed.stopped.cause}\n"
            f"  Làm tiếp / next: {failed.stopped.advice}"
        )
    except KeyboardInterrupt:
        sys.exit("\nĐã dừng. Chạy lại lệnh này lúc nào cũng được / stopped; run this command again any time.")
