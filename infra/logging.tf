# What logs keep of citizens and of those who look at what they wrote.
locals {
  public_services = [for name, function in local.functions : "${var.name}-${name}" if function.public]
}

# Cloud Run logs every request with address and browser by itself. For the citizens' functions these
# entries are thrown away before they are stored.
resource "google_logging_project_exclusion" "citizens" {
  name        = "${var.name}-citizens"
  description = "Requests of citizens: address, browser, time"
  filter      = "resource.type=\"cloud_run_revision\" AND log_id(\"run.googleapis.com/requests\") AND resource.labels.service_name=(${join(" OR ", formatlist("\"%s\"", local.public_services))})"
  depends_on  = [google_project_service.this]
}

resource "google_logging_project_bucket_config" "default" {
  project        = var.project_id
  location       = "global"
  bucket_id      = "_Default"
  retention_days = var.log_days
  depends_on     = [google_project_service.this]
}

# Whoever reads or changes documents without being one of our functions leaves a trace. The service
# name covers firestore.googleapis.com as well (Firestore's page on audit logging).
resource "google_project_iam_audit_config" "people" {
  project = var.project_id
  service = "datastore.googleapis.com"

  dynamic "audit_log_config" {
    for_each = toset(["DATA_READ", "DATA_WRITE"])
    content {
      log_type         = audit_log_config.value
      exempted_members = [for account in google_service_account.function : account.member]
    }
  }
}
