# Secrets are made by scripts/deploy, so that their values never meet Terraform's state; here is only
# who may read which. A destroy leaves them: without the secret no reference leads to its submission.
locals {
  secrets = {
    secret = "${var.name}-secret"
    mail   = "${var.name}-mail"
  }
  functions_with_secret      = [for name, function in local.functions : name if contains(function.settings, "HOMTHU_SECRET")]
  functions_with_mail_secret = [for name, function in local.functions : name if contains(function.settings, "HOMTHU_MAIL") && var.mail.way == "smtp"]
}

resource "google_secret_manager_secret_iam_member" "secret" {
  for_each  = toset(local.functions_with_secret)
  secret_id = local.secrets.secret
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.function[each.key].member
}

resource "google_secret_manager_secret_iam_member" "mail" {
  for_each  = toset(local.functions_with_mail_secret)
  secret_id = local.secrets.mail
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.function[each.key].member
}
