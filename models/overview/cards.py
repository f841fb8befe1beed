"""What the overview counts: a table of cards, each with the rows that open a list."""
from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.filing.verdict import READY

_lt = LazyTranslate(__name__, default_lang='en_US')

FILING, MAILBOX, UNASSIGNED = 'openapi_pec.communication', 'openapi_pec.mailbox', 'openapi_pec.foreign_filing'
POSITION = 'openapi_pec.position'
CHAMBER_MESSAGE = 'openapi_pec.chamber_message'
MANAGER = 'l10n_it_openapi_pec.group_manager'


class Row(NamedTuple):
    """What is counted: the records of a domain.

    :param str label: lazily translated.
    :param domain: of the records; the filter ``name`` of the model's search view has the same.
    :param str level: how it stands out when there are some (a Bootstrap colour); '' when it waits for nobody here.
    :param bool is_rare: it is shown only when there are some.
    :param str since: the field of which the earliest value is told beside the count; '' for none.
    :param str group: who sees it; '' for everybody.
    """

    label: str
    domain: Domain
    level: str = ''
    is_rare: bool = False
    since: str = ''
    group: str = ''


class Card(NamedTuple):
    """Rows of one model.

    :param str title: lazily translated.
    :param str model: of the records.
    :param str action: xml id of the action that lists them.
    :param dict rows: name of the search view's filter -> Row.
    """

    title: str
    model: str
    action: str
    rows: dict


_FORM_WAITS = Domain('state', 'in', const.mailbox.ACTIVATION_STATES) | (
    Domain('state', '=', 'active') & Domain('is_storage_wanted', '=', True))
_AWAITING = Domain('state', '=', 'awaiting_documents')
_NOT_SIGNED = Domain('signed_procura_id', '=', False)
_REFUSED = Domain('chamber_outcome', 'in', const.filing.REFUSED_OUTCOMES)
_WITHOUT_OUTCOME = Domain('chamber_outcome', 'not in', ('evasa', 'sospesa', *const.filing.REFUSED_OUTCOMES))
# of a manager, about a call whose answer was lost, or that may be made already
_TO_DECIDE = Domain('is_to_decide', '=', True)
_FILINGS, _MAILBOXES = 'l10n_it_openapi_pec.action_communication', 'l10n_it_openapi_pec.action_mailbox'

