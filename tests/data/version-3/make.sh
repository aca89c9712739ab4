#!/bin/sh
# Makes the data that the tests of upgrades open: run in a checkout of commit 4bbec14. FOLDER is made.
set -eu
data=$1
scripts/seed-demo --ward 07207 --data "$data" --weeks 1 --submissions 12 --as-of 2025-12-29T00:00+07:00
scripts/report --ward 07207 --data "$data" --as-of 2025-12-29T07:00+07:00
# An erasure, and the correction that it calls for.
sqlite3 "$data/hom-thu.db" "DELETE FROM submissions WHERE id = (SELECT min(id) FROM submissions)"
scripts/report --ward 07207 --data "$data" --as-of 2025-12-30T07:00+07:00 --correct 2025-W51 --reason "Rút một phiếu"
# Forms of a week that is not closed yet, the last of them opened as a case, and a link mailed to the desk.
scripts/seed-demo --ward 07207 --data "$data" --weeks 1 --submissions 5 --seed 2 --as-of 2026-01-05T00:00+07:00
sqlite3 "$data/hom-thu.db" "INSERT INTO cases SELECT id, ward, place, service, week, 0,
  '[{\"action\":\"open\",\"subject\":\"\",\"text\":\"\",\"due_on\":null,\"who\":\"A\",\"on\":\"2025-12-30\",\"once\":\"k\"}]', 1
  FROM submissions WHERE week = '2025-W51' AND text <> '' ORDER BY id LIMIT 1"
sqlite3 "$data/hom-thu.db" "INSERT INTO link_mails VALUES ('abababab', 1767056400000000, 1)"
scripts/backup --data "$data" --out "$data/backup.gz"
gzip -9nk "$data/hom-thu.db"
