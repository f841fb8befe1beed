"""What a person would read of a message: its texts, or its page without what makes it one."""
from lxml import etree, html

from ..api.text import visible
from ..cleaning import clean
from . import parts

MAX_TEXT = 200_000  # characters of a message that are read
MAX_READ_PARTS = 20
UNREAD = frozenset({'head', 'noscript', 'script', 'style', 'template', 'title'})  # elements
# Elements that begin a line of their own.
LINES = frozenset({
    'address', 'article', 'blockquote', 'br', 'center', 'dd', 'div', 'dl', 'dt', 'footer', 'form', 'h1', 'h2', 'h3',
    'h4', 'h5', 'h6', 'header', 'hr', 'li', 'main', 'ol', 'p', 'pre', 'section', 'table', 'td', 'th', 'tr', 'ul'})


def get_text(message):
    """Return the text of a message (``parts.Message``), then those of text files that are attached to it.

    What it says as text and once more as a page is read once: as text, unless the page says much more.

    :rtype: str
    """
    plain, pages, files, count = [], [], [], 0
    for part in message.parts:
        if part.kind not in ('text/plain', 'text/html') or count == MAX_READ_PARTS:
            continue
        count += 1
        text = parts.to_text(part.decode(), part.charset)
        text = to_plain(text) if part.kind == 'text/html' else text
        (files if part.is_attached else pages if part.kind == 'text/html' else plain).append(text)
    texts, told = ('\n'.join(plain), '\n'.join(pages))
    body = told if len(told.split()) > 2 * len(texts.split()) else texts
    return tidy('\n'.join([body, *files]))


def tidy(text):
    """Return a text without what nobody sees, each line cleaned, and at most one blank line after the other."""
    lines = [clean(line) for line in visible(text[:MAX_TEXT]).splitlines()]
    return '\n'.join(
        line for line, before in zip(lines, ['', *lines], strict=False) if line or before).strip()


def to_plain(page):
    """Return the text of a page.

    Nothing that it refers to is fetched, and no entity that it defines is filled in.

    :param str page: HTML of whatever quality.
    """
    parser = html.HTMLParser(encoding='utf-8', no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(page[:MAX_TEXT * 4].encode('utf-8', 'replace'), parser=parser)
    except (etree.LxmlError, ValueError):
        return ''
    pieces, unread = [], 0
    for event, element in etree.iterwalk(root, events=('start', 'end')):
        is_unread = element.tag in UNREAD
        if event == 'start':
            unread += is_unread
            pieces.append('\n' if element.tag in LINES else '')
            pieces.append('' if unread else element.text or '')
        else:
            unread -= is_unread
            pieces.append('\n' if element.tag in LINES else '')
            pieces.append('' if unread else element.tail or '')
    return ''.join(pieces)