CARDS = {
    'prepare': Card(_lt("To Be Prepared"), FILING, _FILINGS, {
        'wanted': Row(
            _lt("Submission Asked for"),
            Domain('wanted_at', '!=', False) & Domain('state', 'in', const.filing.EDITABLE_STATES), 'primary',
            is_rare=True, since='wanted_at', group=MANAGER),
        'to_correct': Row(_lt("To Be Corrected"), Domain('findings_level', '=', 'error'), 'danger'),
        # One by one: the click asks why it is submitted all the same.
        'to_look_at': Row(_lt("To Be Looked At"), Domain('findings_level', '=', 'warning'), 'warning'),
        'ready': Row(_lt("Ready to Be Submitted"), READY, 'primary'),
        # Nothing was filed and nothing was spent: somebody corrects it, or gives it up.
        'failed': Row(_lt("Failed Filings"), Domain('state', '=', 'failed'), 'danger', is_rare=True),
    }),
    'sign': Card(_lt("Power of Attorney"), FILING, _FILINGS, {
        'to_sign': Row(_lt("To Be Signed"), _AWAITING & _NOT_SIGNED, 'warning', since='awaiting_since'),
        'signed': Row(_lt("Signed, to Be Sent"), _AWAITING & ~_NOT_SIGNED, 'primary'),
    }),
    'service': Card(_lt("At the Service"), FILING, _FILINGS, {
        'at_service': Row(_lt("At the Service"), Domain('state', 'in', ('code_requested', 'documents_uploaded'))),
        'queued': Row(_lt("About to Be Sent"), Domain('state', '=', 'queued'), 'warning', is_rare=True),
        'unknown': Row(_lt("Answer Not Known"), Domain('state', '=', 'unconfirmed'), 'danger', is_rare=True),
        'to_decide': Row(_lt("Waits for a Decision"), _TO_DECIDE, 'danger', is_rare=True),
        'late': Row(_lt("Late"), Domain('is_late', '=', True), 'danger', since='late_on'),
    }),
    'chamber': Card(_lt("Chamber of Commerce"), FILING, _FILINGS, {
        'no_outcome': Row(
            _lt("Answer Missing"), Domain('state', '=', 'completed') & _WITHOUT_OUTCOME, 'warning',
            since='completed_at'),
        'suspended': Row(
            _lt("Suspended by the Chamber"), Domain('state', '=', 'completed') & Domain('status', '=', 'suspended'),
            'danger', is_rare=True),
        'to_file_again': Row(
            _lt("Refused, to Be Filed Again"), _REFUSED & Domain('corrected_by_id', '=', False), 'danger'),
    }),
    'chamber_mail': Card(_lt("Chamber's Mail"), CHAMBER_MESSAGE, 'l10n_it_openapi_pec.action_chamber_message', {
        'waiting': Row(
            _lt("To Be Confirmed"), Domain('state', '=', 'waiting'), 'primary', is_rare=True, since='received_at'),
        'unmatched': Row(
            _lt("No Filing Found"), Domain('state', '=', 'unmatched'), 'warning', is_rare=True, since='received_at'),
    }),
    'unassigned': Card(_lt("Filings Made Elsewhere"), UNASSIGNED, 'l10n_it_openapi_pec.action_foreign_filing', {
        'unassigned': Row(
            _lt("To Be Assigned"), Domain('state', '=', 'unassigned'), 'warning', is_rare=True, group=MANAGER),
    }),
    # Of who follows no company there is nothing to tell.
    'positions': Card(_lt("Register of Positions"), POSITION, 'l10n_it_openapi_pec.action_position', {
        'late': Row(_lt("Overdue"), Domain('is_late', '=', True), 'danger', is_rare=True, since='due_on'),
        'missing': Row(
            _lt("Missing, or Not a PEC"), Domain('state', 'in', ('missing', 'not_pec')), 'danger', is_rare=True),
        'duplicate': Row(_lt("Duplicate PEC"), Domain('state', '=', 'duplicate'), 'danger', is_rare=True),
        'irregular': Row(
            _lt("Irregular by a Chamber's Notice"), Domain('state', '=', 'irregular'), 'danger', is_rare=True),
        'to_decide': Row(_lt("To Be Decided"), Domain('state', '=', 'to_decide'), 'warning', is_rare=True),
        'to_confirm': Row(_lt("To Be Confirmed"), Domain('state', '=', 'to_confirm'), 'warning', is_rare=True),
        'ending': Row(
            _lt("Office or Mailbox Ending"), Domain('state', 'in', ('office_ending', 'mailbox_expiring')), 'warning',
            is_rare=True),
        'in_order': Row(_lt("In Order"), Domain('state', '=', 'in_order'), is_rare=True),
    }),
    'mailboxes': Card(_lt("Mailboxes"), MAILBOX, _MAILBOXES, {
        'expiring': Row(
            _lt("Expire within 45 Days"),
            Domain('state', '=', 'active') & Domain('expires_on', '<=', f'today +{const.mailbox.EXPIRY_DAYS}d'),
            'warning', since='expires_on'),
        'drafts': Row(
            _lt("To Be Bought"), Domain('state', '=', 'draft') & Domain('call_state', 'not in', const.mailbox.CALLING),
            'primary'),
        'to_sign': Row(_lt("Forms to Be Signed"), _FORM_WAITS, 'warning'),
        'documents_wrong': Row(
            _lt("Documents Not Accepted"), Domain('state', '=', 'documents_wrong'), 'danger', is_rare=True),
        'calling': Row(
            _lt("Calls under Way"), Domain('call_state', 'in', const.mailbox.CALLING), 'warning', is_rare=True),
        'to_decide': Row(_lt("Waits for a Decision"), _TO_DECIDE, 'danger', is_rare=True),
        'failed': Row(_lt("Failed Calls"), Domain('call_state', '=', 'failed'), 'danger', is_rare=True),
        'unassigned': Row(_lt("Holder to Be Chosen"), Domain('partner_id', '=', False), 'warning', is_rare=True),
    }),
}
