# One page for whoever is called: what is taken, owed, stuck and slow, from the jobs' own records and
# Cloud Run's metrics. Nothing on it is about a single citizen.
locals {
  job_events = {
    # `watch` logs an alarm for each report that is missing and each mail that is stuck or bounced.
    reports-owed = "jsonPayload.event=\"alarm\" AND jsonPayload.kind=\"report_missing\""
    mails-stuck  = "jsonPayload.event=\"alarm\" AND jsonPayload.kind=(\"delivery_stuck\" OR \"delivery_bounced\" OR \"unit_not_told\" OR \"clerk_not_told\")"
  }
  of_jobs = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"${google_cloudfunctions2_function.this["watch"].name}\""

  # Forms are what `submit` leads on from to the receipt (303).
  charts = [
    { title = "Forms taken, a day", filter = "${local.request_count} AND ${local.of_submit} AND metric.labels.response_code=\"303\"", aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM", period = "86400s" },
    { title = "Reports missing, as the watch saw them", filter = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.this["reports-owed"].name}\" AND resource.type=\"cloud_run_revision\"", aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM", period = "86400s" },
    { title = "Mails stuck or refused, as the watch saw them", filter = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.this["mails-stuck"].name}\" AND resource.type=\"cloud_run_revision\"", aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM", period = "86400s" },
    { title = "Error pages, an hour", filter = "${local.request_count} AND ${local.public_filter} AND metric.labels.response_code_class=\"5xx\"", aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM", period = "3600s" },
    { title = "Slowest of twenty answers (p95), milliseconds", filter = "metric.type=\"run.googleapis.com/request_latencies\" AND ${local.public_filter}", aligner = "ALIGN_PERCENTILE_95", reducer = "REDUCE_MAX", period = "3600s" },
  ]
}

resource "google_logging_metric" "this" {
  for_each    = local.job_events
  name        = "${var.name}/${each.key}"
  description = "Counted for the dashboard"
  filter      = "${local.of_jobs} AND ${each.value}"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
  }
  depends_on = [google_project_service.this]
}

resource "google_monitoring_dashboard" "box" {
  dashboard_json = jsonencode({
    displayName = "${var.name}: the suggestion box"
    mosaicLayout = {
      columns = 12
      tiles = [
        for i, chart in local.charts : {
          xPos   = (i % 2) * 6
          yPos   = floor(i / 2) * 4
          width  = 6
          height = 4
          widget = {
            title = chart.title
            xyChart = {
              dataSets = [{
                plotType = "LINE"
                timeSeriesQuery = {
                  timeSeriesFilter = {
                    filter      = chart.filter
                    aggregation = { alignmentPeriod = chart.period, perSeriesAligner = chart.aligner, crossSeriesReducer = chart.reducer }
                  }
                }
              }]
            }
          }
        }
      ]
    }
  })
  depends_on = [google_project_service.this]
}
