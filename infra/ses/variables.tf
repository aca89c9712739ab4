variable "region" {
  description = "Region of Amazon SES; the same as mail.aws_region in infra/."
  type        = string
  default     = "ap-southeast-1"
}

variable "name" {
  description = "Prefix of the role's name."
  type        = string
  default     = "homthu"
}

variable "domain" {
  description = "Domain that reports are sent from."
  type        = string
  validation {
    condition     = can(regex("^([a-z0-9-]{1,63}\\.)+[a-z]{2,}$", var.domain))
    error_message = "domain is a domain name, such as gopy.example.gov.vn."
  }
}

variable "sender" {
  description = "The role sends as this address and no other: HOMTHU_SENDER."
  type        = string
  validation {
    condition     = can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.sender))
    error_message = "sender is one e-mail address."
  }
}

variable "google_accounts" {
  description = "Unique ids of the Google service accounts that send: the values of mail_accounts, an output of infra/."
  type        = list(string)
  validation {
    condition     = length(var.google_accounts) > 0 && alltrue([for id in var.google_accounts : can(regex("^[0-9]{21}$", id))])
    error_message = "A service account's unique id has 21 digits."
  }
}
