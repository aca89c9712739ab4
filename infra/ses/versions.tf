# Amazon SES for the reports. A root of its own: in infra/ the aws provider would ask everybody for
# Amazon credentials, also those who send by SMTP.
terraform {
  required_version = ">= 1.5, < 2.0" # Cloud Shell ships 1.5.7

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }

  # terraform init -backend-config=bucket=PROJECT-homthu-state
  backend "gcs" {
    prefix = "homthu-ses"
  }
}

provider "aws" {
  region = var.region
}
