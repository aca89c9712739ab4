"""The style and script of the pages: what they may weigh, how they are inlined, what can be seen."""

import re
from itertools import product

import pytest
from homthu.adapters.web_files import WEB, load_templates
from homthu.domain.submissions.proof_of_work import PROOF_BITS
from homthu.render.page.inline import shrink_style
from homthu.render.page.script import shrink_script


def test_only_one_macro_writes_unescaped() -> None:
    unescaped = [name for name, source in load_templates().items() if re.search(r"\|\s*safe", source)]
    assert [name for name in unescaped if name.startswith("page/")] == ["page/inline.html"]


def test_an_inlined_file_cannot_leave_its_element() -> None:
    for shrink, source in ((shrink_style, "a{}</style>"), (shrink_script, "x = '</script>'\n")):
        with pytest.raises(ValueError):
            shrink(source)


def test_shrinking_keeps_what_matters() -> None:
    assert shrink_style("/* why */\na {\n  color: red;\n  margin: 0\n}\n") == "a{color:red;margin:0 }"
    assert shrink_script("// why\nvar a = 1\n  var b = 'http://x'\n") == "var a=1\nvar b='http://x'"
    assert shrink_script("a = b + ++c - -d; /* why */\n") == "a=b + ++c - -d;"
    assert shrink_script("say('a = \\'b\\' , c' + \"d : e\");") == "say('a = \\'b\\' , c'+\"d : e\");"


def test_a_scripts_own_names_are_shortened_and_nothing_elses() -> None:
    script = """
    var total = 1, a = 2, kept = { kept: 3, total: "total" };
    function counted(given) { return given + total + kept.kept + a + window.counted; }
    """
    assert shrink_script(script) == (
        'var total=1,a=2,kept={kept:3,total:"total"};\n'
        "function counted(b){return b+total+kept.kept+a+window.counted;}"
    )
    assert shrink_script("var first = 1, second = first + 'second';") == "var a=1,b=a+'second';"


def test_a_script_spells_a_field_by_the_one_list_of_names() -> None:
    assert shrink_script('fields["@TEXT@"]') == 'fields["gop_y"]'
    with pytest.raises(KeyError):
        shrink_script('fields["@TXET@"]')


def test_a_regular_expression_whose_spaces_might_go_is_refused() -> None:
    with pytest.raises(ValueError, match="regular expression"):
        shrink_script("var a = b.replace(/ x/, c)")


def test_the_script_and_the_server_ask_for_the_same_work() -> None:
    script = (WEB / "assets" / "page.js").read_text()
    assert f'firstWord(key + ":" + n) >>> {32 - PROOF_BITS}' in script


def test_the_script_is_old_enough_for_old_phones() -> None:
    for path in (WEB / "assets").glob("*.js"):
        source = re.sub(r"(?m)^\s*//.*$", "", path.read_text())
        assert not re.search(r"=>|`|\?\.|\?\?|\b(let|const|class|async|await|import|export)\b", source), path
        assert not re.search(r"innerHTML|document\.write|eval\(|cookie|randomUUID|indexedDB", source), path


def test_only_the_outbox_and_the_receipt_that_clears_it_know_lasting_storage() -> None:
    users = {path.name for path in (WEB / "assets").glob("*.js") if "localStorage" in path.read_text()}
    assert users == {"outbox.js", "receipt.js"}


@pytest.mark.parametrize("name", sorted(path.name for path in (WEB / "assets").glob("*.[cj]s*")))
def test_an_asset_keeps_the_size_its_first_line_states(name: str) -> None:
    source = (WEB / "assets" / name).read_bytes()
    stated = re.search(rb"at most ([\d,]+) bytes", source.splitlines()[0])
    assert stated
    assert len(source) <= int(stated[1].replace(b",", b""))


def test_colours_can_be_told_apart_on_both_grounds() -> None:
    style = (WEB / "assets" / "page.css").read_text()
    light, dark = (dict(re.findall(r"--(\w[\w-]*): (#\w+)", root)) for root in _roots(style))
    for colours in (light, dark):
        for ink, ground in product(("ink", "soft", "link", "red", "alarm"), ("ground", "card", "pale")):
            assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
        assert _contrast(colours["on-red"], colours["red"]) >= 4.5
        assert _contrast(colours["edge"], colours["card"]) >= 3
    for header in [*re.findall(r"header \{\s*background: (#\w+)", style), light["red"]]:
        assert _contrast("#ffffff", header) >= 4.5


def _roots(style: str) -> list[str]:
    return re.findall(r":root \{(.*?)\}", style, re.DOTALL)


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.1."""
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    parts = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
