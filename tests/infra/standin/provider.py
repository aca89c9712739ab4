#!/usr/bin/env python3
"""A stand-in for Terraform's hashicorp/google-beta provider that runs without Google.

It speaks the plugin protocol and serves the real provider's schemas (schema-google-beta.json, which
extract_schema.py makes from the public bindings). Terraform itself then refuses unknown, misspelt or
missing arguments, wrong types and wrong numbers of blocks; rules.py adds allowed values and some of
the provider's own checks. A plan marks computed arguments unknown and an apply invents values for
them, so that plan, apply, a second plan, destroy and `terraform test` all work.

What it cannot know is what Google decides: permissions, quotas, policies, whether an image builds.

    with provider.serving() as environ: ...                          # in the tests
    PYTHONPATH=tests .venv/bin/python -m infra.standin.provider terraform -chdir=infra plan   # by hand
"""

# ruff: noqa: N802 - the methods are named as in the protocol

import json
import os
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import grpc
from infra.standin.rules import REPLACED, problems
from infra.standin.wire import PROCEDURES, UNKNOWN, decode, dump, encode, load

SCHEMA = Path(__file__).parent / "schema-google-beta.json"
ADDRESS = "hashicorp/google-beta"
_NESTING = {"single": 1, "list": 2, "set": 3, "map": 4}
_NAMES = ("name", "account_id", "secret_id", "repository_id", "site_id", "service", "role_id")

#: What Google refuses, by type of resource: the first of these messages at each apply, until none is left.
refusals: dict[str, list[str]] = {}
#: What Google tells of a resource otherwise than was asked for or is made up, by its type.
told: dict[str, dict[str, Any]] = {}

Values = dict[str, Any]
Make = Callable[[str, Any], Any]


def fill(block: Values, value: Any, prior: Any, make: Make) -> Any:
    """`value`, with its missing computed arguments taken from `prior` or made up."""
    if not isinstance(value, dict):
        return value
    prior = prior if isinstance(prior, dict) else {}
    for name, attribute in block.get("attributes", {}).items():
        if value.get(name) is None and "default" in attribute:
            value[name] = attribute["default"]
        elif value.get(name) is None and attribute.get("computed"):
            value[name] = prior[name] if prior.get(name) is not None else make(name, attribute["type"])
        elif value.get(name) is UNKNOWN:
            value[name] = make(name, attribute["type"])
    for name, nested in block.get("block_types", {}).items():
        inner, before = value.get(name), prior.get(name)
        if isinstance(inner, list):
            olds = before if isinstance(before, list) else []
            padded = [*olds, *[None] * len(inner)]
            value[name] = [
                fill(nested["block"], one, old, make) for one, old in zip(inner, padded, strict=False)
            ]
        else:
            value[name] = fill(nested["block"], inner, before, make)
    return value


def inventor(kind: str, root: Values) -> Make:
    """Makes up what only Google would know about this resource."""
    project = root["project"] if isinstance(root.get("project"), str) else "stand-in"
    label = next((root[name] for name in _NAMES if isinstance(root.get(name), str)), kind)
    email = f"{label}@{project}.iam.gserviceaccount.com"
    special = {
        "google_service_account": {
            "email": email,
            "member": f"serviceAccount:{email}",
            "unique_id": f"1{zlib.crc32(label.encode()):020d}",
        },
        "google_cloudfunctions2_function": {
            "uri": f"https://{label}-abcdefghij-as.a.run.app",
            "url": f"https://{root.get('location')}-{project}.cloudfunctions.net/{label}",
        },
        "google_project": {"number": "123456789012"},
    }.get(kind, {}) | told.get(kind, {})

    def make(name: str, of: Any) -> Any:
        if name in special:
            return special[name]
        if of == "string":
            return project if name == "project" else f"{kind}/{label}/{name}"
        if isinstance(of, str):
            return {"number": 1, "bool": False}[of]
        return {} if of[0] in ("map", "object") else []

    return make


