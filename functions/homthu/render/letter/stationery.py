"""What a new Word document brings before a word is written: fonts, styles, theme, settings, properties.

What python-docx starts from is an American letter in Calibri, dated 2013, with a picture of itself
(python-docx#1601 and others), so everything of that kind is taken out first. Times New Roman stands
in all four font slots and in the theme, and the language is vi-VN, or Word would fall back to other fonts
for some letters and underline every word.

The library itself stays in `word`: what is made here comes from its parser, which is handed in.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

from homthu.render.letter.document import Letter, Measure, Role
from homthu.render.letter.markup import NAMESPACE, points, twips

FONT = "Times New Roman"
LANGUAGE = "vi-VN"
CAPTION_SIZE = 13
_SLOTS = ("ascii", "hAnsi", "cs", "eastAsia")
_KEPT_STYLES = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList"}
_DROPPED_PARTS = ("thumbnail", "customXml", "stylesWithEffects", "numbering")
_NAMED = f'xmlns:w="{NAMESPACE}"'
#: Word 2013 and later: with a lower one the title bar says «Compatibility Mode» and layout is an old Word's.
_COMPATIBILITY = "15"
Parse = Callable[[str], Any]
_THEME_FONT = re.compile(rb"(<a:(?:major|minor)Font>).*?(</a:(?:major|minor)Font>)", re.DOTALL)


def clear(document: Any) -> None:
    """Turn the library's new document into one that has nothing of its own."""
    _remove_template(document)
    _set_theme(document)
    _set_compatibility(document)


def prepare(document: Any, letter: Letter, parse: Parse) -> None:
    """Give a cleared document the letter's format and properties."""
    _set_defaults(document, letter.measure, parse)
    _add_styles(document, letter.measure, parse)
    _set_properties(document, letter)


def made_at(letter: Letter) -> datetime:
    """The one date in the file: that of the report."""
    return datetime.combine(letter.made_on, time.min, UTC)


def _remove_template(document: Any) -> None:
    """Remove what the library's own template brings: picture, styles, its empty body."""
    for part in (document.part, document.part.package):
        for id, relation in list(part.rels.items()):
            if relation.reltype.rpartition("/")[2] in _DROPPED_PARTS:
                del part.rels[id]
    styles = document.styles.element
    for style in styles.findall(_w("style")):
        if style.get(_w("styleId")) not in _KEPT_STYLES:
            styles.remove(style)
    body = document.element.body
    for child in list(body):
        if child.tag != _w("sectPr"):
            body.remove(child)


def _set_theme(document: Any) -> None:
    """Keep the theme, which Word wants for its colours, with no font but ours."""
    fonts = f'<a:latin typeface="{FONT}"/><a:ea typeface=""/><a:cs typeface="{FONT}"/>'.encode()
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/theme"):
            relation.target_part._blob = _THEME_FONT.sub(rb"\1" + fonts + rb"\2", relation.target_part.blob)


def _set_defaults(document: Any, measure: Measure, parse: Parse) -> None:
    fonts = " ".join(f'w:{slot}="{FONT}"' for slot in _SLOTS)
    properties = document.styles.element.find(f".//{_w('rPrDefault')}/{_w('rPr')}")
    for child in list(properties):
        properties.remove(child)
    size = round(measure.size * 2)
    for xml in (
        f"<w:rFonts {_NAMED} {fonts}/>",
        f'<w:sz {_NAMED} w:val="{size}"/>',
        f'<w:szCs {_NAMED} w:val="{size}"/>',
        f'<w:lang {_NAMED} w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="ar-SA"/>',
    ):
        properties.append(parse(xml))
    normal = document.styles["Normal"].element
    for child in normal.findall(_w("rPr")) + normal.findall(_w("pPr")):
        normal.remove(child)
    single = 'w:before="0" w:after="0" w:line="240" w:lineRule="auto"'
    normal.get_or_add_pPr().append(parse(f"<w:spacing {_NAMED} {single}/>"))
    normal.get_or_add_rPr().append(parse(f"<w:rFonts {_NAMED} {fonts}/>"))
    for old in document.settings.element.findall(_w("themeFontLang")):
        old.set(_w("val"), LANGUAGE)


def _add_styles(document: Any, measure: Measure, parse: Parse) -> None:
    """A style for each role, under the names by which every language of Word knows them."""
    line, rule = round(240 * measure.line_multiple), "auto"
    if measure.line_points:
        line, rule = points(measure.line_points), "exact"
    before = points(measure.gap_before)
    indent = twips(measure.indent_mm)
    running = (
        f'<w:spacing w:before="{before}" w:line="{line}" w:lineRule="{rule}"/>'
        f'<w:ind w:firstLine="{indent}"/><w:jc w:val="both"/>'
    )
    half_points = f'<w:sz w:val="{CAPTION_SIZE * 2}"/><w:szCs w:val="{CAPTION_SIZE * 2}"/>'
    above = '<w:keepNext/><w:spacing w:before="160" w:after="60"/><w:jc w:val="center"/>'
    for id, name, based_on, paragraph, letters in (
        (Role.BODY, "Body Text", "Normal", running, ""),
        (Role.TITLE, "Title", "Normal", '<w:keepNext/><w:jc w:val="center"/>', "<w:b/>"),
        (Role.HEADING, "heading 1", Role.BODY, '<w:keepNext/><w:outlineLvl w:val="0"/>', "<w:b/>"),
        (Role.CAPTION, "caption", "Normal", above, f"<w:b/>{half_points}"),
        ("CommentText", "annotation text", "Normal", "", '<w:sz w:val="20"/><w:szCs w:val="20"/>'),
    ):
        document.styles.element.append(
            parse(
                f'<w:style {_NAMED} w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/>'
                f'<w:basedOn w:val="{based_on}"/><w:qFormat/>'
                f"<w:pPr>{paragraph}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
            )
        )
    document.styles.element.append(
        parse(
            f'<w:style {_NAMED} w:type="character" w:styleId="CommentReference">'
            '<w:name w:val="annotation reference"/><w:basedOn w:val="DefaultParagraphFont"/>'
            '<w:rPr><w:sz w:val="16"/><w:szCs w:val="16"/></w:rPr></w:style>'
        )
    )


def _set_compatibility(document: Any) -> None:
    for setting in document.settings.element.iter(_w("compatSetting")):
        if setting.get(_w("name")) == "compatibilityMode":
            setting.set(_w("val"), _COMPATIBILITY)
    for compat in document.settings.element.iter(_w("compat")):
        # Line heights of an East Asian Word.
        for old in compat.findall(_w("useFELayout")):
            compat.remove(old)


def _set_properties(document: Any, letter: Letter) -> None:
    core, at = document.core_properties, made_at(letter).replace(tzinfo=None)
    core.title, core.author, core.last_modified_by = letter.title, letter.author, letter.author
    core.created = core.modified = at
    core.language, core.comments, core.revision = LANGUAGE, "", 1


def _w(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
