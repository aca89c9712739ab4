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

output "report_account" {
  description = "For infra/ses: the account that the AWS role trusts, and that of the watch."
  value       = { for name in ["report", "watch"] : name => google_service_account.function[name].unique_id }
}

output "dns_records" {
  description = "Records to make for the domain of one's own."
  value       = try(google_firebase_hosting_custom_domain.this[0].required_dns_updates, [])
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
