"""A company's records of every model, and values that point at them."""
from odoo import Command

SECRET = 'segret'  # stands in whatever tells of the company
PDF = b'%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF segreto'
# The last question of each operation on a mailbox, and what is filled in.
QUESTIONS = {
    'openapi_pec.mailbox.confirmation': {}, 'openapi_pec.mailbox.renewal': {'years': '1'},
    'openapi_pec.mailbox.enlargement': {'disk_space': 1024}, 'openapi_pec.mailbox.upgrade': {'new_type': 'GOLD'},
    'openapi_pec.mailbox.storage': {'new_space': 512}, 'openapi_pec.mailbox.addition': {'last_name': "x"},
    'openapi_pec.mailbox.revocation': {'typed_address': 'x'},
}
# Values of new records that point at nothing of a company.
ALONE = {
    'openapi_pec.trust_anchor': {'fingerprint': 'f' * 64, 'notice': "x"},
    'openapi_pec.trusted_list': {'territory': 'YY'},
    'openapi_pec.rule': {
        'about': 'role', 'code': 'x', 'duty': 'administrator', 'answer': 'yes', 'source': "x",
        'valid_from': '2030-01-01'},
    'openapi_pec.rule.term': {'about': 'notice', 'code': 'XX', 'source': "x", 'valid_from': '2030-01-01'},
    'openapi_pec.rule.fine': {
        'duty': 'company', 'least': 1, 'most': 2, 'source': "x", 'valid_from': '2030-01-01'},
    'openapi_pec.chamber_word': {'kind': 'evasa', 'name': "x"},
    'openapi_pec.price': {'operation': 'create', 'amount': 0},
}


def _get_makers(env, company, partner, user):
    """Return two functions of values that make a filing, and a mailbox, about a contact."""
    common = {'partner_id': partner.id, 'company_id': company.id, 'user_id': user.id}

    def make_filing(**values):
        return env['openapi_pec.communication'].create({**common, **values})

    def make_mailbox(**values):
        return env['openapi_pec.mailbox'].create(
            {**common, 'mailbox_type': 'STANDARD', 'customer_subtype': 'ED', **values})

    return make_filing, make_mailbox


def make_records(env, company, partner, representative, user):
    """Make records of every model in a company that nobody else sees.

    :param company: `res.company`
    :param partner: a contact that can be filed for; it gets another name
    :param representative: who asks for it
    :param user: whose they are
    :return: ``{model: records}``
    """
    make_filing, make_mailbox = _get_makers(env, company, partner, user)
    (partner + representative).company_id = company
    partner.write({'name': "Segretissima S.r.l.", 'openapi_pec_email': 'segreta@legalmail.it'})
    file = env['ir.attachment'].create({
        'name': 'segreto.pdf', 'raw': PDF, 'res_model': 'openapi_pec.communication'})
    filings = make_filing() + make_filing(
        pec_email='segreta1@legalmail.it', environment='sandbox', state='unconfirmed')
    for state in ('awaiting_documents', 'completed', 'code_requested'):
        filings += make_filing(
            pec_email=f'segreta2{state}@legalmail.it', environment='sandbox', state=state, remote_id=f'segreto-{state}')
    for state in ('failed', 'cancelled', 'queued'):
        filings += make_filing(pec_email=f'segreta3{state}@legalmail.it', environment='sandbox', state=state)
    filings[2].procura_id = file
    file.res_id = filings[2].id
    filings[3].write({'chamber_outcome': 'respinta'})
    batch = env['openapi_pec.batch'].create({'company_id': company.id})
    filings[5].batch_id = batch
    mailboxes = make_mailbox(address='segreta0@testcert.legalmail.it') + make_mailbox(
        address='segreta1@testcert.legalmail.it', state='active', environment='sandbox', remote_id='segreto-casella',
        snapshot={'stato': 'evasa'}) + make_mailbox(
        address='segreta2@testcert.legalmail.it', state='active', environment='sandbox', remote_id='segreto-altra',
        call_state='queued', operation='mailbox_renew', request={'years': 1, 'before': {}})
    kept = (
        batch, partner, company, file, *_make_kept(env, company, partner, user, filings, mailboxes, file),
        *_make_questions(env, company, partner, filings, mailboxes, file))
    return {records._name: records for records in (filings, mailboxes, *kept)}


