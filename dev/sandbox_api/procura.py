"""The power of attorney (procura) that the client downloads, has signed, and sends back."""
import io

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from .const import REQUIRED_FIELDS

_FONT, _SIZE, _LEADING = 'Helvetica', 10, 14  # points
_INTRODUCTION = (
    "Il sottoscritto, nella qualità indicata, conferisce procura speciale per la comunicazione al Registro delle "
    "Imprese dell'indirizzo di posta elettronica certificata qui riportato. Documento di prova, senza valore legale."
)
_LINES_PER_FIELD = 3  # so that no field, however long, leaves the page


def make_procura(filing):
    """Draw the power of attorney of a filing.

    It depends on the id and on what was filed alone, so each download of a filing gives the same bytes: clients
    compare them with what came back inside the signed file.

    :param filing: a Filing
    :return: bytes of a PDF of one page, uncompressed so that a test can find the id in it
    """
    output = io.BytesIO()
    # `invariant` leaves out the date and the random id that reportlab would write into each file.
    canvas = Canvas(output, pagesize=A4, invariant=1, pageCompression=0)
    canvas.setTitle(f'Procura Registro Imprese {filing.id}')
    canvas.setFont(_FONT, 14)
    canvas.drawString(25 * mm, A4[1] - 30 * mm, 'Procura speciale - Registro delle Imprese')
    text = canvas.beginText(25 * mm, A4[1] - 42 * mm)
    text.setFont(_FONT, _SIZE, _LEADING)
    for line in _get_lines(filing):
        text.textLine(line)
    canvas.drawText(text)
    canvas.showPage()
    canvas.save()
    return output.getvalue()


def _get_lines(filing):
    """:return: the lines of the page, cut to its width"""
    width = A4[0] - 50 * mm
    administrator = 'sì' if filing.fields.get('pec_amministratore') else 'no'
    pairs = [
        ('Pratica', filing.id),
        *((field, filing.fields.get(field) or '') for field in REQUIRED_FIELDS),
        ('pec_amministratore', administrator),
    ]
    lines = [*simpleSplit(_INTRODUCTION, _FONT, _SIZE, width), '']
    for label, value in pairs:
        # JSON may carry half a surrogate pair, which no font encoder takes.
        printable = f'{label}: {value}'.encode('utf-8', 'replace').decode()
        lines += simpleSplit(printable, _FONT, _SIZE, width)[:_LINES_PER_FIELD]
    return [*lines, '', '', 'Firma digitale (p7m) del dichiarante']
