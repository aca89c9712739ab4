variable "project_id" {
  description = "Google Cloud project that holds everything."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project id has 6 to 30 lower-case letters, digits and hyphens."
  }
}

variable "archive" {
  description = "Archive of the functions' source, made by scripts/deploy."
  type        = string
}

variable "sender" {
  description = "Address that reports and alarms are sent from (HOMTHU_SENDER)."
  type        = string
  validation {
    condition     = can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.sender))
    error_message = "sender is one e-mail address."
  }
}

variable "bounces_to" {
  description = "Address to which mail servers send notices of non-delivery (HOMTHU_BOUNCES_TO); null for the sender's."
  type        = string
  default     = null
  validation {
    condition     = var.bounces_to == null || can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.bounces_to))
    error_message = "bounces_to is one e-mail address."
  }
}

variable "alert_email" {
  description = "Who is told when the report or the form fails, or a person reads the database."
  type        = string
  validation {
    condition     = can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.alert_email))
    error_message = "alert_email is one e-mail address."
  }
}

variable "mail" {
  description = "How mail leaves: `ses` through an AWS role without keys (role_arn is an output of infra/ses), or `smtp` by the URL in the secret NAME-mail."
  type = object({
    way        = string
    aws_region = optional(string, "ap-southeast-1")
    role_arn   = optional(string, "")
  })
  validation {
    condition     = contains(["ses", "smtp"], var.mail.way)
    error_message = "mail.way is ses or smtp."
  }
  validation {
    condition     = var.mail.way != "ses" || can(regex("^arn:aws:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$", var.mail.role_arn))
    error_message = "With mail.way = ses, mail.role_arn is the output role_arn of infra/ses."
  }
}

variable "secret_versions" {
  description = "Versions of the secrets in use, found by scripts/deploy; a rotation so becomes a change in the plan."
  type = object({
    secret   = string
    receipts = string
    desk     = string
    mail     = optional(string, "1")
  })
  validation {
    condition     = alltrue([for version in values(var.secret_versions) : can(regex("^[1-9][0-9]*$", version))])
    error_message = "A version is a number: `latest` would change under a running function."
  }
}

variable "name" {
  description = "Prefix of every resource's name."
  type        = string
  default     = "homthu"
  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,14}[a-z0-9])?$", var.name))
    error_message = "At most 16 lower-case letters, digits and hyphens, so that account ids stay within 30."
  }
}

variable "region" {
  description = "Where functions, schedule and, without database_region, the database are. The database's place cannot be changed later."
  type        = string
  default     = "asia-southeast1"
}

variable "database_region" {
  description = "Where the database is, if not in region: a way out where Google does not build for a project in the region that the database is in already."
  type        = string
  default     = ""
}

variable "repository" {
  description = "OWNER/NAME on GitHub, whose workflows may plan and deploy; empty: none."
  type        = string
  default     = ""
  validation {
    condition     = can(regex("^([A-Za-z0-9._-]+/[A-Za-z0-9._-]+)?$", var.repository))
    error_message = "repository is OWNER/NAME, as in the address of the repository on GitHub."
  }
}

variable "mode" {
  description = "open, or paused: the form shows how to reach the office instead (HOMTHU_MODE)."
  type        = string
  default     = "open"
  validation {
    condition     = contains(["open", "paused"], var.mode)
    error_message = "mode is open or paused."
  }
}

variable "hosting_site" {
  description = "Firebase Hosting site: the box is at https://SITE.web.app. Empty: the project's id."
  type        = string
  default     = ""
}

variable "custom_domain" {
  description = "Domain of the box, such as gopy.example.gov.vn. Empty: none."
  type        = string
  default     = ""
}

variable "public_instances" {
  description = "How many instances each public function may have at once: the bound on speed and on the bill."
  type        = number
  default     = 3
  validation {
    condition     = var.public_instances >= 1 && var.public_instances <= 20
    error_message = "public_instances is between 1 and 20."
  }
}

variable "wards_at_once" {
  description = "How many wards' reports are made at once. Above 1, for a province, a queue has each ward reported on by itself."
  type        = number
  default     = 1
  validation {
    condition     = var.wards_at_once >= 1 && var.wards_at_once <= 20
    error_message = "wards_at_once is between 1 and 20."
  }
}

variable "log_days" {
  description = "Days that logs are kept."
  type        = number
  default     = 7
  validation {
    condition     = var.log_days >= 1 && var.log_days <= 30
    error_message = "log_days is between 1 and 30."
  }
}

variable "budget" {
  description = "Monthly amount of money after which alert_email is told, in the billing account's own currency; null: no budget."
  type = object({
    billing_account = string
    amount          = number
  })
  default = null
}

variable "deletion_protection" {
  description = "false only to tear down a trial whose data nobody needs."
  type        = bool
  default     = true
}
