# The functions. To add one, add its entry here and to functions/main.py, and a line to routes.json
# (if public) or schedules.json (if not); accounts, rights, settings and limits follow from the entry.
# `look` is how a public one is looked at from outside (uptime.tf): at what needs neither the store nor a
# cache and stores nothing, with the status that no other server would answer with: a receipt without its
# token is gone (410), a form without a body is none (415). Tests hold it to what the function answers.
locals {
  functions = {
    form = {
      description = "Shows the form, the receipt and the assets"
      public      = true
      look        = { path = "/da-gui", method = "GET", status = 410 }
      permissions = []
      settings    = ["HOMTHU_BASE_URL", "HOMTHU_MODE", "HOMTHU_SECRET_RECEIPTS"]
    }
    submit = {
      description = "Takes submissions"
      public      = true
      look        = { path = "/gui", method = "POST", status = 415 }
      # Create, and get the one that is there already: whoever takes over this function, which the
      # whole world may call, still cannot list, change or delete what citizens wrote.
      permissions = ["datastore.entities.create", "datastore.entities.get"]
      settings    = ["HOMTHU_BASE_URL", "HOMTHU_MODE", "HOMTHU_SECRET_RECEIPTS", "HOMTHU_SECRET_REFERENCES", "HOMTHU_STORE"]
    }
    board = {
      description = "Shows published results, public answers and a submission's status by its reference"
      public      = true
      look        = { path = "/tra-cuu", method = "GET", status = 200 }
      permissions = ["datastore.entities.get", "datastore.entities.list"]
      settings    = ["HOMTHU_BASE_URL", "HOMTHU_SECRET_REFERENCES", "HOMTHU_STORE"]
    }
    withdraw = {
      description = "Erases a submission for whoever has its reference"
      public      = true
      look        = { path = "/tra-cuu/rut", method = "GET", status = 200 }
      # What `scripts/erase` does: words go from the store, from the frozen mails and from the case. Apart from
      # `board`, which everybody calls and which can change nothing.
      permissions = ["datastore.entities.create", "datastore.entities.delete", "datastore.entities.get", "datastore.entities.list", "datastore.entities.update"]
      settings    = ["HOMTHU_BASE_URL", "HOMTHU_SECRET_REFERENCES", "HOMTHU_STORE"]
    }
    desk = {
      description = "Lets the committee handle cases, by a link mailed to its members"
      public      = true
      look        = { path = "/xu-ly", method = "GET", status = 200 }
      permissions = ["datastore.entities.create", "datastore.entities.get", "datastore.entities.list", "datastore.entities.update"]
      settings    = ["HOMTHU_BASE_URL", "HOMTHU_BOUNCES_TO", "HOMTHU_MAIL", "HOMTHU_SECRET_DESK", "HOMTHU_SENDER", "HOMTHU_STORE"]
    }
    report = {
      description = "Closes weeks and sends reports"
      public      = false
      # Delete: a mail that lost its quotations may take fewer documents than before.
      permissions = ["datastore.entities.create", "datastore.entities.delete", "datastore.entities.get", "datastore.entities.list", "datastore.entities.update"]
      settings    = ["HOMTHU_BASE_URL", "HOMTHU_BOUNCES_TO", "HOMTHU_MAIL", "HOMTHU_QUEUE", "HOMTHU_SECRET_DESK", "HOMTHU_SENDER", "HOMTHU_STORE"]
    }
    watch = {
      description = "Tells the operator what the report left undone"
      public      = false
      permissions = ["datastore.entities.get", "datastore.entities.list"]
      settings    = ["HOMTHU_BASE_URL", "HOMTHU_BOUNCES_TO", "HOMTHU_MAIL", "HOMTHU_QUEUE", "HOMTHU_SENDER", "HOMTHU_STORE"]
    }
  }

  # Limits by kind. A job works alone through all wards, unless a queue calls it for several at once;
  # the scheduler waits longer than it may take.
  limits = {
    public = { instances = var.public_instances, requests = 20, seconds = 30 }
    job    = { instances = var.wards_at_once, requests = 1, seconds = 900 }
  }

  site     = coalesce(var.hosting_site, var.project_id)
  base_url = "https://${coalesce(var.custom_domain, "${local.site}.web.app")}"
  settings = merge(local.secret_paths, {
    HOMTHU_BASE_URL   = local.base_url
    HOMTHU_MODE       = var.mode
    HOMTHU_SENDER     = var.sender
    HOMTHU_BOUNCES_TO = var.bounces_to
    HOMTHU_STORE      = "firestore://${var.project_id}/${google_firestore_database.this.name}"
    HOMTHU_QUEUE      = local.has_queue ? "tasks://${var.project_id}/${var.region}/${local.queue}?account=${google_service_account.scheduler.email}" : null
    # An SMTP URL holds a password, so that one comes from Secret Manager instead.
    HOMTHU_MAIL = var.mail.way == "ses" ? "ses://${var.mail.aws_region}?role=${var.mail.role_arn}" : null
  })
}

