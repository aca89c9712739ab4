# From the archive to the images: where the source lies, who builds it, where the images go.
resource "google_storage_bucket" "source" {
  name                        = "${var.project_id}-${var.name}-source"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true # holds nothing but what scripts/deploy makes again
  depends_on                  = [google_project_service.this]
}

# Named by its content: a changed source is a new object, and so redeploys the functions in the same
# apply, which an object replaced under its old name does not (terraform-provider-google#1938).
resource "google_storage_bucket_object" "source" {
  name   = "functions-${filemd5(var.archive)}.zip"
  bucket = google_storage_bucket.source.name
  source = var.archive

  lifecycle {
    ignore_changes = [source] # the folder it lay in: what it holds is in its name
  }
}

# New projects have no account that may build (Cloud Build's change of July 2024).
resource "google_service_account" "build" {
  account_id   = "${var.name}-build"
  display_name = "${var.name}: builds the functions' images"
  depends_on   = [google_project_service.this]
}

# It reads the source from Google's own gcf-v2-sources bucket, hence the role on the project.
resource "google_project_iam_member" "build" {
  for_each = toset(["roles/logging.logWriter", "roles/storage.objectViewer"])
  project  = var.project_id
  role     = each.value
  member   = google_service_account.build.member
}

resource "google_artifact_registry_repository" "images" {
  location      = var.region
  repository_id = "${var.name}-functions"
  format        = "DOCKER"
  description   = "Images of the ${var.name} functions"

  # Without these every deploy leaves its images behind, and storage is paid for beyond 0.5 GB.
  cleanup_policies {
    id     = "keep-newest"
    action = "KEEP"
    most_recent_versions {
      keep_count = 3 # the running one, the one before for a rollback, and one built by a rotation in between
    }
  }
  cleanup_policies {
    id     = "delete-older"
    action = "DELETE"
    condition {
      older_than = "7d"
    }
  }
  depends_on = [google_project_service.this]
}

resource "google_artifact_registry_repository_iam_member" "build" {
  location   = google_artifact_registry_repository.images.location
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.build.member
}
