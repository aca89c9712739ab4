# The version that was tested. Checksums can be had only from HashiCorp's registry: the first
# `terraform init` that reaches it adds them here; commit what it adds.
provider "registry.terraform.io/hashicorp/google-beta" {
  version     = "8.7.0"
  constraints = "~> 8.0"
}
