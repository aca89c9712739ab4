# Whether the box answers, looked at from outside: this needs no function of ours that is called, no log
# and no schedule, so it also notices a dead scheduler, a page that the world may no longer call, a
# domain that leads elsewhere and a certificate that has run out.
locals {
  # The domain of one's own as soon as it leads here.
  looked_at_host = try(local.domain.host_state, "") == "HOST_ACTIVE" ? var.custom_domain : "${local.site}.web.app"

  looks = merge(
    { for name, function in local.functions : name => merge(function.look, { contains = "</html>" }) if function.public && can(function.look) },
    # The absence alert: a weekly report is too rare for one on logs or metrics, which look back a day.
    { report = { path = "/suc-khoe", method = "GET", status = 200, contains = "\"in time\"" } },
  )
}

resource "google_monitoring_uptime_check_config" "this" {
  for_each         = local.looks
  display_name     = "${var.name}: ${each.key}"
  timeout          = "10s"
  period           = each.key == "report" ? "900s" : "300s"
  selected_regions = ["ASIA_PACIFIC", "EUROPE", "USA"] # three are the least that Google takes

  http_check {
    path           = each.value.path
    port           = 443
    use_ssl        = true
    validate_ssl   = true
    request_method = each.value.method
    accepted_response_status_codes {
      status_value = each.value.status
    }
  }
  content_matchers {
    content = each.value.contains
    matcher = "CONTAINS_STRING"
  }
  monitored_resource {
    type = "uptime_url"
    labels = {
      project_id = var.project_id
      host       = local.looked_at_host
    }
  }
  depends_on = [google_project_service.this]
}

resource "google_monitoring_alert_policy" "down" {
  display_name = "${var.name}: the box does not answer from outside, or a report is overdue"
  combiner     = "OR"
  severity     = "CRITICAL"

  conditions {
    display_name = "Two of three places in the world see it"
    condition_threshold {
      filter          = "resource.type=\"uptime_url\" AND metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\" AND metric.labels.check_id=one_of(${join(", ", [for check in google_monitoring_uptime_check_config.this : "\"${check.uptime_check_id}\""])})"
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "600s"
      aggregations {
        alignment_period     = "1200s" # longer than the longest period of a check
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["metric.label.check_id"]
      }
      # No look at all is as bad as one that fails.
      evaluation_missing_data = "EVALUATION_MISSING_DATA_ACTIVE"
    }
  }
  alert_strategy {
    auto_close = "86400s"
  }
  documentation {
    mime_type = "text/markdown"
    content   = "infra/OPERATE.md, «At eleven at night». The name of the check says what does not answer; `report`: a report is overdue, or nobody can say."
  }
  notification_channels = [google_monitoring_notification_channel.email.id]
}
