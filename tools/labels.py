"""The words that stand beside an address, a telephone number or a tax code, and say what it is.

Who pastes "Indirizzo PEC: …", "Cell. …" or "C.F. e P.IVA …" means what follows. Words that are not here may be a part
of the value ("mario rossi@pec.it"), or say whose it is ("commercialista: …"): then nobody but a person can tell.

The tables hold words in small letters, without accents and signs.
"""
import re

from .cleaning import without_accents
from .pattern import Pattern


def _table(text):
    return frozenset(text.split())


WORD = Pattern(r'[^\W\d_]+')
SMALL_WORDS = _table(
    'al and alla con da dal dalla de dei del dell della di e ed i il in la le lo o of oppure or the und')

# At least one of the former stands in what says that an address follows.
ADDRESS_NOUNS = _table(
    'account address casella domicile domicilio email emails indirizzi indirizzo mail mailto pec posta recapito '
    'smtp')
ADDRESS_WORDS = SMALL_WORDS | ADDRESS_NOUNS | _table(
    'attuale azienda aziendale certificata certificate certificato certified digital digitale ditta elettronica '
    'elettronico impresa imprese ind indir n nr nuova nuovo principale pubblico registro societa societaria sociale '
    'studio ufficiale ufficio personale')
# Before a colon alone: "A: …", "From: …".
ADDRESS_HEADERS = Pattern(r'(?:a|bcc|cc|ccn|da|destinatario|from|mittente|to):', re.IGNORECASE)
ADDRESS_SPELLINGS = (
    (Pattern(r'\bp\. ?e\. ?c\b', re.IGNORECASE), 'pec'), (Pattern(r'\be[ .-]?mail', re.IGNORECASE), 'email'))

PHONE_WORDS = SMALL_WORDS | _table(
    'abitazione anche aziendale c callto casa cel cell cellulare cellulari centralino contatti contatto f fax fisso '
    'gsm handy https lavoro m me mob mobil mobile n natel no nr num number numeri numero p ph phone personale '
    'portatile privato re recapiti recapito sede sms studio t tel telef telefax telefoni telefonico telefonino '
    'telefono uff ufficio wa whatsapp')
CODE_WORDS = SMALL_WORDS | _table(
    'c cf cod code codfisc codice codicefiscale f fisc fiscal fiscale fisica gruppo i id imp impresa imprese '
    'iscr iscrizione it iva mwst n nr no num number numero p part partita partitaiva persona personale pi piva r reg '
    'registro ri societa steuer steuernummer t tax tin ust va vat vatin')
IVA = Pattern(r'\bi\. ?v\. ?a\b', re.IGNORECASE)  # "P.I.V.A."


def fold(word):
    """Return a word in small letters and without accents."""
    return without_accents(word).lower()


def are_words(text, words):
    """Tell whether a text holds nothing but some words, and signs between them.

    :param str text: cleaned.
    :param words: a table of this module.
    """
    return not any(map(str.isdigit, text)) and all(fold(word) in words for word in WORD.findall(IVA.sub('iva', text)))


def is_of_address(pieces):
    """Tell whether what stands beside an address says that it is one, or says nothing.

    :param pieces: the pieces of the text but the address itself: ``['PEC', 'aziendale:']``.
    """
    text = ' '.join(piece for piece in pieces if not ADDRESS_HEADERS.fullmatch(piece))
    for form, spelling in ADDRESS_SPELLINGS:
        text = form.sub(spelling, text)
    found = {fold(word) for word in WORD.findall(text)}
    return not found or (found <= ADDRESS_WORDS and not found.isdisjoint(ADDRESS_NOUNS))
