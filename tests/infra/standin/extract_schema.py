#!/usr/bin/env python3
"""Derive Terraform provider schemas from the cdktn prebuilt bindings on PyPI.

The wheel `cdktn-provider-google` (MPL-2.0) is generated from the real provider's
`terraform providers schema -json`.  Its JavaScript says, for every argument, the
Terraform name, whether it is a block, the collection kind, the element type and
"computed / optional / required"; its .d.ts says the allowed values.  This script
turns that back into the JSON shape `terraform providers schema -json` prints, for
the resource types in types.txt, so that a stand-in provider can serve it.

    pip download --no-deps cdktn-provider-google-beta==21.1.0      # google-beta 8.7.0
    extract_schema.py WHEEL schema-google-beta.json $(cat types.txt)
"""

import io
import json
import re
import sys
import tarfile
import zipfile
from pathlib import Path

FLAG = re.compile(r"^    // (\w+) - computed: (true|false), optional: (true|false), required: (true|false)")
CLASS = re.compile(r"^class (\w+) extends cdkt[fn]\.(\w+)")
FUNC = re.compile(r"^function (\w+)ToHclTerraform\(struct\)")
ENTRY = re.compile(r"^\s+(\w+|\"[^\"]+\"): \{$")
GETTERS = {
    "getStringAttribute": "string",
    "getNumberAttribute": "number",
    "getBooleanAttribute": "bool",
    "getListAttribute": ["list", "string"],
    "getNumberListAttribute": ["list", "number"],
    "getStringMapAttribute": ["map", "string"],
    "getNumberMapAttribute": ["map", "number"],
    "getBooleanMapAttribute": ["map", "bool"],
    "getAnyMapAttribute": ["map", "dynamic"],
}
MAPS = {
    "StringMap": ["map", "string"],
    "NumberMap": ["map", "number"],
    "BooleanMap": ["map", "bool"],
    "StringMapList": ["list", ["map", "string"]],
    "AnyMap": ["map", "dynamic"],
}
SIMPLE = {"string": "string", "number": "number", "boolean": "bool"}


def bundle(wheel):
    """The names and texts of the files of the jsii tarball inside a wheel, in order."""
    with zipfile.ZipFile(wheel) as z:
        name = next(n for n in z.namelist() if n.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(z.read(name)), mode="r|gz") as tar:
            for member in tar:
                if member.isfile() and member.name.endswith((".js", ".d.ts", "README.md")):
                    yield member.name, tar.extractfile(member).read().decode()


def split(js):
    """(class name -> (base, lines), struct name -> HCL entries, class name -> HCL entries)"""
    classes, hcl, cur, fn, entry = {}, {}, None, None, None
    for line in js.splitlines():
        if m := CLASS.match(line):
            cur, fn = m[1], None
            classes[cur] = (m[2], [])
        elif m := FUNC.match(line):
            fn, cur, entry = m[1][0].upper() + m[1][1:], None, None
            hcl[fn] = {}
        elif cur and line.startswith("    synthesizeHclAttributes()"):
            fn, entry = cur, None
            hcl[fn] = {}
        elif line.startswith("}"):
            cur = fn = None
        if fn is not None:
            if m := ENTRY.match(line):
                entry = hcl[fn].setdefault(m[1].strip('"'), {})
            elif entry is not None and (
                m := re.match(r"^\s+(value|isBlock|type|storageClassType): (.*),$", line)
            ):
                entry[m[1]] = m[2].strip('"')
        if cur:
            classes[cur][1].append(line)
    return classes, hcl


