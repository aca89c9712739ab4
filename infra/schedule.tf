# The jobs of schedules.json, which scripts/serve runs on one machine just so.
locals {
  jobs = { for job in jsondecode(file("${path.module}/schedules.json")) : job.job => job }
}

resource "google_cloud_scheduler_job" "this" {
  for_each         = local.jobs
  name             = "${var.name}-${each.key}"
  description      = each.value.does
  region           = var.region
  schedule         = each.value.cron
  time_zone        = each.value.zone
  attempt_deadline = "${local.limits.job.seconds + 60}s" # above the function's own time, else it runs twice at once

  # A function answers 503 while anything is owed: these retries are what sends it in the end.
  retry_config {
    retry_count          = 5
    min_backoff_duration = "60s"
    max_backoff_duration = "600s"
    max_doublings        = 3
  }

  http_target {
    http_method = "POST"
    # The run.app address: the only one that internal ingress admits the scheduler to.
    uri     = "${google_cloudfunctions2_function.this[each.value.function].service_config[0].uri}${each.value.path}"
    body    = base64encode("{}")
    headers = { "Content-Type" = "application/json" }

    # For the service and not for the path: a token for an address with a path gets 401.
    oidc_token {
      service_account_email = google_service_account.scheduler.email
      audience              = "${google_cloudfunctions2_function.this[each.value.function].service_config[0].uri}/"
    }
  }

  depends_on = [google_cloud_run_v2_service_iam_member.scheduler]

  lifecycle {
    precondition {
      condition     = !local.functions[each.value.function].public
      error_message = "schedules.json: ${each.value.function} is public; a job's function is called by the scheduler only."
    }
  }
}
