"""Who may do what: the user who clicked decides, whether the records are read with ``sudo`` or not."""
from typing import NamedTuple

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__, default_lang='en_US')

MANAGER, SYSTEM = 'l10n_it_openapi_pec.group_manager', 'base.group_system'
SIGNER = 'l10n_it_openapi_pec.group_signer'
INVOICING = 'account.group_account_invoice'
# What somebody wants to do -> the group that may, and what everybody else is told.
RIGHTS = {
    'spend': (MANAGER, _lt("This spends money: ask a manager of PEC communications to do it.")),
    'decide': (MANAGER, _lt("Ask a manager of PEC communications to do it.")),
    'distrust': (MANAGER, _lt("Ask a manager of PEC communications to send it, with the reason.")),
    'sign': (SIGNER, _lt("This signs for others with the company's certificate: ask a signer of PEC communications to "
                         "do it. Nothing was signed or spent.")),
    'journal': (MANAGER, _lt("Ask a manager of PEC communications: the journal is theirs.")),
    'invoice': (INVOICING, _lt("Ask somebody who may make invoices to do it.")),
    'accept': (SYSTEM, _lt("Ask a system administrator to do it.")),
}

# Models of which this addon's own security rule says what is seen, and nothing else does.
RULES = {'openapi_pec.office': 'office_company_rule', 'openapi_pec.notice': 'notice_company_rule'}


class CompanyRights(NamedTuple):
    """In a context: what is read is what anybody sees who works in some companies alone; no request can send it.

    What is kept for all of a company's people may not depend on who happened to be at work when it was computed.

    :param tuple ids: of the companies.
    """

    ids: tuple


def get_company_rights(env):
    """Return the ids of the companies with whose rights is read (list), None where it is with the user's own.

    :param env: whose context may hold ``CompanyRights``.
    """
    rights = env.context.get('openapi_pec_rights')
    return list(rights.ids) if isinstance(rights, CompanyRights) else None


def seen_domain(env, model):
    """Return the domain of what is seen of a model with the rights of a company; of all, where the user's own count.

    :param env: as of :func:`get_company_rights`.
    :param str model: ``res.partner``, one of ``RULES``, or a model whose rule is that of its ``company_id``.
    """
    ids = get_company_rights(env)
    if ids is None:
        return Domain.TRUE
    if model in RULES:
        rules = env['ir.rule'].sudo()
        rule_id = env['ir.model.data']._xmlid_to_res_id(f'l10n_it_openapi_pec.{RULES[model]}', raise_if_not_found=True)
        return Domain(safe_eval(
            rules.browse(rule_id).domain_force or '[]',
            {**rules._eval_context(), 'company_ids': ids, 'company_id': ids[0]}))
    if model != 'res.partner':
        return Domain('company_id', 'in', ids)
    # as the rule of Odoo's own has it (base.res_partner_rule)
    return (
        Domain('partner_share', '=', False) | Domain('company_id', '=', False)
        | Domain('company_id', 'parent_of', ids))


def filter_seen(contacts, company):
    """Return those of some contacts that anybody sees who works in a company alone.

    :param company: of Odoo.
    """
    ruled = contacts.sudo().with_context(openapi_pec_rights=CompanyRights(tuple(company.ids)))
    return contacts & ruled.filtered_domain(seen_domain(ruled.env, contacts._name))


def get_own_contacts(user):
    """Return the contacts of whom a user finds something under *My Account*: himself, and the company he belongs to.

    None of them is archived; none is found by who is archived himself.

    :param user: of Odoo, in most cases one of the portal.
    """
    partner = user.sudo().partner_id
    if not (user.active and partner.active):
        return partner.browse()
    return (partner | partner.commercial_partner_id).filtered('active')


def may(env, right):
    """Return whether the user of an environment may do something; the superuser may everything.

    :param str right: of ``RIGHTS``.
    """
    return env.uid == SUPERUSER_ID or env.user.has_group(RIGHTS[right][0])


def check_right(env, right):
    """Raise when the user of an environment may not do something, even with superuser rights.

    The scheduled jobs run as the superuser, who may everything; a click that goes on with ``sudo`` is still its user's.

    :param str right: of ``RIGHTS``.
    :raise AccessError: with the sentence of the table.
    """
    if not may(env, right):
        sentence = RIGHTS[right][1]
        raise AccessError(env._(sentence))  # a lazy one, found where it stands; pylint: disable=gettext-variable


def check_company(company):
    """Raise when the environment's user does not work in a company now, whatever else he may see of it.

    :param company: as the user's client named it.
    :raise AccessError: likewise.
    """
    if company.env.uid != SUPERUSER_ID and company - company.env.companies:
        raise AccessError(company.env._("You do not work in this company now: switch to it first. Nothing was changed "
                                        "or spent."))


def without_internals(described, names):
    """Return the description of a model's fields, in which some are offered for no custom filter and no grouping.

    :param dict described: as ``fields_get`` returns it.
    :param names: those fields.
    """
    offers = {'searchable', 'groupable'}
    return {
        name: {**facts, **dict.fromkeys(offers & facts.keys(), False)} if name in names else facts
        for name, facts in described.items()}


def get_given(env, vals_list):
    """Return the names of the fields that new records are given values of, by whoever creates them.

    What the context proposes is the request's as well; Odoo forgets it where the addon itself creates a record with
    more rights.

    :param vals_list: as of ``create``.
    :rtype: set
    """
    return {
        *(name for vals in vals_list for name in vals),
        *(key.removeprefix('default_') for key in env.context if key.startswith('default_'))}


def check_own(env, names):
    """Raise when a user writes fields that only the addon's code may write.

    :param names: those of the written fields that Odoo alone keeps; often none. Of new records: of :func:`get_given`.
    :raise AccessError: with their names.
    """
    if names and not env.su:
        raise AccessError(env._("These fields are kept by Odoo alone: %s.", ', '.join(sorted(names))))
