"""Who lives beside this addon, and what is asked of each."""


def _files(addon, *names):
    """Return the tags of some files of tests."""
    return ','.join(f'/{addon}/tests/test_{name}.py' for name in names)


# Tests of Odoo's own addons that touch what this one changes, in a database with no others than those it depends on:
# addon -> tags. (Of mail, without those of conversations.)
CORE = {
    'base': _files(
        'base', 'res_partner', 'res_partner_bank', 'res_partner_merge', 'res_users', 'res_company', 'res_config',
        'ir_attachment', 'ir_default', 'acl', 'format_address_mixin', 'views'),
    'mail': _files(
        'mail', 'fetchmail', 'ir_mail_server', 'ir_ui_menu', 'ir_websocket', 'mail_activity', 'mail_composer',
        'mail_mail', 'mail_message', 'mail_render', 'mail_template', 'mail_tools', 'res_partner', 'res_role',
        'res_users', 'uninstall', 'update_notification', 'websocket_controller'),
    'portal': '/portal',
    'l10n_it_edi': '/l10n_it_edi',
}
# Addons of the Odoo Community Association that Italians use, as their packages are named, and what these bring along.
PUBLISHED = (
    'partner_firstname', 'auditlog', 'base_user_role', 'queue_job', 'partner_contact_birthdate',
    'partner_contact_gender', 'l10n_it_abicab', 'l10n_it_appointment_code', 'base_tier_validation')
BROUGHT = ('partner_contact_personal_information_page',)
LIBRARIES = ('openupgradelib',)  # Python packages that they ask for beyond Odoo's own
# The part of this addon's own tests that touches what others change: contacts, their forms and names, mails, rights,
# drafts, pages; without those that start processes of their own, whose databases have no neighbours.
OWN = (
    'filing/test_filing.py', 'filing/test_company.py', 'filing/test_import_row.py', 'filing/test_import_spreadsheet.py',
    'filing/test_preflight.py', 'filing/test_verdict.py', 'filing/test_batch.py', 'filing/test_worklist.py',
    'mailbox/test_mailbox.py', 'mailbox/test_mailbox_domicile.py', 'record/test_follow_contacts.py',
    'service/test_access_matrix.py', 'service/test_merge_contacts.py', 'service/test_other_companies.py',
    'service/test_slow_service.py', 'service/test_user_defaults.py', 'signer/test_portal.py', 'signer/test_signer.py',
    'signer/test_uploads.py', 'signer/test_mailing.py')
# Tests of these that cannot pass beside others, and why: partner_firstname ...
LEFT_OUT = {
    'TestImportRow.test_queries_of_applying': "makes contacts one after the other",
    'TestPreflight.test_names_without_a_code_and_of_other_addons': "splits a name without a tax code by itself",
    'TestLegalFormOfContacts.test_what_is_chosen_stays': (
        "makes the name of a new contact after all else: where its legal form is given with it, the state that the "
        "name tells is not proposed"),
}
# The part that is run by each Python: what reads text, files and times, and one filing from button to end.
BY_PYTHON = ('tools/test_p7m.py', 'tools/test_pdf.py', 'tools/test_fiscal_code.py', 'tools/test_client.py',
             'tools/test_zip_reader.py', 'filing/test_filing.py', 'mailbox/test_mailbox.py', 'signer/test_signer.py')
PYTHONS = ('3.10', '3.11', '3.12', '3.13')
