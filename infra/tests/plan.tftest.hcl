# `terraform test` (1.7 or later): no credentials and no Google. mock_provider invents what Google
# would compute and needs the provider only for its schemas and its validation, so this also runs
# against the real one: terraform -chdir=infra init -backend=false && terraform -chdir=infra test
mock_provider "google" {
  mock_resource "google_service_account" {
    defaults = {
      email  = "account@gop-y-thu-nghiem.iam.gserviceaccount.com"
      member = "serviceAccount:account@gop-y-thu-nghiem.iam.gserviceaccount.com"
      id     = "projects/gop-y-thu-nghiem/serviceAccounts/account@gop-y-thu-nghiem.iam.gserviceaccount.com"
    }
  }
  mock_resource "google_cloudfunctions2_function" {
    defaults = {
      service_config = { uri = "https://homthu-report-abc-as.a.run.app" }
    }
  }
}

variables {
  project_id      = "gop-y-thu-nghiem"
  archive         = "routes.json" # any file: only its digest counts
  sender          = "bao-cao@gopy.example.org"
  alert_email     = "van-hanh@example.org"
  mail            = { way = "ses", role_arn = "arn:aws:iam::123456789012:role/homthu-report" }
  secret_versions = { secret = "1", receipts = "1", desk = "1" }
}

run "the_report_leaves_on_monday_at_seven" {
  assert {
    condition     = google_cloud_scheduler_job.this["report"].schedule == "0 7 * * 1" && google_cloud_scheduler_job.this["report"].time_zone == "Asia/Ho_Chi_Minh"
    error_message = "The report leaves on Monday at 7:00, Viet Nam's time."
  }
  assert {
    condition     = alltrue([for job in google_cloud_scheduler_job.this : job.http_target[0].oidc_token[0].audience == "https://homthu-report-abc-as.a.run.app/"])
    error_message = "The token is for the service that is called, and names no path."
  }
  assert {
    condition     = tonumber(trimsuffix(google_cloud_scheduler_job.this["report"].attempt_deadline, "s")) > google_cloudfunctions2_function.this["report"].service_config[0].timeout_seconds
    error_message = "The scheduler waits longer than the function may take."
  }
}

run "the_next_report_is_rehearsed_on_friday_at_eight" {
  assert {
    condition     = google_cloud_scheduler_job.this["rehearsal"].schedule == "0 8 * * 5" && google_cloud_scheduler_job.this["rehearsal"].time_zone == "Asia/Ho_Chi_Minh"
    error_message = "A fault is found while people are at work."
  }
  assert {
    condition     = google_cloud_scheduler_job.this["rehearsal"].http_target[0].uri == "https://homthu-report-abc-as.a.run.app/rehearsal"
    error_message = "The rehearsal has an address of its own: at any other, mail would go out."
  }
}

run "only_the_citizens_and_the_committees_functions_are_public" {
  assert {
    condition     = keys(google_cloud_run_v2_service_iam_member.public) == ["board", "desk", "form", "submit", "withdraw"]
    error_message = "Nobody but the scheduler may call the other functions."
  }
  assert {
    condition     = alltrue([for name in ["report", "watch"] : google_cloudfunctions2_function.this[name].service_config[0].ingress_settings == "ALLOW_INTERNAL_ONLY"])
    error_message = "The jobs cannot be reached from the internet."
  }
}

run "the_smtp_password_comes_from_secret_manager" {
  variables {
    mail            = { way = "smtp" }
    secret_versions = { secret = "1", receipts = "1", desk = "1", mail = "4" }
  }
  assert {
    condition     = alltrue([for name in ["report", "watch"] : google_cloudfunctions2_function.this[name].service_config[0].secret_environment_variables[0].version == "4"])
    error_message = "Report and watch read HOMTHU_MAIL from its secret, in the version that was asked for."
  }
  assert {
    condition     = !contains(keys(google_cloudfunctions2_function.this["report"].service_config[0].environment_variables), "HOMTHU_MAIL")
    error_message = "HOMTHU_MAIL is not in the open as well."
  }
}

run "a_mode_that_does_not_exist_is_refused" {
  command = plan
  variables {
    mode = "closed"
  }
  expect_failures = [var.mode]
}

run "a_version_that_changes_by_itself_is_refused" {
  command = plan
  variables {
    secret_versions = { secret = "1", receipts = "1", desk = "latest" }
  }
  expect_failures = [var.secret_versions]
}

run "ses_without_its_role_is_refused" {
  command = plan
  variables {
    mail = { way = "ses" }
  }
  expect_failures = [var.mail]
}
