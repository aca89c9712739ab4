# What a person is told about. Each condition is charged for, about 0.10 USD a month.
locals {
  job_names      = [for job in google_cloud_scheduler_job.this : job.name]
  any_service    = "${var.name}-(${join("|", keys(local.functions))})"
  public_service = "${var.name}-(${join("|", [for name, function in local.functions : name if function.public])})"
}

resource "google_monitoring_notification_channel" "email" {
  display_name = "${var.name}: maintainers"
  type         = "email"
  labels       = { email_address = var.alert_email }
  depends_on   = [google_project_service.this]
}

# The scheduler logs every failed attempt as an ERROR, whatever the reason: 503, no answer, 403, a
# wrong address. The functions log a missing report, a store that refuses and a crash as ERROR.
resource "google_monitoring_alert_policy" "failures" {
  display_name = "${var.name}: the report is missing, or a function failed"
  combiner     = "OR"
  severity     = "ERROR"

  conditions {
    display_name = "An ERROR of a job or of a function"
    condition_matched_log {
      filter = join(" OR ", [
        "(resource.type=\"cloud_scheduler_job\" AND severity>=ERROR AND resource.labels.job_id=(${join(" OR ", formatlist("\"%s\"", local.job_names))}))",
        "(resource.type=\"cloud_run_revision\" AND severity>=ERROR AND resource.labels.service_name=~\"^${local.any_service}$\" AND NOT log_id(\"run.googleapis.com/requests\"))",
      ])
    }
  }
  alert_strategy {
    notification_rate_limit {
      period = "3600s" # has to be given for conditions on logs
    }
    auto_close = "86400s"
  }
  documentation {
    mime_type = "text/markdown"
    content   = "infra/OPERATE.md, «When something fails»."
  }
  notification_channels = [google_monitoring_notification_channel.email.id]
}

# By the metric and not by the log, which is not kept for the citizens' functions.
resource "google_monitoring_alert_policy" "errors" {
  display_name = "${var.name}: citizens get error pages"
  combiner     = "OR"
  severity     = "ERROR"

  conditions {
    # One is enough: a ward takes fifty forms a week, and each is somebody's words.
    display_name = "An answer of 5xx within 5 minutes"
    condition_threshold {
      filter          = "resource.type=\"cloud_run_revision\" AND metric.type=\"run.googleapis.com/request_count\" AND metric.labels.response_code_class=\"5xx\" AND resource.labels.service_name=monitoring.regex.full_match(\"${local.public_service}\")"
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"
      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }
  alert_strategy {
    auto_close = "86400s"
  }
  documentation {
    mime_type = "text/markdown"
    content   = "infra/OPERATE.md, «When something fails»."
  }
  notification_channels = [google_monitoring_notification_channel.email.id]
}

resource "google_monitoring_alert_policy" "people" {
  display_name = "${var.name}: a person read or changed the database"
  combiner     = "OR"
  severity     = "WARNING"

  conditions {
    display_name = "Access to documents, or to the database itself, by anyone but the functions"
    condition_matched_log {
      # Documents are read and written in the one log; exports, imports, restores and deletions of the
      # database are in the other.
      filter = "(log_id(\"cloudaudit.googleapis.com/data_access\") OR log_id(\"cloudaudit.googleapis.com/activity\")) AND protoPayload.serviceName=(\"firestore.googleapis.com\" OR \"datastore.googleapis.com\") AND NOT protoPayload.authenticationInfo.principalEmail=~\"^${local.any_service}@\""
    }
  }
  alert_strategy {
    notification_rate_limit {
      period = "3600s"
    }
    auto_close = "86400s"
  }
  documentation {
    mime_type = "text/markdown"
    content   = "A backup or a restore by the maintainer also shows up here. If it was neither: infra/OPERATE.md, «When something fails»."
  }
  notification_channels = [google_monitoring_notification_channel.email.id]
}
