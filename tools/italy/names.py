"""Names, places and provinces, as the API wants them.

The specification's samples write names and municipalities in lower case ("mario", "roma"), provinces in upper case
("RM"), and ask for no form of the former. So capitals and accents stay as they were typed: only what is not meant is
removed, and what looks like a plain sign becomes it (``tools.cleaning``).
"""
import re
import unicodedata

from ..cleaning import clean

ZIP = re.compile(r'[0-9]{5}')
PROVINCE = re.compile(r'[A-Z]{2}')
# Beside letters: "L'Aquila", "Corigliano-Rossano", "Bolzano/Bozen", "S. Agata de' Goti". The shortest are "Ne", "Re",
# "Ro", "Vo".
MUNICIPALITY_SIGNS = frozenset(" './-")


def normalize_text(text):
    """Return a name or a place on one line, its accents composed and its apostrophes and dashes the plain ones.

    :param text: a string, or anything else for none.
    :rtype: str
    """
    return unicodedata.normalize('NFC', clean(text)).replace('`', "'")


def judge_municipality(name):
    """Tell whether a text can be the name of a municipality: letters, and what joins them.

    :param name: as for :func:`normalize_text`.
    :return: 'municipality_form' ("00100 Roma", "Roma (RM)"), 'fine', or 'missing'.
    :rtype: str
    """
    name = normalize_text(name)
    if not name:
        return 'missing'
    is_name = len(name) > 1 and all(char.isalpha() or char in MUNICIPALITY_SIGNS for char in name) and name[0].isalpha()
    return 'fine' if is_name else 'municipality_form'


def normalize_province(province):
    """Return a province's abbreviation (*sigla*) in upper case.

    :param province: a string, or anything else for none.
    :rtype: str
    """
    province = normalize_text(province)
    return province.upper() if province.isascii() else province


def judge_province(province, known):
    """Tell whether a text can be a province.

    :param province: as for :func:`normalize_province`.
    :param known: the abbreviations that are known. Another one may be new: Sardinia was divided anew in 2025.
    :return: 'province_known', 'province_unknown'; 'missing' or 'province_form' (anything but two letters).
    :rtype: str
    """
    province = normalize_province(province)
    if not province:
        return 'missing'
    if not PROVINCE.fullmatch(province):
        return 'province_form'
    return 'province_known' if province in known else 'province_unknown'


def judge_country(country):
    """Tell whether a text can be a country's code (ISO 3166 alpha-2), in any case.

    :return: 'fine', 'missing' or 'country_form'.
    :rtype: str
    """
    country = normalize_province(country)
    return 'missing' if not country else 'fine' if PROVINCE.fullmatch(country) else 'country_form'


def is_zip(text):
    """Tell whether a text is an Italian postal code (*CAP*): five digits."""
    return bool(ZIP.fullmatch(normalize_text(text)))
