# One account a function, with the rights of its entry in functions.tf and no more. Nobody here may
# delete a document.
resource "google_service_account" "function" {
  for_each     = local.functions
  account_id   = "${var.name}-${each.key}"
  display_name = "${var.name}: ${each.value.description}"
  depends_on   = [google_project_service.this]
}

resource "google_service_account" "scheduler" {
  account_id   = "${var.name}-scheduler"
  display_name = "${var.name}: calls the functions that nobody else may call"
  depends_on   = [google_project_service.this]
}

# Roles of our own: each of Google's that can create a document can also change or delete one.
resource "google_project_iam_custom_role" "function" {
  for_each    = { for name, function in local.functions : name => function if length(function.permissions) > 0 }
  role_id     = replace("${var.name}_${each.key}", "-", "_")
  title       = "${var.name}: what ${each.key} does with the database"
  permissions = each.value.permissions
  depends_on  = [google_project_service.this]
}

resource "google_project_iam_member" "function" {
  for_each = google_project_iam_custom_role.function
  project  = var.project_id
  role     = each.value.id
  member   = google_service_account.function[each.key].member
}
