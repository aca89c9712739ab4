"""A draft letter as a page for viewing: the same blocks that become the Word file, on a sheet of A4."""

from html import escape

from homthu.render.letter.document import Align, Block, Cell, Grid, Letter, Paragraph, Role, Run

_SIZE = 14
#: What each role adds to the words of a paragraph.
_ROLES = {
    Role.TITLE: "text-align:center;font-weight:bold",
    Role.HEADING: "font-weight:bold;text-indent:10mm",
    Role.BODY: "text-align:justify;text-indent:10mm",
    Role.CAPTION: "text-align:center;font-style:italic",
}
_STYLE = """
body { margin: 0; background: #e9e6df }
main { width: 210mm; min-height: 297mm; margin: 6mm auto; box-sizing: border-box; background: #fff;
  color: #000; padding: 20mm 15mm 20mm 30mm;
  font: 14pt/1.25 "Times New Roman", "Liberation Serif", Tinos, serif }
p { margin: 0 0 3pt }
table { width: 100%; border-collapse: collapse; table-layout: fixed; margin: 4pt 0 }
td { vertical-align: top; padding: 0 2pt }
.ruled td { border: 1px solid #000; padding: 2pt 4pt }
hr { height: 0; margin: 1pt auto 4pt; border: 0; border-top: 1px solid #000 }
"""


def letter_page(letter: Letter) -> str:
    """A whole HTML document; every word in it is escaped."""
    pages = "".join(_block(block) for block in letter.pages)
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{escape(letter.title)}</title>'
        f"<style>{_STYLE}</style></head><body><main>{pages}</main></body></html>"
    )


def _block(block: Block) -> str:
    return _grid(block) if isinstance(block, Grid) else _paragraph(block)


def _paragraph(paragraph: Paragraph) -> str:
    style = [_ROLES.get(paragraph.role, "")]
    if paragraph.align is not None:
        align = "justify" if paragraph.align is Align.BOTH else paragraph.align.value
        style += [f"text-align:{align}", "text-indent:0" if paragraph.align is Align.CENTRE else ""]
    if paragraph.gap_before:
        style.append(f"padding-top:{paragraph.gap_before}pt")
    rule = f'<hr style="width:{paragraph.rule_mm}mm">' if paragraph.rule_mm else ""
    words = "".join(map(_run, paragraph.runs)) or "&nbsp;"
    return f'<p style="{";".join(filter(None, style))}">{words}</p>{rule}'


def _run(run: Run) -> str:
    looks = (
        f"font-size:{run.size}pt" if run.size and run.size != _SIZE else "",
        "font-weight:bold" if run.bold else "",
        "font-style:italic" if run.italic else "",
        "text-decoration:underline" if run.underline else "",
    )
    words = escape(run.text).replace("\n", "<br>")
    style = ";".join(filter(None, looks))
    return f'<span style="{style}">{words}</span>' if style else words


def _grid(grid: Grid) -> str:
    total = sum(grid.widths)
    columns = "".join(f'<col style="width:{100 * width / total:.1f}%">' for width in grid.widths)
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in grid.rows)
    return f"<table{' class=ruled' if grid.ruled else ''}>{columns}{rows}</table>"


def _cell(cell: Cell) -> str:
    span = f' colspan="{cell.span}"' if cell.span > 1 else ""
    return f"<td{span}>{''.join(map(_paragraph, cell.paragraphs))}</td>"