def _make_ledger(env, company, partner, line):
    """Make what the wallet of a company's account tells, and an invoice: a list of records, each of another model.

    :param line: of the journal, of which the wallet tells a charge.
    """
    account = env['openapi_pec.account'].browse(company.openapi_pec_production_account_id)
    account.transactions_read_at = '2030-01-01'
    line.write({'price': 1, 'vendor_account_id': account.id, 'state': 'accepted'})
    charges = env['openapi_pec.transaction'].create([{
        'account_id': account.id, 'remote_id': f'segreto{number}', 'kind': 'charge', 'amount': -number,
        'told_at': '2026-01-01', 'host': 'pec.openapi.it', 'description': "segreto", 'call_id': call_id,
    } for number, call_id in ((1, line.id), (2, False))])
    journal = env['account.journal'].search([('type', '=', 'sale'), ('company_id', '=', company.id)], limit=1)
    income = journal.default_account_id or env['account.account'].create(
        {'name': "Ricavi", 'code': 'pec1', 'account_type': 'income'})
    journal = journal or env['account.journal'].create({
        'name': "Vendite", 'code': 'PECV', 'type': 'sale', 'company_id': company.id, 'default_account_id': income.id})
    move = env['account.move'].create({
        'move_type': 'out_invoice', 'partner_id': partner.id, 'journal_id': journal.id, 'invoice_line_ids': [
            Command.create({
                'name': "Segreto", 'price_unit': 1, 'account_id': income.id, 'tax_ids': [Command.clear()]})]})
    billed = env['openapi_pec.billed_cost'].create({'call_id': line.id, 'line_id': move.invoice_line_ids.id})
    env.flush_all()
    return [
        charges, move, billed, env['openapi_pec.ledger'].browse(line.id),
        env['openapi_pec.ledger_difference'].search([('account_id', '=', account.id)]),
        env['openapi_pec.billing'].create({'company_id': company.id, 'call_ids': line.ids})]


def _make_kept(env, company, partner, user, filings, mailboxes, file):
    """Make what is kept beside filings and mailboxes: a list of records, each of another model."""
    return [
        *_make_account(env, company), filings[1]._create_line('create'),
        *_make_ledger(env, company, partner, filings[3]._create_line('create')),
        env['openapi_pec.mailbox.user'].create(
            {'mailbox_id': mailboxes[1].id, 'last_name': "Segreto", 'remote_id': '1'}),
        env['openapi_pec.signing_request'].create({
            'name': "Segreto", 'email': 'segreto@example.com', 'company_id': company.id, 'partner_id': partner.id}),
        env['openapi_pec.foreign_filing'].create({
            'company_id': company.id, 'environment': 'sandbox', 'remote_id': 'segreto-altro', 'state': 'unassigned',
            'pec_email': 'segreta9@legalmail.it'}),
        env['openapi_pec.domain'].create({
            'name': 'pubblico.it', 'company_id': company.id, 'user_id': user.id, 'state': 'failed',
            'environment': 'sandbox'}),
        env['openapi_pec.price'].search([], limit=1),
        env['openapi_pec.chamber_word'].search([], limit=1),
        env['openapi_pec.chamber_message'].create({
            'company_id': company.id, 'name': "Segreto", 'text': "segreto", 'state': 'waiting', 'outcome': 'evasa',
            'trust': 'chamber', 'original_id': file.id, 'communication_id': filings[4].id}),
        env['openapi_pec.secret'].create({'key': 'segreto', 'sealed': 'segreto'}),
        env['openapi_pec.signer_upload'].create({'communication_id': filings[2].id, 'said': {'segreto': True}}),
        env['openapi_pec.signer_visit'].create({'communication_id': filings[2].id}),
        env['openapi_pec.signature'].create({
            'communication_id': filings[2].id, 'company_id': company.id, 'environment': 'sandbox', 'state': 'failed',
            'username': "segreto", 'reference': 'segreto'}),
        env['openapi_pec.certificate'].create({
            'partner_id': partner.id, 'company_id': company.id, 'user_id': user.id, 'environment': 'sandbox',
            'state': 'held', 'candidate': 'segreto'}),
        env['openapi_pec.verification'].create({
            'communication_id': filings[2].id, 'company_id': company.id, 'environment': 'sandbox', 'state': 'lost',
            'digest': 'segreto'}),
        env['res.config.settings'].create({'company_id': company.id}),
        env['openapi_pec.approval'].create({
            'company_id': company.id, 'environment': 'sandbox', 'operation': 'create', 'asked_by_id': user.id,
            'res_model': 'openapi_pec.communication', 'res_ids': filings[0].ids, 'count': 1, 'price': 15.7,
            'is_price_known': True, 'question': 'openapi_pec.submit', 'description': "segreto"}),
        *_make_trust(env),
        *_make_look(env, company, partner, user),
        *_make_register(env, company, partner),
    ]


def _make_account(env, company):
    """Make an account at the vendor, with a token that was made for it: a list of records, each of another model."""
    account = env['openapi_pec.account'].create({'email': 'segreto@example.com', 'environment': 'production'})
    company.sudo().openapi_pec_production_account_id = account.id
    return [account, env['openapi_pec.token'].create(
        {'account_id': account.id, 'name': "segreto", 'reason': 'due'}), env['openapi_pec.connect'].create(
        {'company_id': company.id, 'email': 'segreto@example.com', 'environment': 'production'})]


