"""Mistakes in how a deployment is watched and deployed on, which our policy must refuse."""

#: name: (file, what is there, what a person might write, what the policy says to it)
FORBIDDEN = {
    "an Amazon that does not know the desk": (
        "secrets.tf",
        'if contains(function.settings, "HOMTHU_MAIL")]',
        'if contains(function.settings, "HOMTHU_MAIL") && !function.public]',
        "Amazon trusts ['report', 'watch']",
    ),
    "a revision that cannot be told from others": (
        "functions.tf",
        "SOURCE_DIGEST = substr(filemd5(var.archive), 0, 12)",
        'SOURCE_DIGEST = "unknown"',
        "does not tell its source",
    ),
    "a public function that nobody looks at": (
        "uptime.tf",
        "  for_each         = local.looks\n",
        '  for_each         = { for name, look in local.looks : name => look if name != "desk" }\n',
        "looked at from outside are",
    ),
    "no looks for good looks": (
        "uptime.tf",
        "EVALUATION_MISSING_DATA_ACTIVE",
        "EVALUATION_MISSING_DATA_INACTIVE",
        "no look at all passes",
    ),
    "five errors before anybody is told": (
        "alerts.tf",
        "threshold_value = 0",
        "threshold_value = 5",
        "few forms fail unseen",
    ),
    "an export that nobody is told of": (
        "alerts.tf",
        ' OR log_id(\\"cloudaudit.googleapis.com/activity\\")',
        "",
        "some ways to the data",
    ),
    "a level without a budget": (
        "levels.tf",
        "goal                = 0.99\n",
        "goal                = 1\n",
        "no budget",
    ),
    "a chart of what never happens": (
        "dashboard.tf",
        'jsonPayload.kind=\\"report_missing\\"',
        'jsonPayload.kind=\\"report_lost\\"',
        "counts what the watch never says",
    ),
    "any repository in the world": (
        "pipeline.tf",
        "\"assertion.repository == '${var.repository}'\"",
        "\"assertion.repository != ''\"",
        "who may ask",
    ),
    "a pull request that deploys": (
        "pipeline.tf",
        "/attribute.deploys/",
        "/attribute.repository/",
        "who acts as the pipeline",
    ),
    "a tag that nobody approves": (
        "pipeline.tf",
        "assertion.ref.startsWith('refs/tags/v') && assertion.sub == "
        "'repo:${var.repository}:environment:production' ? ",
        "true ? ",
        "who may deploy",
    ),
    "a pull request that reads what citizens wrote": (
        "pipeline.tf",
        "^(datastore",
        "^(dataset",
        "a plan may datastore.entities.get",
    ),
    "a plan that writes the state": (
        "pipeline.tf",
        "roles/storage.objectViewer",
        "roles/storage.objectAdmin",
        "a plan may change",
    ),
    "an alert that nobody gets": (
        "alerts.tf",
        "notification_channels = [google_monitoring_notification_channel.email.id]",
        "notification_channels = []",
        "nobody is told about",
    ),
    "the watch not watched": (
        "alerts.tf",
        'join("|", keys(local.functions))',
        '"report"',
        "nobody is told when",
    ),
}
