# A role that the functions take on with the identity Google gives them: no key to keep, leak or
# rotate. functions/homthu/adapters/mail/google_identity.py is the other half.
locals {
  # The audience that the functions ask for. Amazon compares it with `oaud`; for a Google service
  # account its own `aud` is the token's authorised party, the account's unique id.
  audience = "sts.amazonaws.com"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["accounts.google.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "accounts.google.com:sub"
      values   = var.google_accounts
    }
    condition {
      test     = "StringEquals"
      variable = "accounts.google.com:aud"
      values   = var.google_accounts
    }
    condition {
      test     = "StringEquals"
      variable = "accounts.google.com:oaud"
      values   = [local.audience]
    }
  }
}

data "aws_iam_policy_document" "send" {
  statement {
    actions   = ["ses:SendEmail", "ses:SendRawEmail"]
    resources = [aws_ses_domain_identity.this.arn]
    condition {
      test     = "StringEquals"
      variable = "ses:FromAddress"
      values   = [var.sender]
    }
  }
}

resource "aws_iam_role" "report" {
  name                 = "${var.name}-report"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 3600
}

resource "aws_iam_role_policy" "send" {
  name   = "send-reports"
  role   = aws_iam_role.report.name
  policy = data.aws_iam_policy_document.send.json
}