class Provider:
    """Answers Terraform's calls; a method each, named as in the protocol."""

    def __init__(self, path: Path = SCHEMA) -> None:
        schema = json.loads(path.read_text())
        self.provider = schema["provider"]
        self.resources = schema["resource_schemas"]
        self.data = schema["data_source_schemas"]

    def GetProviderSchema(self, _: Values) -> Values:
        return {
            "provider": _schema(self.provider),
            "server_capabilities": {"plan_destroy": 1},
            "resource_schemas": [
                {"key": kind, "value": _schema(schema)} for kind, schema in self.resources.items()
            ],
            "data_source_schemas": [
                {"key": kind, "value": _schema(schema)} for kind, schema in self.data.items()
            ],
        }

    def ValidateProviderConfig(self, _: Values) -> Values:
        return {}

    ConfigureProvider = StopProvider = GetFunctions = ValidateDataResourceConfig = ValidateProviderConfig

    def ValidateResourceConfig(self, request: Values) -> Values:
        kind = request["type_name"]
        found = problems(kind, self.resources[kind]["block"], decode(request["config"]))
        return {
            "diagnostics": [
                {"severity": 1, "summary": message, "attribute": {"steps": [_step(part) for part in path]}}
                for path, message in found
            ]
        }

    def UpgradeResourceState(self, request: Values) -> Values:
        return {"upgraded_state": encode(json.loads(request["raw_state"]["json"]))}

    def ReadResource(self, request: Values) -> Values:
        found = decode(request["current_state"])
        return {"new_state": encode(found if found is None else found | told.get(request["type_name"], {}))}

    def PlanResourceChange(self, request: Values) -> Values:
        kind = request["type_name"]
        prior, new = decode(request["prior_state"]), decode(request["proposed_new_state"])
        if new is None:
            return {"planned_state": encode(None), "legacy_type_system": 1}
        new = fill(self.resources[kind]["block"], new, prior, lambda name, of: UNKNOWN)
        fields = REPLACED.get(kind, ())
        changed = [
            name
            for name, value in new.items()
            if prior and value != prior.get(name) and ("*" in fields or name in fields)
        ]
        return {
            "planned_state": encode(new),
            "legacy_type_system": 1,
            "requires_replace": [{"steps": [_step(name)]} for name in changed],
        }

    def ApplyResourceChange(self, request: Values) -> Values:
        kind, new = request["type_name"], decode(request["planned_state"])
        if messages := refusals.get(kind):
            return {
                "new_state": request["prior_state"],
                "legacy_type_system": 1,
                "diagnostics": [{"severity": 1, "summary": messages.pop(0)}],
            }
        if new is not None:
            new = fill(self.resources[kind]["block"], new, None, inventor(kind, new))
        return {"new_state": encode(new), "legacy_type_system": 1}

    def ImportResourceState(self, request: Values) -> Values:
        kind, found = request["type_name"], request["id"]
        block = self.resources[kind]["block"]
        known = {"id": found, "name": found.rpartition("/")[2], "project": found.split("/")[1]}
        state = {name: known.get(name) for name in block.get("attributes", {})}
        state |= {
            name: None if one["nesting_mode"] == "single" else []
            for name, one in block["block_types"].items()
        }
        return {"imported_resources": [{"type_name": kind, "state": encode(state)}]}

    def ReadDataSource(self, request: Values) -> Values:
        kind, config = request["type_name"], decode(request["config"])
        return {"state": encode(fill(self.data[kind]["block"], config, None, inventor(kind, config)))}


def _step(part: str | int) -> Values:
    return {"element_key_int" if isinstance(part, int) else "attribute_name": part}


def _schema(schema: Values) -> Values:
    return {"version": schema["version"], "block": _block(schema["block"])}


def _block(block: Values) -> Values:
    return {
        "attributes": [
            {"name": name, **attribute, "type": json.dumps(attribute["type"]).encode()}
            for name, attribute in block.get("attributes", {}).items()
        ],
        "block_types": [
            {
                "type_name": name,
                **nested,
                "nesting": _NESTING[nested["nesting_mode"]],
                "block": _block(nested["block"]),
            }
            for name, nested in block.get("block_types", {}).items()
        ],
    }


def _answer(call: Callable[[Values], Values], request: Values, _context: object) -> Values:
    return call(request)


@contextmanager
def serving() -> Iterator[dict[str, str]]:
    """Serve; gives the environment that makes Terraform use this process for the real provider."""
    provider = Provider()
    handlers = {
        name: grpc.unary_unary_rpc_method_handler(
            partial(_answer, getattr(provider, name)),
            request_deserializer=partial(load, asked),
            response_serializer=partial(dump, answered),
        )
        for name, (asked, answered) in PROCEDURES.items()
    }
    # Every command asks for the schemas, and nothing else is as long: they are encoded once.
    schemas = dump(PROCEDURES["GetProviderSchema"][1], provider.GetProviderSchema({}))
    handlers["GetProviderSchema"] = grpc.unary_unary_rpc_method_handler(lambda _request, _context: schemas)
    options = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
    server = grpc.server(futures.ThreadPoolExecutor(8), options=options)
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("tfplugin6.Provider", handlers)])
    with tempfile.TemporaryDirectory() as folder:
        socket = f"{folder}/provider.sock"
        server.add_insecure_port(f"unix://{socket}")
        server.start()
        attach = {
            ADDRESS: {
                "Protocol": "grpc",
                "ProtocolVersion": 6,
                "Pid": os.getpid(),
                "Test": True,
                "Addr": {"Network": "unix", "String": socket},
            }
        }
        try:
            yield {
                "TF_REATTACH_PROVIDERS": json.dumps(attach),
                "CHECKPOINT_DISABLE": "1",
                "TF_IN_AUTOMATION": "1",
                # A process of seconds need not look for garbage so often: a third of its time goes there.
                "GOGC": "400",
            }
        finally:
            server.stop(None)


if __name__ == "__main__":
    with serving() as environ:
        sys.exit(subprocess.call(sys.argv[1:], env={**os.environ, **environ}))
