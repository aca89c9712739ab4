"""The tables of the box's SQLite file, and the migrations from earlier versions.

Submissions lie in the order of their random ids and have no row number, so that the file does not
tell in which order they came.
"""

from homthu.adapters.store_records import VERSION as VERSION

# `VERSION` goes into `PRAGMA user_version`; a change of the tables raises it and brings a migration.

_REPORTS = """
CREATE TABLE reports (
  ward TEXT NOT NULL,
  week TEXT NOT NULL,
  edition TEXT NOT NULL,
  year INTEGER NOT NULL,
  number INTEGER NOT NULL,
  frozen_on TEXT NOT NULL,
  recipients TEXT NOT NULL,
  tally TEXT NOT NULL,
  content TEXT NOT NULL,
  previous_digest TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (ward, week, edition)
) STRICT, WITHOUT ROWID;
"""
#: What version 3 added: the desk's cases and its mailed links.
_CASES = """
CREATE TABLE cases (
  id TEXT NOT NULL PRIMARY KEY,
  ward TEXT NOT NULL,
  place TEXT NOT NULL,
  service TEXT NOT NULL,
  week TEXT NOT NULL,
  is_petition INTEGER NOT NULL,
  history TEXT NOT NULL,
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX cases_by_ward ON cases (ward);

CREATE TABLE link_mails (
  id TEXT NOT NULL PRIMARY KEY,
  sent_at INTEGER NOT NULL,
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""
#: What version 4 added: the batches of paper slips,
_PAPER_BATCHES = """
CREATE TABLE paper_batches (
  id TEXT NOT NULL PRIMARY KEY,
  ward TEXT NOT NULL,
  label TEXT NOT NULL,
  slips INTEGER NOT NULL,
  made_on TEXT NOT NULL,
  is_revoked INTEGER NOT NULL,
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""
#: the numbers of cases, and since when each ward's list of recipients stands.
_DESK_TERMS = """
ALTER TABLE cases ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
CREATE TABLE desk_terms (
  ward TEXT NOT NULL PRIMARY KEY,
  people TEXT NOT NULL,
  name TEXT NOT NULL,
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""
#: What version 5 added: what readers decided about texts.
_REVIEWS = """
CREATE TABLE reviews (
  id TEXT NOT NULL PRIMARY KEY,
  ward TEXT NOT NULL,
  week TEXT NOT NULL,
  number INTEGER NOT NULL,
  changed TEXT NOT NULL,
  history TEXT NOT NULL,
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX reviews_by_week ON reviews (ward, week);
CREATE INDEX reviews_by_change ON reviews (ward, changed);
"""
#: and the versions of a report's mail.
_VERSIONS = """
ALTER TABLE reports ADD COLUMN versions TEXT NOT NULL DEFAULT '';
"""
#: What version 7 added: what cases are found by.
_FOUND_BY = """
ALTER TABLE cases ADD COLUMN open_since TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN changed_on TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN answered_on TEXT NOT NULL DEFAULT '';
DROP INDEX cases_by_ward;
CREATE INDEX cases_by_week ON cases (ward, week);
CREATE INDEX cases_open ON cases (ward, open_since) WHERE open_since > '';
CREATE INDEX cases_by_change ON cases (ward, changed_on);
CREATE INDEX cases_answered ON cases (ward, answered_on) WHERE answered_on > '';
"""
#: What version 10 added: decisions that say what a text is about and nothing else.
_ONLY_THEME = "ALTER TABLE reviews ADD COLUMN only_theme INTEGER NOT NULL DEFAULT 0;"
#: What version 12 added: the days that answers promise something by.
_PROMISED = """
ALTER TABLE cases ADD COLUMN promised_by TEXT NOT NULL DEFAULT '';
CREATE INDEX cases_promised ON cases (ward, promised_by) WHERE promised_by > '';
"""
#: What version 14 added: since when cases are over.
_OVER = """
ALTER TABLE cases ADD COLUMN over_since TEXT NOT NULL DEFAULT '';
CREATE INDEX cases_over ON cases (ward, over_since) WHERE over_since > '';
"""
#: What version 8 added: mails owed to units, and what citizens say of the answers they got.
_UNITS = """
CREATE TABLE unit_mails (
  id TEXT NOT NULL PRIMARY KEY,
  ward TEXT NOT NULL,
  unit TEXT NOT NULL,
  recipient TEXT NOT NULL,
  kind TEXT NOT NULL,
  made_on TEXT NOT NULL,
  tasks TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  not_before INTEGER,
  lease_until INTEGER,
  reason TEXT NOT NULL,
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_mails_by_state ON unit_mails (ward, state);

CREATE TABLE verdicts (
  id TEXT NOT NULL PRIMARY KEY,
  ward TEXT NOT NULL,
  case_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  given_on TEXT NOT NULL,
  week TEXT NOT NULL,
  words TEXT NOT NULL,
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX verdicts_by_week ON verdicts (ward, week);
"""

#: What version 9 added: what a form's commitment is made from, and the list that a report publishes.
_COUNTED = """
ALTER TABLE submissions ADD COLUMN seed TEXT NOT NULL DEFAULT '';
ALTER TABLE reports ADD COLUMN counted TEXT NOT NULL DEFAULT '';
"""

#: What version 13 added: what was typed into another system.
_TYPED = """
CREATE TABLE typed_weeks (
  id TEXT NOT NULL PRIMARY KEY,
  ward TEXT NOT NULL,
  target TEXT NOT NULL,
  week TEXT NOT NULL,
  year INTEGER NOT NULL,
  history TEXT NOT NULL,
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX typed_weeks_by_year ON typed_weeks (ward, year);
"""

SCHEMA = (
    f"""
CREATE TABLE submissions (
  id TEXT NOT NULL PRIMARY KEY,
  ward TEXT NOT NULL,
  place TEXT NOT NULL,
  channel TEXT NOT NULL,
  assisted INTEGER NOT NULL,
  questionnaire TEXT NOT NULL,
  round TEXT NOT NULL,
  answers TEXT NOT NULL,
  text TEXT NOT NULL,
  service TEXT NOT NULL,
  flags TEXT NOT NULL,
  digest TEXT NOT NULL,
  received_at INTEGER,
  week TEXT,
  received_on TEXT,
  batch TEXT NOT NULL DEFAULT '',
  erased_on TEXT,
  text_kind TEXT NOT NULL DEFAULT '',
  do_not_quote INTEGER NOT NULL DEFAULT 0,
  CHECK ((received_at IS NULL) = (week IS NOT NULL) AND (week IS NULL) = (received_on IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX submissions_unstamped ON submissions (ward, received_at) WHERE received_at IS NOT NULL;
CREATE INDEX submissions_by_week ON submissions (ward, week);

CREATE TABLE heads (
  ward TEXT NOT NULL PRIMARY KEY,
  last_week TEXT,
  last_year INTEGER NOT NULL DEFAULT 0,
  last_number INTEGER NOT NULL,
  last_digest TEXT NOT NULL,
  pending TEXT NOT NULL DEFAULT '',
  owner TEXT NOT NULL,
  lease_until INTEGER,
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE contents (
  name TEXT NOT NULL PRIMARY KEY,
  sha256 TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

{_REPORTS}

CREATE TABLE deliveries (
  id TEXT NOT NULL PRIMARY KEY,
  ward TEXT NOT NULL,
  week TEXT NOT NULL,
  edition TEXT NOT NULL DEFAULT 'week',
  recipient TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  not_before INTEGER,
  lease_until INTEGER,
  reason TEXT NOT NULL,
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_by_week ON deliveries (ward, week);
"""
    + _CASES
    + _DESK_TERMS
    + _PAPER_BATCHES
    + _REVIEWS
    + _VERSIONS
    + _FOUND_BY
    + _UNITS
    + _COUNTED
    + _ONLY_THEME
    + _PROMISED
    + _TYPED
    + _OVER
)

#: What brings a file of each earlier version to the next one, as one transaction.
MIGRATIONS = {
    # Reports got editions (corrections, rounds, years) and a year that their number counts in.
    1: f"""
ALTER TABLE heads ADD COLUMN last_year INTEGER NOT NULL DEFAULT 0;
ALTER TABLE heads ADD COLUMN pending TEXT NOT NULL DEFAULT '';
UPDATE heads SET last_year = CAST(substr(last_week, 1, 4) AS INTEGER) WHERE last_week IS NOT NULL;
ALTER TABLE deliveries ADD COLUMN edition TEXT NOT NULL DEFAULT 'week';
ALTER TABLE reports RENAME TO reports_1;
{_REPORTS}
INSERT INTO reports
SELECT ward, week, 'week', CAST(substr(week, 1, 4) AS INTEGER), number, frozen_on, recipients, tally,
  content, previous_digest, digest FROM reports_1;
DROP TABLE reports_1;
""",
    2: _CASES,
    # The times of receipt of what is not closed yet become marks of ten minutes.
    3: _DESK_TERMS
    + _PAPER_BATCHES
    + """
ALTER TABLE submissions ADD COLUMN batch TEXT NOT NULL DEFAULT '';
ALTER TABLE submissions ADD COLUMN erased_on TEXT;
UPDATE submissions SET received_at = received_at - received_at % 600000000 WHERE received_at IS NOT NULL;
""",
    # What a text is, and the wish that it be not quoted.
    4: _REVIEWS
    + _VERSIONS
    + """
ALTER TABLE submissions ADD COLUMN text_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE submissions ADD COLUMN do_not_quote INTEGER NOT NULL DEFAULT 0;
""",
    # Cases that are joined with others: steps that an earlier program cannot read, in the same table.
    5: "",
    6: _FOUND_BY,
    7: _UNITS,
    8: _COUNTED,
    9: _ONLY_THEME,
    # Cases that bring back an answered one: a step that an earlier program cannot read.
    10: "",
    11: _PROMISED,
    12: _TYPED,
    13: _OVER,
}