resource "google_cloudfunctions2_function" "this" {
  for_each    = local.functions
  name        = "${var.name}-${each.key}" # kebab-case, so that the Cloud Run service has the same name
  location    = var.region
  description = each.value.description

  build_config {
    runtime           = "python313"
    entry_point       = each.key
    docker_repository = google_artifact_registry_repository.images.id
    service_account   = google_service_account.build.id

    # A build variable: at run time it is ignored (GoogleCloudPlatform/buildpacks#605).
    environment_variables = {
      GOOGLE_FUNCTION_SOURCE = "functions/main.py"
    }

    source {
      storage_source {
        bucket = google_storage_bucket.source.name
        object = google_storage_bucket_object.source.name
      }
    }
  }

  service_config {
    service_account_email            = google_service_account.function[each.key].email
    ingress_settings                 = each.value.public ? "ALLOW_ALL" : "ALLOW_INTERNAL_ONLY"
    min_instance_count               = 0
    max_instance_count               = local.limits[each.value.public ? "public" : "job"].instances
    max_instance_request_concurrency = local.limits[each.value.public ? "public" : "job"].requests
    timeout_seconds                  = local.limits[each.value.public ? "public" : "job"].seconds
    available_cpu                    = "1" # more than one request at a time needs a whole CPU
    available_memory                 = "512Mi"
    all_traffic_on_latest_revision   = true

    environment_variables = merge(
      { for name in each.value.settings : name => local.settings[name] if local.settings[name] != null },
      {
        LOG_EXECUTION_ID = "true"
        # The framework's own threads: fewer than the concurrency and requests queue up unseen.
        THREADS = tostring(local.limits[each.value.public ? "public" : "job"].requests)
        # By which `scripts/deploy --rollback` knows the revisions of one deploy.
        SOURCE_DIGEST = substr(filemd5(var.archive), 0, 12)
      },
    )

    dynamic "secret_environment_variables" {
      for_each = contains(local.functions_with_mail_secret, each.key) ? ["HOMTHU_MAIL"] : []
      content {
        key        = secret_environment_variables.value
        project_id = var.project_id
        secret     = local.secrets.mail
        version    = var.secret_versions.mail
      }
    }

    dynamic "secret_volumes" {
      for_each = [for setting in each.value.settings : local.secret_of[setting] if contains(keys(local.secret_of), setting)]
      content {
        # A folder for each: two secrets cannot be mounted on one.
        mount_path = "${local.secret_folder}/${secret_volumes.value}"
        project_id = var.project_id
        secret     = local.secrets[secret_volumes.value]
        versions {
          version = var.secret_versions[secret_volumes.value]
          path    = local.secret_file
        }
      }
    }
  }

  # A function that starts before it may read its secret, or is built before the builder may push,
  # fails for good rather than later.
  depends_on = [
    google_artifact_registry_repository_iam_member.build,
    google_project_iam_member.build,
    google_project_iam_member.function,
    google_secret_manager_secret_iam_member.mail,
    google_secret_manager_secret_iam_member.secret,
  ]
}

# Functions of the second generation are Cloud Run services: run.invoker is the role that counts.
resource "google_cloud_run_v2_service_iam_member" "public" {
  for_each = { for name, function in local.functions : name => function if function.public }
  location = var.region
  name     = google_cloudfunctions2_function.this[each.key].name
  role     = "roles/run.invoker"
  member   = "allUsers"
}

resource "google_cloud_run_v2_service_iam_member" "scheduler" {
  for_each = { for name, function in local.functions : name => function if !function.public }
  location = var.region
  name     = google_cloudfunctions2_function.this[each.key].name
  role     = "roles/run.invoker"
  member   = google_service_account.scheduler.member
}
