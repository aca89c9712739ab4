# Two service levels, each with its error budget over 28 days: that what citizens send is taken, and that the
# committee has its report. What is spent is told when it is spent fast enough to matter.
locals {
  public_filter = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=monitoring.regex.full_match(\"${local.public_service}\")"
  of_submit     = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"${google_cloudfunctions2_function.this["submit"].name}\""
  request_count = "metric.type=\"run.googleapis.com/request_count\""
}

resource "google_monitoring_custom_service" "box" {
  service_id   = var.name
  display_name = "${var.name}: the suggestion box"
  depends_on   = [google_project_service.this]
}

# 99.5 %: of two hundred forms in 28 days one may meet an error. Counted are forms that were taken, which
# are led on to their receipt (303), and answers of an error: the looks from outside meet neither.
resource "google_monitoring_slo" "taken" {
  service             = google_monitoring_custom_service.box.service_id
  slo_id              = "taken"
  display_name        = "A form that is sent is taken"
  goal                = 0.995
  rolling_period_days = 28

  request_based_sli {
    good_total_ratio {
      good_service_filter = "${local.request_count} AND ${local.of_submit} AND metric.labels.response_code=\"303\""
      bad_service_filter  = "${local.request_count} AND ${local.of_submit} AND metric.labels.response_code_class=\"5xx\""
    }
  }
}

# 99 %: four reports in 28 days may together be six hours late.
resource "google_monitoring_slo" "reported" {
  service             = google_monitoring_custom_service.box.service_id
  slo_id              = "reported"
  display_name        = "No report is overdue"
  goal                = 0.99
  rolling_period_days = 28

  windows_based_sli {
    window_period          = "3600s"
    good_bad_metric_filter = "resource.type=\"uptime_url\" AND metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\" AND metric.labels.check_id=\"${google_monitoring_uptime_check_config.this["report"].uptime_check_id}\""
  }
}

# A fourteenth of the 28 days' budget in an hour: what goes on so is spent in two days.
resource "google_monitoring_alert_policy" "budget_spent" {
  display_name = "${var.name}: the error budget is being spent fast"
  combiner     = "OR"
  severity     = "WARNING"

  conditions {
    display_name = "Citizens' errors, over an hour"
    condition_threshold {
      filter          = "select_slo_burn_rate(\"${google_monitoring_slo.taken.name}\", \"3600s\")"
      comparison      = "COMPARISON_GT"
      threshold_value = 14
      duration        = "0s"
    }
  }
  alert_strategy {
    auto_close = "86400s"
  }
  documentation {
    mime_type = "text/markdown"
    content   = "infra/OPERATE.md, «Levels»."
  }
  notification_channels = [google_monitoring_notification_channel.email.id]
}
