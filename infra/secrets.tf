# Secrets are made by scripts/deploy, so that their values never meet Terraform's state; here is only
# who may read which. A destroy leaves them: without the first no reference leads to its submission.
locals {
  # One a purpose, so that what the whole world may call holds nothing that opens the desk.
  secrets = {
    secret   = "${var.name}-secret" # of references; named when there was one for all
    receipts = "${var.name}-receipts"
    desk     = "${var.name}-desk"
    mail     = "${var.name}-mail"
  }
  secret_of = {
    HOMTHU_SECRET_REFERENCES = "secret"
    HOMTHU_SECRET_RECEIPTS   = "receipts"
    HOMTHU_SECRET_DESK       = "desk"
  }
  secret_folder = "/etc/homthu"
  secret_file   = "secret"
  secret_paths  = { for setting, secret in local.secret_of : setting => "${local.secret_folder}/${secret}/${local.secret_file}" }
  secret_readers = merge([
    for name, function in local.functions : {
      for setting in function.settings : "${name}-${local.secret_of[setting]}" => { function = name, secret = local.secret_of[setting] }
      if contains(keys(local.secret_of), setting)
    }
  ]...)
  functions_with_mail        = [for name, function in local.functions : name if contains(function.settings, "HOMTHU_MAIL")]
  functions_with_mail_secret = var.mail.way == "smtp" ? local.functions_with_mail : []
}

resource "google_secret_manager_secret_iam_member" "secret" {
  for_each  = local.secret_readers
  secret_id = local.secrets[each.value.secret]
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.function[each.value.function].member
}

moved {
  from = google_secret_manager_secret_iam_member.secret["board"]
  to   = google_secret_manager_secret_iam_member.secret["board-secret"]
}

moved {
  from = google_secret_manager_secret_iam_member.secret["submit"]
  to   = google_secret_manager_secret_iam_member.secret["submit-secret"]
}

resource "google_secret_manager_secret_iam_member" "mail" {
  for_each  = toset(local.functions_with_mail_secret)
  secret_id = local.secrets.mail
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.function[each.key].member
}