def _point_at_account(ids, company):
    """Return values that point at an account: as :func:`point_at`."""
    account = {'email': 'x@example.com', 'environment': 'production'}
    return {
        'openapi_pec.account': account,
        'openapi_pec.token': {'account_id': ids['openapi_pec.account'][0], 'name': "x", 'reason': 'due'},
        'openapi_pec.connect': {**account, 'company_id': company, 'api_key': 'x'},
    }

def _make_trust(env):
    """Make what is kept of trusted lists and of certificates: a list of records, each of another model."""
    return [
        env['openapi_pec.trust_anchor'].search([], limit=1),
        env['openapi_pec.trusted_list'].create({'territory': 'ZZ', 'url': 'http://segreto.example.com'}),
        env['openapi_pec.certificate_status'].create({
            'fingerprint': 'segreto', 'status': 'good', 'checked_at': '2026-01-01'}),
        env['openapi_pec.revocation_copy'].create({'name': 'segreto'}),
    ]


def _make_register(env, company, partner):
    """Make what the register of positions keeps: a list of records, each of another model."""
    position = env['openapi_pec.position'].create(
        {'company_id': company.id, 'partner_id': partner.id, 'kind': 'company'})
    return [
        *(env[model].search([], limit=1) for model in (
            'openapi_pec.rule', 'openapi_pec.rule.term', 'openapi_pec.rule.fine')),
        env['openapi_pec.office'].create({
            'partner_id': partner.id, 'person_id': partner.child_ids[:1].id, 'role': 'AUN',
            'pec_email': 'segreta8@legalmail.it'}),
        env['openapi_pec.notice'].create({'partner_id': partner.id, 'note': "segreto"}), position,
        env['openapi_pec.position.mark'].create({'position_id': position.id}),
    ]


def _make_look(env, company, partner, user):
    """Make what the register was asked, and what it told otherwise: a list of records, each of another model."""
    update = env['openapi_pec.register_update'].create({
        'company_id': company.id, 'user_id': user.id, 'environment': 'sandbox', 'partner_id': partner.id})
    look = env['openapi_pec.register_look'].create({
        'update_id': update.id, 'company_id': company.id, 'user_id': user.id, 'environment': 'sandbox',
        'partner_id': partner.id, 'operation': 'register_company', 'asked': 'segreto', 'state': 'lost',
        'told': {'name': "Segreto"}})
    return [update, look, env['openapi_pec.register_difference'].create({
        'look_id': look.id, 'field': 'street', 'value': "Via Segreta 1", 'is_ticked': True})]


def _make_questions(env, company, partner, filings, mailboxes, file):
    """Make a question of each kind that stands open: a list of records, each of another model."""
    draft, held, awaiting = filings[:3]
    question = env['openapi_pec.reconcile'].create({
        'res_model': held._name, 'res_id': held.id, 'operation': 'create', 'question': 'which', 'reason': "so",
        'record_name': "segreto", 'line_ids': [Command.create({'remote_id': 'segreto'})]})
    mailing = env['openapi_pec.mailing'].create({
        'sign_by': '2030-01-01', 'note': "segreto",
        'line_ids': [Command.create({'communication_ids': [Command.set(awaiting.ids)], 'is_ticked': True})]})
    reception = env['openapi_pec.upload'].create({'attachment_ids': [Command.link(file.id)]})
    return [
        question, question.line_ids, mailing, mailing.line_ids, reception,
        env['openapi_pec.upload.line'].create({
            'receive_id': reception.id, 'name': 'segreto.p7m', 'status': 'good', 'communication_id': awaiting.id,
            'is_ticked': True}),
        env['openapi_pec.submit'].create({'communication_ids': draft.ids}),
        env['openapi_pec.certificate.purchase'].create({'partner_id': partner.id, 'company_id': company.id}),
        env['openapi_pec.verification.question'].create({'communication_id': awaiting.id}),
        env['openapi_pec.certificate.freeing'].create({
            'certificate_id': env['openapi_pec.certificate'].search([], limit=1).id, 'reason': "segreto"}),
        env['openapi_pec.sign_many'].create({'communication_ids': awaiting.ids}),
        *(env[model].create({'mailbox_id': mailboxes[1].id}) for model in QUESTIONS),
        env['openapi_pec.communicate'].create({'partner_ids': partner.ids}),
        env['openapi_pec.register_question'].create({'partner_ids': partner.ids}),
        env['openapi_pec.import_row'].create({'company_name': "Segreto S.r.l."}),
        *_make_list(env, partner),
        env['openapi_pec.representative'].create({'communication_id': draft.id}),
        env['openapi_pec.delivery'].create({'communication_id': awaiting.id, 'reason': "segreto"}),
        env['openapi_pec.sent'].create({'api_call_id': held.api_call_ids[:1].id}),
        env['openapi_pec.mailbox.purchase'].create({
            'partner_id': partner.id, 'company_id': company.id, 'mailbox_type': 'PECMASSIVA',
            'local_part': 'segreta'}),
        env['base.module.uninstall'].create({}),
    ]


