# Terraform 1.5.7 is what Google's Cloud Shell ships, so nothing newer is used: no variable looks at
# another in its validation (1.9), no write-only arguments (1.11).
terraform {
  required_version = ">= 1.5, < 2.0"

  required_providers {
    # google_firebase_* exists only in google-beta, which serves every other resource too. Under the
    # local name `google` no resource has to say which provider it means.
    google = {
      source  = "hashicorp/google-beta"
      version = "~> 8.0"
    }
  }

  # scripts/deploy makes the bucket and names it: -backend-config=bucket=...
  backend "gcs" {
    prefix = "homthu"
  }
}

provider "google" {
  project = var.project_id
  region  = var.region
  # The Firebase and Billing Budgets APIs refuse a person's credentials without these.
  user_project_override = true
  billing_project       = var.project_id

  default_labels = {
    app = var.name
  }
}
