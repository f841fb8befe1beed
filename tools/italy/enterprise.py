"""An enterprise as one thing: tax code, legal form, state, the kind of PEC, and in what capacity somebody asks.

- 16 characters are a sole trader's: the owner (TITOLARE) asks, and there is no administrator. A society, a consortium
  or an association has 11 digits of its own.
- 11 digits are a society's, or a sole trader's VAT number.
- The administrator's PEC is due of companies with share capital, consortium companies and cooperatives, while they are
  not being wound up: L. 207/2024 art. 1 c. 860 (DL 159/2025), as Unioncamere's note of 10/11/2025 reads it. Of others
  some chambers take it still.
"""
import re
from typing import NamedTuple

from ..cleaning import clean
from .fiscal_code import COMPANY_LENGTH
from .legal_form import ADMINISTRATORS, PERSONAL_GROUPS, core_words, forms, read, same_denomination, words_of
from .omocodia import is_personal, normalize, same

OWNER = 'TITOLARE'
# Who asks for a company that is wound up or in a procedure: what is to be said of them says the qualification.
WINDING_UP = frozenset({'LIQUIDATORE', 'CURATORE_FALLIMENTARE', 'COMMISSARIO_GIUDIZIARIO'})

# what an administrator's PEC is to a form -> reason code
ADMINISTRATOR_REASONS = {
    'not_due': ('company_name', 'administrator_not_due'),
    'undecided': ('company_name', 'administrator_undecided'),
    'none': ('kind', 'trader_has_no_administrator'),
}
# groups whose own PEC the register does not keep
OUTSIDE = frozenset({'outside', 'person'})
# (kind of PEC, state) -> reason code
STATE_REASONS = {
    ('administrator', 'liquidation'): ('company_name', 'administrator_in_liquidation'),
    ('administrator', 'procedure'): ('company_name', 'administrator_in_procedure'),
    ('administrator', 'failed'): ('company_name', 'administrator_in_procedure'),
    ('company', 'failed'): ('company_name', 'company_failed'),
}
# Words of denominations that tell nobody from others, as :func:`legal_form.words_of` gives them, beside short ones.
COMMON_WORDS = frozenset({
    'agr', 'and', 'azienda', 'con', 'cons', 'coop', 'degli', 'dei', 'del', 'della', 'delle', 'dello', 'ditta', 'gli',
    'gruppo', 'impresa', 'nel', 'per', 'soc', 'studio', 'sul', 'the',
})
SHORT, LONG = 2, 4  # letters of a word that tells little, and of one that is found within others
# Words that an office of an enterprise is called by in an address book.
OFFICE_WORDS = frozenset({
    'accounting', 'acquisti', 'agenzia', 'amministrazione', 'cantiere', 'centralino', 'contabilita',
    'contabilità', 'deposito', 'direzione', 'fatturazione', 'fatture', 'filiale', 'laboratorio', 'logistica',
    'magazzino', 'negozio', 'office', 'officina', 'outlet', 'pec', 'protocollo', 'punto', 'reception', 'reparto',
    'sede', 'segreteria', 'showroom', 'sportello', 'stabilimento', 'store', 'succursale', 'uffici', 'ufficio',
    'unita', 'unità', 'vendite', 'warehouse',
})
WORD = re.compile(r'\w+')


class Enterprise(NamedTuple):
    """An enterprise as far as it is known."""
    form: str  # code of ``legal_form.forms``, '' when it is not known
    state: str  # of ``legal_form.STATES``, '' for an ordinary one
    code: str  # tax code, in any way of writing
    is_company: bool  # whether it is kept as a company, not as a person
    is_named_after_owner: bool = False  # whether nothing tells its form, and it has the name of who asks

    @property
    def group(self):
        """The group of its form, '' when the form is not known."""
        return forms()[self.form].group if self.form in forms() else ''

    @property
    def has_personal_code(self):
        """Whether its tax code is a person's, of 16 characters."""
        return is_personal(self.code)


def is_trader(enterprise):
    """Tell whether an enterprise is a single person's: its owner asks.

    :rtype: bool
    """
    if enterprise.group in ('trader', 'person'):
        return True
    if enterprise.group in ('', 'unknown'):
        return enterprise.has_personal_code or (not enterprise.form and not enterprise.is_company)
    return False


