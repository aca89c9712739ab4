"""The tables that routes, jobs and functions come from."""

import json

from infra.roots import INFRA

ROUTES = json.loads((INFRA / "routes.json").read_text("utf-8"))
SCHEDULES = json.loads((INFRA / "schedules.json").read_text("utf-8"))
PUBLIC = {route["function"] for route in ROUTES}
JOBS = {job["function"] for job in SCHEDULES}
FUNCTION, MEMBER = "google_cloudfunctions2_function", "google_project_iam_member"
