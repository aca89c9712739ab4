# What citizens wrote, and the ledger of reports. Neither a destroy nor a mistake here deletes it.
locals {
  # The indexes that the queries in functions/homthu/adapters/firestore/queries.py need; a test holds
  # the two lists together, since the emulator answers a query without its index and Google does not.
  indexes = {
    submissions-by-time = { collection = "submissions", fields = ["ward", "received_at"] }
    submissions-by-week = { collection = "submissions", fields = ["ward", "week"] }
    cases-open          = { collection = "cases", fields = ["ward", "open_since"] }
    cases-by-change     = { collection = "cases", fields = ["ward", "changed_on"] }
    cases-answered      = { collection = "cases", fields = ["ward", "answered_on DESC"] }
    cases-over          = { collection = "cases", fields = ["ward", "over_since"] }
    cases-promised      = { collection = "cases", fields = ["ward", "promised_by"] }
    reviews-by-change   = { collection = "reviews", fields = ["ward", "changed"] }
  }
  # Free text and maps are never searched; a time that only grows makes its index a hot spot.
  unindexed = {
    submissions = ["answers", "digest", "flags", "received_at", "seed", "text"]
    reports     = ["tally"]
    contents    = ["bytes", "sha256"]
    cases       = ["answered_on", "changed_on", "history", "open_since", "over_since", "promised_by"]
    reviews     = ["history"]
    link_mails  = ["sent_at"]
    unit_mails  = ["tasks"]
    verdicts    = ["words"]
    typed_weeks = ["history"]
  }
  # What is of no use after a while, and the field with the time from which on Firestore deletes it.
  # Submissions, reports and cases stay.
  expiring    = { link_mails = "expires_at" }
  day_seconds = 86400
}

resource "google_firestore_database" "this" {
  name                              = "(default)" # the only one with a free quota
  location_id                       = coalesce(var.database_region, var.region)
  type                              = "FIRESTORE_NATIVE"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = var.deletion_protection ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
  deletion_policy                   = var.deletion_protection ? "ABANDON" : "DELETE"
  depends_on                        = [google_project_service.this]
}

resource "google_firestore_backup_schedule" "daily" {
  database  = google_firestore_database.this.name
  retention = "${28 * local.day_seconds}s"
  daily_recurrence {}
}

resource "google_firestore_index" "this" {
  for_each   = local.indexes
  database   = google_firestore_database.this.name
  collection = each.value.collection

  dynamic "fields" {
    for_each = each.value.fields
    content {
      field_path = split(" ", fields.value)[0]
      order      = endswith(fields.value, " DESC") ? "DESCENDING" : "ASCENDING"
    }
  }
}

resource "google_firestore_field" "unindexed" {
  for_each   = { for pair in flatten([for c, fields in local.unindexed : [for f in fields : { collection = c, field = f }]]) : "${pair.collection}.${pair.field}" => pair }
  database   = google_firestore_database.this.name
  collection = each.value.collection
  field      = each.value.field
  index_config {} # an empty one means: no index at all
}

resource "google_firestore_field" "expiring" {
  for_each   = local.expiring
  database   = google_firestore_database.this.name
  collection = each.key
  field      = each.value
  ttl_config {}
  index_config {} # a time that only grows, and that nothing is searched by
}

# Browsers and phones never speak to Firestore: refuse them all. The functions go by IAM.
resource "google_firebaserules_ruleset" "closed" {
  source {
    files {
      name    = "firestore.rules"
      content = <<-EOT
        rules_version = '2';
        service cloud.firestore {
          match /databases/{database}/documents {
            match /{document=**} {
              allow read, write: if false;
            }
          }
        }
      EOT
    }
  }
  depends_on = [google_firestore_database.this, google_project_service.this]
}

resource "google_firebaserules_release" "firestore" {
  name         = "cloud.firestore"
  ruleset_name = google_firebaserules_ruleset.closed.name

  # A ruleset cannot be changed, only replaced, and not while a release points to it.
  lifecycle {
    replace_triggered_by = [google_firebaserules_ruleset.closed]
  }
}
