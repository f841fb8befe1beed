"""The register of positions: what the codes of ``tools.obligation`` are called, and which state of a company counts.

The words of addresses, domains and mailboxes are those of the findings: ``const.reason``.
"""
from odoo.tools.translate import LazyTranslate

from . import reason

_lt = LazyTranslate(__name__, default_lang='en_US')

OFFICE_DAYS = 60  # before a term of office ends, from which on its line says so
SLICE_SIZE = 1000  # lines judged at once
TIME_ZONE = 'Europe/Rome'  # of the terms

STATES = {
    'missing': _lt("Missing"),
    'not_pec': _lt("Not a PEC"),
    'duplicate': _lt("Duplicate PEC"),
    'irregular': _lt("Irregular by a Chamber's Notice"),
    'to_decide': _lt("To Be Decided"),
    'to_confirm': _lt("To Be Confirmed"),
    'under_way': _lt("Filing under Way"),
    'office_ending': _lt("Office Ending"),
    'mailbox_expiring': _lt("Mailbox Expiring"),
    'in_order': _lt("In Order"),
    'exempt': _lt("Exempt"),
}

# Of who need not, or of whom nobody has said it: of forms, states and offices.
RULE_REASONS = {
    'partnership': _lt("partnership"),
    'foreign': _lt("foreign company"),
    'trader': _lt("sole trader: no administrators"),
    'not_enterprise': _lt("in the REA alone, or no enterprise"),
    'public': _lt("public undertaking"),
    'consortium': _lt("consortium or network"),
    'consortium_unsaid': _lt("consortium: chambers differ"),
    'form_unsaid': _lt("nobody has said it of this form"),
    'form_unknown': _lt("legal form not known"),
    'state_unknown': _lt("state not known"),
    'ceased': _lt("ceased"),
    'liquidation': _lt("in liquidation"),
    'inactive': _lt("inactive"),
    'procedure': _lt("in an insolvency procedure"),
    'failed': _lt("failed"),
    'registered': _lt("registered, perhaps not active"),
    'registering': _lt("being registered"),
    'suspended': _lt("suspended"),
    'several_administrators': _lt("several administrators, jointly or severally"),
    'role_excluded': _lt("office that is excluded"),
    'role_ambiguous': _lt("office of two meanings"),
    'role_unsaid': _lt("office whose code is not explained"),
    'role_unknown': _lt("office not known here"),
    'dualistic': _lt("two-tier board"),
}
REASONS = {
    **RULE_REASONS,
    'decided': _lt("decided by a person"),
    'no_tax_code': _lt("no Italian tax code"),
    'legal_person': _lt("legal person as administrator"),
    'several_in_office': _lt("several people in one office"),
    'office_unknown': _lt("no administrator known"),
    'no_pec': _lt("no PEC known"),
    'assigned_by_office': _lt("assigned by the chamber, receives only"),
    'not_in_register': _lt("not in the register"),
    'only_in_register': _lt("only in the register"),
    'register_differs': _lt("the register has another one"),
    'outcome_missing': _lt("filed, the chamber's answer is missing"),
    'not_proved': _lt("not known to be in the register"),
    'term_renewed': _lt("office renewed since"),
    'term_over': _lt("term of office over"),
    'notice': _lt("notice of the chamber"),
    'notice_over': _lt("term of the notice over"),
    **{code: reason.REASONS[code][1] for code in (
        'address_form', 'address_several', 'address_consumer', 'address_closed', 'address_exchange',
        'address_office', 'unknown', 'domain_asked', 'domain_failed', 'domain_not_certified', 'mailbox_draft',
        'mailbox_buying', 'mailbox_activating', 'mailbox_inactive', 'mailbox_expired', 'mailbox_revoked',
        'mailbox_closed', 'mailbox_annulled', 'pec_of_own_company', 'pec_of_company', 'pec_of_person',
        'pec_of_own_trade', 'shared_by_people')},
}
STEPS = {
    'get_pec': _lt("Enter or Buy a PEC"),
    'file': _lt("Communicate It"),
    'take_over': _lt("Take It Over"),
    'compare': _lt("Compare"),
    'check_register': _lt("Check the Register"),
    'record_outcome': _lt("Record the Outcome"),
    'confirm_or_file': _lt("Confirm or Communicate"),
    'enter_form': _lt("Enter the Legal Form"),
    'enter_office': _lt("Enter the Administrator"),
    'end_office': _lt("End an Office"),
    'renew_office': _lt("Renew the Office"),
    'renew_mailbox': _lt("Renew the Mailbox"),
    'activate_mailbox': _lt("Activate the Mailbox"),
    'decide': _lt("Decide"),
    'wait': _lt("Wait"),
    'sign': _lt("Have It Signed"),
    'answer_chamber': _lt("Answer the Chamber"),
}
# States of a company in the register, and beside it; the one counts that stands first.
COMPANY_STATES = {
    'ceased': _lt("Ceased"),
    'rea_only': _lt("In the REA Alone"),
    'failed': _lt("In Bankruptcy"),
    'procedure': _lt("In a Procedure"),
    'liquidation': _lt("In Liquidation"),
    'suspended': _lt("Suspended"),
    'inactive': _lt("Inactive"),
    'registering': _lt("Being Registered"),
    'registered': _lt("Registered"),
    'active': _lt("Active"),
}
# what the service tells -> the state
STATE_BY_REGISTER = {
    'ATTIVA': 'active', 'REGISTRATA': 'registered', 'INATTIVA': 'inactive', 'SOSPESA': 'suspended',
    'IN_ISCRIZIONE': 'registering', 'CESSATA': 'ceased'}
REGISTER_STATES = ('active', 'registered', 'inactive', 'suspended', 'registering', 'ceased', 'rea_only')