class Builder:
    def __init__(self, js, dts):
        self.classes, self.hcl = split(js)
        self.docs, self.needed = docs(dts)

    def members(self, cls):
        """[(tf name, computed, optional, required, following lines)] of a class."""
        if cls not in self.classes:  # provider configuration blocks have no output class
            need = self.needed.get(cls.removesuffix("OutputReference"), {})
            return [(n, False, not need.get(n), bool(need.get(n)), []) for n in self.entries(cls)]
        lines, out = self.classes[cls][1], []
        for i, line in enumerate(lines):
            if m := FLAG.match(line):
                out.append((m[1], m[2] == "true", m[3] == "true", m[4] == "true", lines[i + 1 : i + 5]))
        return out

    def output_type(self, near):
        for line in near:
            if m := re.search(r"this\.(get\w+Attribute)\(", line):
                inner = GETTERS[m[1]]
                return ["set", inner[1]] if "Fn.tolist" in line else inner
            if m := re.search(r"new cdkt[fn]\.(\w+)\(this", line):
                return MAPS[m[1]]
            if m := re.search(r"= new (\w+)\(this, \"[^\"]+\"(?:, (true|false))?\)", line):
                kind = "set" if m[2] == "true" else "list"
                one = m[1].endswith("OutputReference")
                obj = ["object", self.object_type(m[1] if one else m[1][:-4] + "OutputReference")]
                return obj if one else [kind, obj]
            if "interpolationForAttribute" in line or "getAnyAttribute" in line:
                return "dynamic"
        raise ValueError(near)

    def object_type(self, cls):
        return {n: self.attr_type(cls, n, near) for n, *_f, near in self.members(cls)}

    def attr_type(self, cls, name, near):
        e = self.entries(cls).get(name)
        if not e:
            return self.output_type(near)
        st, kind = e["storageClassType"], e["type"]
        if kind == "simple":
            return SIMPLE.get(st) or "dynamic"
        if kind == "struct":
            return ["object", self.object_type(st + "OutputReference")]
        if kind == "map" and st.endswith("Map") and st[:-3] in ("string", "number", "boolean", "any"):
            return ["map", SIMPLE.get(st[:-3], "dynamic")]
        if st in ("stringList", "numberList", "booleanList"):
            return [kind, SIMPLE[st[:-4]]]
        if st.endswith("MapList") and st[0].islower():
            return [kind, ["map", SIMPLE.get(st[:-7], "dynamic")]]
        return [kind, ["object", self.object_type(self.ref(st))]]

    def ref(self, storage):
        stem = storage[:-4] if storage.endswith("List") else storage
        return stem + "OutputReference"

    def entries(self, cls):
        return self.hcl.get(cls[: -len("OutputReference")] if cls.endswith("OutputReference") else cls, {})

    def block(self, cls):
        attributes, blocks = {}, {}
        doc = self.docs.get(cls[:-15] if cls.endswith("OutputReference") else cls + "Config", {})
        for name, computed, optional, required, near in self.members(cls):
            e = self.entries(cls).get(name)
            if e and e["isBlock"] == "true":
                kind, many = e["type"], "listMapper" in e["value"]
                nb = {
                    "nesting_mode": "single" if kind == "struct" else kind,
                    "block": self.block(self.ref(e["storageClassType"])),
                }
                if kind in ("list", "set"):
                    if required:
                        nb["min_items"] = 1
                    if not many:
                        nb["max_items"] = 1
                blocks[name] = nb
                continue
            a = {"type": self.attr_type(cls, name, near)}
            a.update(
                {
                    k: True
                    for k, v in (("required", required), ("optional", optional), ("computed", computed))
                    if v
                }
            )
            text = doc.get(name, "")
            if m := re.search(r"Possible values: \[([^\]]+)\]", text):
                a["enum"] = re.findall(r'"([^"]+)"', m[1])
            if m := re.search(r'Default value: ("(?:[^"]*)"|true|false|-?[\d.]+)', text):
                a["default"] = json.loads(m[1])
            attributes[name] = a
        return {k: v for k, v in (("attributes", attributes), ("block_types", blocks)) if v}


def docs(dts):
    """interface name -> {terraform name: doc comment}, interface name -> {terraform name: required?}"""
    out, need, cur, text = {}, {}, None, []
    for line in dts.splitlines():
        if m := re.match(r"^export interface (\w+)", line):
            cur, req = out.setdefault(m[1], {}), need.setdefault(m[1], {})
        elif line.startswith("}"):
            cur = None
        elif cur is not None and line.startswith("    /**"):
            text = []
        elif cur is not None and line.startswith("    *"):
            text.append(line.strip(" */"))
        elif cur is not None and (m := re.match(r"^    readonly (\w+)(\??):", line)):
            joined = " ".join(text)
            if n := re.search(r"#(\w+) ", joined):
                cur[n[1]], req[n[1]] = joined, not m[2]
    return out, need


def main(wheel, out, *types):
    want = {"provider": "provider"}  # type -> folder names it may have in lib/
    for t in types:
        family, short = t.split(".")[-1].split("_", 1)
        want[t] = ("data-" + family + "-" if t.startswith("data.") else "") + short.replace("_", "-")
    folders = set(want.values()) | {f"google-{d}" for d in want.values()}
    text = {}  # folder -> {file: text}; one pass, gzip cannot seek
    for path, content in bundle(wheel):
        folder, _, name = path.removeprefix("package/").removeprefix("lib/").rpartition("/")
        if (folder in folders and name in ("index.js", "index.d.ts")) or path == "package/README.md":
            text.setdefault(folder, {})[name] = content
    result = {
        "provider_version": re.search(r"provider version ([\d.]+)", text[""]["README.md"])[1],
        "resource_schemas": {},
        "data_source_schemas": {},
    }
    for t, d in want.items():
        files = text.get(d) or text.get("google-" + d) or sys.exit(f"{t}: not in {wheel}")
        b = Builder(files["index.js"], files["index.d.ts"])
        top = next(
            c
            for c, (base, _l) in b.classes.items()
            if base in ("TerraformResource", "TerraformDataSource", "TerraformProvider")
        )
        schema = {"version": 0, "block": b.block(top)}
        if t == "provider":
            schema["block"]["attributes"].pop("alias", None)  # a meta-argument, not the provider's
            result["provider"] = schema
        else:
            result["data_source_schemas" if t.startswith("data.") else "resource_schemas"][
                t.split(".")[-1]
            ] = schema
    Path(out).write_text(json.dumps(result, separators=(",", ":"), sort_keys=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
