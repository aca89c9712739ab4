locals {
  domain              = try(google_firebase_hosting_custom_domain.this[0], null)
  domain_updates      = local.domain == null ? [] : local.domain.required_dns_updates
  certificate_updates = local.domain == null ? [] : flatten([for one in flatten(local.domain.cert[*].verification) : one.dns])
}

output "url" {
  description = "Address of the box."
  value       = local.base_url
}

output "site_url" {
  description = "Address that works before the records of a domain of one's own do."
  value       = "https://${local.site}.web.app"
}

output "region" {
  description = "Where the jobs are."
  value       = var.region
}

output "jobs" {
  description = "Name of each of the scheduler's jobs."
  value       = { for key, job in google_cloud_scheduler_job.this : key => job.name }
}

output "services" {
  description = "Cloud Run service of each function."
  value       = { for key, function in google_cloudfunctions2_function.this : key => function.name }
}

output "site" {
  description = "Firebase Hosting site."
  value       = local.site
}

output "archive" {
  description = "The source that is deployed."
  value       = "gs://${google_storage_bucket.source.name}/${google_storage_bucket_object.source.name}"
}

output "mail_accounts" {
  description = "For infra/ses: the accounts that the AWS role trusts, those of every function that mails."
  value       = { for name in local.functions_with_mail : name => google_service_account.function[name].unique_id }
}

output "pipeline" {
  description = "What the workflows are told, as variables of the repository: infra/README.md, «Pipeline»."
  value = local.has_pipeline ? {
    GOOGLE_PROVIDER = google_iam_workload_identity_pool_provider.github[0].name
    GOOGLE_PLANNER  = google_service_account.pipeline["plan"].email
    GOOGLE_DEPLOYER = google_service_account.pipeline["deploy"].email
    HOMTHU_PROJECT  = var.project_id
  } : {}
}

output "domain_state" {
  description = "HOST_ACTIVE when the domain of one's own leads to the box; empty without one."
  value       = try(google_firebase_hosting_custom_domain.this[0].host_state, "")
}

# Those that lead the domain to the box, and those by which a certificate is given for it: Google asks
# for the latter apart while the domain still leads elsewhere (terraform-provider-google#16873).
output "dns_records" {
  description = "Records to make for the domain of one's own: name, type, value, and whether to ADD or REMOVE it."
  value = distinct([
    for record in flatten([
      for update in concat(local.domain_updates, local.certificate_updates) :
      [for name in update.desired : name.records]
      ]) : {
      name   = record.domain_name
      type   = record.type
      value  = record.rdata
      action = record.required_action
    }
  ])
}

output "next_steps" {
  description = "What a person still has to do."
  value = concat(
    var.custom_domain == "" ? [] : ["Make the DNS records of the output dns_records for ${var.custom_domain}."],
    var.mail.way == "ses" ? ["Ask Amazon to let SES out of its sandbox, and make the DNS records of infra/ses."] : [],
    var.budget == null ? ["Set `budget`: without it nobody is told about a growing bill."] : [],
    ["Confirm the mail that Google sent to ${var.alert_email} about alerts."],
  )
}