def _make_list(env, partner):
    """Make a chamber's list that was read: it and its line."""
    notices = env['openapi_pec.notice_list'].create({
        'province_id': env.ref('base.state_it_rm').id, 'published_on': '2026-01-01', 'pasted': "segreto",
        'state': 'read'})
    return notices, env['openapi_pec.notice_list.line'].create({
        'list_id': notices.id, 'status': 'followed', 'written': "segreto", 'partner_id': partner.id, 'is_ticked': True})


def point_at(records):
    """Return, for each model, values of a new record that points at those: ``{model: values}``."""
    ids = {model: own.ids for model, own in records.items()}
    filing, mailbox = ids['openapi_pec.communication'][0], ids['openapi_pec.mailbox'][1]
    awaiting = records['openapi_pec.communication'].filtered('procura_id').id
    partner, company = records['res.partner'].id, records['res.company'].id
    return ALONE | {
        'openapi_pec.communication': {'partner_id': partner, 'company_id': company},
        'openapi_pec.mailbox': {'partner_id': partner, 'company_id': company},
        'openapi_pec.batch': {'company_id': company, 'communication_ids': [Command.link(filing)]},
        'openapi_pec.submit': {'communication_ids': [Command.set([filing])]},
        'openapi_pec.certificate.purchase': {'partner_id': partner, 'company_id': company},
        'openapi_pec.verification.question': {'communication_id': awaiting},
        'openapi_pec.certificate.freeing': {'certificate_id': ids['openapi_pec.certificate'][0]},
        'openapi_pec.sign_many': {'communication_ids': [Command.set([filing])]},
        'openapi_pec.communicate': {
            'partner_ids': [Command.set([partner])], 'position_ids': [Command.set(ids['openapi_pec.position'])]},
        'openapi_pec.register_question': {'partner_ids': [Command.set([partner])]},
        'openapi_pec.import_row': {'company_name': "x", 'company_id': company},
        'openapi_pec.notice_list': {
            'province_id': records['res.partner'].env.ref('base.state_it_rm').id, 'published_on': '2026-01-01'},
        'openapi_pec.notice_list.line': {
            'list_id': ids['openapi_pec.notice_list'][0], 'partner_id': partner, 'is_ticked': True},
        'openapi_pec.representative': {'communication_id': filing, 'name': "x"},
        **{model: {'mailbox_id': mailbox, 'snapshot': {'stato': 'evasa'}, **more}
           for model, more in QUESTIONS.items()},
        'openapi_pec.delivery': {'communication_id': awaiting, 'reason': "x"},
        'openapi_pec.mailing': {'sign_by': '2030-01-01', 'note': "x"},
        'openapi_pec.mailing.line': {'mailing_id': ids['openapi_pec.mailing'][0], 'is_ticked': True},
        'openapi_pec.sent': {'api_call_id': ids['openapi_pec.api_call'][0]},
        'openapi_pec.mailbox.purchase': {
            'partner_id': partner, 'company_id': company, 'mailbox_type': 'STANDARD', 'local_part': 'x'},
        'openapi_pec.reconcile': {
            'res_model': 'openapi_pec.communication', 'res_id': filing, 'operation': 'create', 'question': 'which',
            'reason': "x"},
        'openapi_pec.approval': {'company_id': company, 'decision_reason': "x"},
        'openapi_pec.reconcile.line': {'choose_id': ids['openapi_pec.reconcile'][0], 'remote_id': 'x'},
        'openapi_pec.upload': {'attachment_ids': [Command.link(ids['ir.attachment'][0])]},
        'openapi_pec.upload.line': {
            'receive_id': ids['openapi_pec.upload'][0], 'status': 'good', 'communication_id': awaiting},
        'openapi_pec.mailbox.user': {'mailbox_id': mailbox, 'remote_id': 'x'},
        'openapi_pec.billing': {'company_id': company, 'call_ids': [Command.set(ids['openapi_pec.api_call'])]},
        **_point_at_account(ids, company), 'openapi_pec.notice': {'partner_id': partner},
        'openapi_pec.office': {'partner_id': partner, 'person_id': partner, 'role': 'AUN'},
        'openapi_pec.position': {'partner_id': partner, 'company_id': company, 'kind': 'administrator'},
        'openapi_pec.chamber_message': {'company_id': company, 'communication_id': filing},
        'res.config.settings': {'company_id': company},
    }
