# The one address of the box: Firebase Hosting sends each path to its function by routes.json, first
# match first, and keeps what a function marks as public in its own network of caches.
locals {
  routes = jsondecode(file("${path.module}/routes.json"))
  # The same as in functions/homthu/http/responses.py, for the answers that Hosting gives by itself.
  headers = {
    "Referrer-Policy"           = "same-origin"
    "Strict-Transport-Security" = "max-age=63072000; includeSubDomains"
    "X-Content-Type-Options"    = "nosniff"
    "X-Frame-Options"           = "DENY"
  }
}

# Cannot be undone, and fails until a person has accepted Firebase's terms once.
resource "google_firebase_project" "this" {
  project    = var.project_id
  depends_on = [google_project_service.this]
}

resource "google_firebase_hosting_site" "this" {
  project = google_firebase_project.this.project
  site_id = local.site
}

resource "google_firebase_hosting_version" "this" {
  site_id = google_firebase_hosting_site.this.site_id

  config {
    dynamic "rewrites" {
      for_each = local.routes
      content {
        glob = rewrites.value.path
        run {
          service_id = google_cloudfunctions2_function.this[rewrites.value.function].name
          region     = var.region # without it Hosting would look in us-central1
        }
      }
    }
    headers {
      glob    = "**"
      headers = local.headers
    }
  }

  lifecycle {
    precondition {
      condition     = alltrue([for route in local.routes : try(local.functions[route.function].public, false)])
      error_message = "routes.json leads to a function that is not public, or not there."
    }
  }
}

# A release empties the caches. Its message changes with the source, so that every deploy makes one.
resource "google_firebase_hosting_release" "this" {
  site_id      = google_firebase_hosting_site.this.site_id
  version_name = google_firebase_hosting_version.this.name
  message      = "source ${substr(filemd5(var.archive), 0, 12)} mode ${var.mode}"
  depends_on   = [google_cloud_run_v2_service_iam_member.public]
}

resource "google_firebase_hosting_custom_domain" "this" {
  count                 = var.custom_domain == "" ? 0 : 1
  project               = google_firebase_project.this.project
  site_id               = google_firebase_hosting_site.this.site_id
  custom_domain         = var.custom_domain
  wait_dns_verification = false # a person has to make the records first: see the output dns_records
}
