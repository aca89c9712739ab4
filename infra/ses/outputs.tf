output "role_arn" {
  description = "mail.role_arn of infra/."
  value       = aws_iam_role.report.arn
}

output "dns_records" {
  description = "Records to make, so that mail from the domain is believed."
  value = concat(
    [for token in aws_ses_domain_dkim.this.dkim_tokens :
    { name = "${token}._domainkey.${var.domain}", type = "CNAME", value = "${token}.dkim.amazonses.com" }],
    [
      { name = "bounce.${var.domain}", type = "MX", value = "10 feedback-smtp.${var.region}.amazonses.com" },
      { name = "bounce.${var.domain}", type = "TXT", value = "v=spf1 include:amazonses.com ~all" },
      { name = "_dmarc.${var.domain}", type = "TXT", value = "v=DMARC1; p=none" },
    ],
  )
}
