# The pipeline of a repository on GitHub (`repository` in the deployment's file): it deploys without any
# key. GitHub says in a token, which lasts minutes, from which repository and branch or tag a run is;
# Google takes that for one of two accounts. Workflows: .github/workflows.
locals {
  has_pipeline = var.repository != ""
  pool         = one(google_iam_workload_identity_pool.pipeline[*].name)
  # Who deploys comes from a version's tag, and from nothing that a pull request can make.
  pipeline = local.has_pipeline ? {
    plan = {
      does   = "shows a plan, and changes nothing"
      member = "principalSet://iam.googleapis.com/${local.pool}/attribute.repository/${var.repository}"
    }
    deploy = {
      does   = "deploys what has a version's tag"
      member = "principalSet://iam.googleapis.com/${local.pool}/attribute.deploys/${var.repository}"
    }
  } : {}
  deployer = jsondecode(file("${path.module}/deployer-role.json"))
  # What looks, of what deploys. Google's own viewer would do, but reads what citizens wrote, too.
  looking = [
    for permission in local.deployer.includedPermissions : permission
    if can(regex("\\.(get|getIamPolicy|getMetadata|list|use)$", permission)) && !can(regex("^(datastore\\.entities|logging\\.logEntries|storage\\.objects)\\.", permission))
  ]
  state_bucket = "${var.project_id}-${var.name}-state"
}

resource "google_iam_workload_identity_pool" "pipeline" {
  count                     = local.has_pipeline ? 1 : 0
  workload_identity_pool_id = "${var.name}-pipeline"
  display_name              = "${var.name}: GitHub"
  depends_on                = [google_project_service.this]
}

resource "google_iam_workload_identity_pool_provider" "github" {
  count                              = local.has_pipeline ? 1 : 0
  workload_identity_pool_id          = google_iam_workload_identity_pool.pipeline[0].workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  attribute_mapping = {
    "google.subject"       = "assertion.sub"
    "attribute.repository" = "assertion.repository"
    # The repository where a run is of a version's tag, in the environment that people approve; else nothing.
    "attribute.deploys" = "assertion.ref.startsWith('refs/tags/v') && assertion.sub == 'repo:${var.repository}:environment:production' ? assertion.repository : ''"
  }
  # Without it any repository in the world could ask.
  attribute_condition = "assertion.repository == '${var.repository}'"

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

resource "google_service_account" "pipeline" {
  for_each     = local.pipeline
  account_id   = "${var.name}-${each.key}"
  display_name = "${var.name}: the pipeline ${each.value.does}"
  depends_on   = [google_project_service.this]
}

resource "google_service_account_iam_member" "pipeline" {
  for_each           = local.pipeline
  service_account_id = google_service_account.pipeline[each.key].name
  role               = "roles/iam.workloadIdentityUser"
  member             = each.value.member
}

# What a person is given by hand (infra/README.md, «Rights»), from the same list, and its half that looks.
resource "google_project_iam_custom_role" "pipeline" {
  for_each    = local.pipeline
  role_id     = replace("${var.name}_${each.key}", "-", "_")
  title       = "${var.name}: the pipeline ${each.value.does}"
  permissions = each.key == "deploy" ? local.deployer.includedPermissions : local.looking
  depends_on  = [google_project_service.this]
}

resource "google_project_iam_member" "pipeline" {
  for_each = local.pipeline
  project  = var.project_id
  role     = google_project_iam_custom_role.pipeline[each.key].id
  member   = google_service_account.pipeline[each.key].member
}

resource "google_storage_bucket_iam_member" "plan" {
  for_each = local.has_pipeline ? toset([local.state_bucket, google_storage_bucket.source.name]) : []
  bucket   = each.value
  role     = "roles/storage.objectViewer"
  member   = google_service_account.pipeline["plan"].member
}
