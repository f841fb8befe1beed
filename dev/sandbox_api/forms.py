"""The forms that the client downloads, has signed, and sends back.

Each depends on the id and on what was registered alone, so each download gives the same bytes: clients compare them
with what came back signed.
"""
import io

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from .const import REQUIRED_FIELDS, REQUIRED_MAILBOX_FIELDS

_FONT, _SIZE, _LEADING = 'Helvetica', 10, 14  # points
_LINES_PER_FIELD, _LINES = 3, 44  # so that no field, however long, leaves the page
_NO_VALUE = "Documento di prova, senza valore legale."


def make_procura(filing):
    """Draw the power of attorney (procura) of a filing.

    :param filing: a Filing
    :return: bytes of a PDF
    """
    administrator = 'sì' if filing.fields.get('pec_amministratore') else 'no'
    return _draw(
        f'Procura Registro Imprese {filing.id}', 'Procura speciale - Registro delle Imprese',
        "Il sottoscritto, nella qualità indicata, conferisce procura speciale per la comunicazione al Registro delle "
        f"Imprese dell'indirizzo di posta elettronica certificata qui riportato. {_NO_VALUE}",
        {'Pratica': filing.id, **_pick(filing, REQUIRED_FIELDS), 'pec_amministratore': administrator},
        'Firma digitale (p7m) del dichiarante')


def make_activation_form(mailbox):
    """Draw the request to activate a mailbox.

    :param mailbox: a Mailbox
    :return: bytes of a PDF
    """
    return _draw(
        f'Modulo di attivazione PEC {mailbox.id}', 'Modulo di attivazione - Posta elettronica certificata',
        "Il richiedente chiede l'attivazione della casella di posta elettronica certificata qui riportata. "
        f"{_NO_VALUE}",
        {'Pratica': mailbox.id, **_pick(mailbox, ('cod_attivazione', 'uid', *REQUIRED_MAILBOX_FIELDS))},
        'Firma del richiedente')


def make_storage_form(mailbox):
    """Draw the request to activate the legal storage of a mailbox.

    :param mailbox: a Mailbox
    :return: bytes of a PDF
    """
    return _draw(
        f'Modulo di conservazione PEC {mailbox.id}', 'Modulo di attivazione - Conservazione a norma',
        f"Il titolare chiede la conservazione a norma dei messaggi della casella qui riportata. {_NO_VALUE}",
        {'Pratica': mailbox.id, **_pick(mailbox, ('uid', 'casella_pec', 'nome_richiedente', 'cognome_richiedente'))},
        'Firma del titolare')


def _pick(record, fields):
    return {field: record.fields.get(field) or '' for field in fields}


def _draw(title, heading, introduction, fields, signature):
    """:return: bytes of a PDF of one page, uncompressed so that a test can find the id in it"""
    output = io.BytesIO()
    # `invariant` leaves out the date and the random id that reportlab would write into each file.
    canvas = Canvas(output, pagesize=A4, invariant=1, pageCompression=0)
    canvas.setTitle(title)
    canvas.setFont(_FONT, 14)
    canvas.drawString(25 * mm, A4[1] - 30 * mm, heading)
    text = canvas.beginText(25 * mm, A4[1] - 42 * mm)
    text.setFont(_FONT, _SIZE, _LEADING)
    for line in [*_get_lines(introduction, fields), '', '', signature]:
        text.textLine(line)
    canvas.drawText(text)
    canvas.showPage()
    canvas.save()
    return output.getvalue()


def _get_lines(introduction, fields):
    """:return: the lines of the page, cut to its width and height"""
    width = A4[0] - 50 * mm
    lines = [*simpleSplit(introduction, _FONT, _SIZE, width), '']
    for label, value in fields.items():
        # JSON may carry half a surrogate pair, which no font encoder takes.
        printable = f'{label}: {value}'.encode('utf-8', 'replace').decode()
        lines += simpleSplit(printable, _FONT, _SIZE, width)[:_LINES_PER_FIELD]
    return lines[:_LINES]
