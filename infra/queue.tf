# For a province: a task a ward, so that a slow one delays no other. One ward, or a few, need none.
locals {
  has_queue = var.wards_at_once > 1
  queue     = "${var.name}-report"
  # Who goes through all wards: the functions that the scheduler calls.
  queued = toset([for name, function in local.functions : name if local.has_queue && !function.public])
}

resource "google_cloud_tasks_queue" "report" {
  count    = local.has_queue ? 1 : 0
  name     = local.queue
  location = var.region

  # What bounds how fast the mail provider is spoken to.
  rate_limits {
    max_concurrent_dispatches = var.wards_at_once
    max_dispatches_per_second = 5
  }

  # A job answers 503 while anything is owed to the ward: twenty calls go on for some three hours.
  # What is still owed then, `watch` has told by 09:00.
  retry_config {
    max_attempts  = 20
    min_backoff   = "60s"
    max_backoff   = "600s"
    max_doublings = 3
  }

  depends_on = [google_project_service.this]
}

# The jobs put tasks into this queue and into no other …
resource "google_cloud_tasks_queue_iam_member" "job" {
  for_each = local.queued
  name     = google_cloud_tasks_queue.report[0].name
  location = var.region
  role     = "roles/cloudtasks.enqueuer"
  member   = google_service_account.function[each.key].member
}

# … which call back as the scheduler does: whoever makes a task may act as the account it calls as.
resource "google_service_account_iam_member" "job" {
  for_each           = local.queued
  service_account_id = google_service_account.scheduler.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.function[each.key].member
}
