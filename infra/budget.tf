# Tells about the bill; it does not stop anything. The bound is public_instances.
data "google_project" "this" {
  count      = var.budget == null ? 0 : 1
  project_id = var.project_id
}

resource "google_billing_budget" "this" {
  count           = var.budget == null ? 0 : 1
  billing_account = var.budget.billing_account
  display_name    = "${var.name} (${var.project_id})"

  budget_filter {
    projects = ["projects/${data.google_project.this[0].number}"]
  }
  amount {
    specified_amount {
      units = tostring(var.budget.amount) # without a currency: that of the billing account
    }
  }
  threshold_rules {
    threshold_percent = 0.5
  }
  threshold_rules {
    threshold_percent = 0.9
  }
  threshold_rules {
    threshold_percent = 1
  }
  all_updates_rule {
    monitoring_notification_channels = [google_monitoring_notification_channel.email.id]
  }
  depends_on = [google_project_service.this]
}