def judge(enterprise, kind, qualification, person_code):
    """Tell what does not go together.

    :param Enterprise enterprise: the one that the filing is about.
    :param str kind: 'company' (its own PEC) or 'administrator'.
    :param str qualification: in what capacity the person asks, as the service calls it.
    :param person_code: tax code of that person.
    :return: ``[(field of the filing, reason code), …]``: 'code_of_person' (a society with a person's code),
        'vat_of_trader', 'not_in_register', 'owner_of_company', 'owner_is_another', 'trader_is_owner', and those of
        ``ADMINISTRATOR_REASONS`` and ``STATE_REASONS``.
    :rtype: list[tuple[str, str]]
    """
    found = [*_judge_code(enterprise, kind, qualification), *_judge_owner(enterprise, kind, qualification, person_code)]
    if kind == 'administrator':
        found += _judge_administrator(enterprise)
    elif enterprise.group in OUTSIDE and not found:
        found.append(('company_name', 'not_in_register'))
    if qualification not in WINDING_UP and (kind, enterprise.state) in STATE_REASONS:
        found.append(STATE_REASONS[kind, enterprise.state])
    return found


def is_office(name, parent_name):
    """Tell whether a contact of an enterprise is called like an office of it, not like a person.

    :param name: of the contact, as ``parent_name`` of the enterprise.
    :rtype: bool
    """
    name, parent_name = (clean(text).lower() for text in (name, parent_name))
    return bool(
        not OFFICE_WORDS.isdisjoint(WORD.findall(name)) or (parent_name and parent_name in name)
        or perhaps_same(parent_name, name))


def perhaps_same(name, other):
    """Tell whether an enterprise and another contact are one by their names: the same one, or its branch.

    "Alfa S.r.l." and "ALFA SRL" are, and "Alfa S.r.l. - Filiale di Milano"; "Alfa Impianti S.r.l." is not.

    :param name: of the enterprise.
    :param other: of the other contact.
    :rtype: bool
    """
    if same_denomination(name, other):
        return True
    own, others = words_of(name), words_of(other)
    more = others[len(own):]
    if not own or not more or others[:len(own)] != own:
        return False
    return bool(read(name).form) or not OFFICE_WORDS.isdisjoint(more)


def are_strangers(name, other):
    """Tell whether two denominations have nothing in common: neither a word that tells something, nor their letters.

    "Alfa Impianti S.r.l." and "Beta Trasporti S.r.l." are; "Alfa Impianti S.r.l." and "Impianti Beta S.p.A.", or
    "Ricambi Auto" and "RicambiAuto Roma", are not; nor is one that says nothing.

    :param name: a denomination, as ``other`` is; or anything else for none.
    :rtype: bool
    """
    own, others = core_words(name), core_words(other)
    shorter, longer = sorted((''.join(own), ''.join(others)), key=len)
    if not shorter or shorter == longer or (len(shorter) >= LONG and shorter in longer):
        return False
    return _telling(own).isdisjoint(words_of(other)) and _telling(others).isdisjoint(words_of(name))


def _telling(words):
    """Return the words of a denomination that tell it from others; all, when none does."""
    return {word for word in words if len(word) > SHORT and word not in COMMON_WORDS} or {*words}


def _judge_code(enterprise, kind, qualification):
    """Judge the tax code by the form, and an owner by both."""
    is_owner = kind == 'company' and qualification == OWNER
    if enterprise.has_personal_code:
        if enterprise.group and enterprise.group not in PERSONAL_GROUPS:
            yield 'company_fiscal_code', 'code_of_person'
    elif len(normalize(enterprise.code)) == COMPANY_LENGTH:
        is_unknown = enterprise.group in ('', 'unknown')
        if is_trader(enterprise) or (is_unknown and (is_owner or enterprise.is_named_after_owner)):
            yield 'company_fiscal_code', 'vat_of_trader'
        elif is_owner:
            yield 'qualification', 'owner_of_company'


def _judge_owner(enterprise, kind, qualification, person_code):
    """Judge who asks for a sole trader."""
    if not enterprise.has_personal_code or not is_trader(enterprise):
        return
    if qualification == OWNER:
        if is_personal(person_code) and not same(enterprise.code, person_code):
            yield 'fiscal_code', 'owner_is_another'
    elif kind == 'company' and qualification not in ('', False, None, *WINDING_UP):
        yield 'qualification', 'trader_is_owner'


def _judge_administrator(enterprise):
    """Judge whether an administrator's PEC is communicated of such an enterprise."""
    reason = ADMINISTRATORS.get(enterprise.group)
    if enterprise.has_personal_code and enterprise.group in ('', 'unknown'):
        reason = 'none'
    if reason in ADMINISTRATOR_REASONS:
        yield ADMINISTRATOR_REASONS[reason]
