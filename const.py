"""Tables: states, enumerations, error codes, prices and terms of the PEC API."""
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__, default_lang='en_US')

# ------------------------------------------------------------ states of a filing

# `stato` of the API, in the order of a filing's life -> our state. There is no other `stato` and none for "rejected".
STATE_BY_STATO = {
    'codice_in_richiesta': 'code_requested',
    'in_attesa_di_documenti': 'awaiting_documents',
    'documenti_caricati': 'documents_uploaded',
    'comunicazione_evasa': 'completed',
}
# How far a filing has come at the service: a list that tells less is stale news.
RANK = {state: rank for rank, state in enumerate(STATE_BY_STATO.values(), start=1)}

EDITABLE_STATES = ('draft', 'failed')
# With the service and not at its end: what the synchronisation follows.
FOLLOWED_STATES = ('code_requested', 'awaiting_documents', 'documents_uploaded')
# Everything that still wants something of somebody.
OPEN_STATES = ('queued', 'unconfirmed', *FOLLOWED_STATES)
# The chamber has refused it: what was filed does not stand, and is filed again corrected.
REFUSED_OUTCOMES = ('respinta', 'irricevibile')

# ------------------------------------------------------------ the request

# field of openapi_pec.communication -> key of the body of POST /comunica_pec (all required by the service)
REQUEST_KEYS = {
    'pec_email': 'casella_pec',
    'fiscal_code': 'cf',
    'first_name': 'nome',
    'last_name': 'cognome',
    'qualification': 'qualifica',
    'email': 'email',
    'mobile': 'cellulare',
    'company_name': 'ragione_sociale',
    'company_fiscal_code': 'cf_piva',
    'city': 'comune',
    'province': 'provincia',
}
# What tells one filing from another when the answer to a call was lost (the list gives casella_pec alone).
MATCH_KEYS = ('casella_pec', 'cf', 'cf_piva', 'qualifica', 'ragione_sociale')

# Where a person completes what is missing: field -> the record it is proposed from.
SOURCE_COMPANY = _lt("on the company's contact")
SOURCE_PERSON = _lt("on the representative's contact")
SOURCE_FILING = _lt("on this filing")
FIELD_SOURCES = {
    'fiscal_code': SOURCE_PERSON,
    'first_name': SOURCE_PERSON,
    'last_name': SOURCE_PERSON,
    'qualification': SOURCE_FILING,
    'email': SOURCE_PERSON,
    'mobile': SOURCE_PERSON,
    'company_name': SOURCE_COMPANY,
    'company_fiscal_code': SOURCE_COMPANY,
    'city': SOURCE_COMPANY,
    'province': SOURCE_COMPANY,
}

# ------------------------------------------------------------ findings: what is told about a filing before the click
# that costs

ERROR = 'error'  # stands against the submission
WARNING = 'warning'  # to be looked at; does not stop
FINE = 'fine'
LEVELS = (ERROR, WARNING, FINE)  # the worst first

# reason code -> level, sentence. `field` is the label of what was checked, `place` where it is corrected
# (const.FIELD_SOURCES).
FINDINGS = {
    'missing': (ERROR, _lt("%(field)s is missing: complete it %(place)s.")),

    # openapi_pec.record.mixin._judge_account
    'account_unsure': (WARNING, _lt(
        "The token of the Openapi account, or the address of the service, has changed, and the account is not "
        "recognised yet: it may be another one, and what is sent is paid there. Ask an administrator to press \"Test "
        "the Connection\" in the settings, and to correct the token there, unless it is meant to be another account.")),

    # openapi_pec.data.mixin; `who` is what the service said
    'refused': (WARNING, _lt("The service has refused exactly these data. %(who)s")),

    # fiscal_code.judge_person, judge_company
    'code_form': (ERROR, _lt(
        "%(field)s is not written like a tax code (16 letters and digits, or the 11 digits of a company): copy it from "
        "the health card or the company's certificate and correct it %(place)s.")),
    'code_date': (ERROR, _lt(
        "%(field)s holds a date of birth that does not exist: copy it again from the health card and correct it "
        "%(place)s.")),
    'code_office': (ERROR, _lt(
        "%(field)s was never issued: no tax office has the number in its digits 8 to 10. Copy it again and correct it "
        "%(place)s.")),
    'code_check': (ERROR, _lt(
        "%(field)s holds a typing mistake: its last character does not follow from the others. Copy it again and "
        "correct it %(place)s.")),
    'code_provisional': (WARNING, _lt(
        "%(field)s has 11 digits, as a company's code or a provisional one: if the person has a code of 16 characters, "
        "write that %(place)s.")),
    'code_valid': (FINE, _lt("%(field)s is a valid tax code.")),

    # fiscal_code.judge_names; `field` is the label of the tax code
    'surname_disagrees': (WARNING, _lt(
        "%(field)s belongs to another surname: compare surname and tax code with the health card and correct them "
        "%(place)s.")),
    'name_disagrees': (WARNING, _lt(
        "%(field)s belongs to another first name: write all first names as on the health card, or correct the code, "
        "%(place)s.")),
    'names_disagree': (ERROR, _lt(
        "%(field)s belongs to somebody else: neither surname nor first name agree with it. Correct them or the code "
        "%(place)s.")),
    'names_swapped': (ERROR, _lt(
        "Surname and first name are in each other's place, as %(field)s tells: exchange them %(place)s.")),
    'names_agree': (FINE, _lt("%(field)s agrees with surname and first name.")),

    # mobile.judge
    'mobile_characters': (ERROR, _lt(
        "%(field)s holds something else than digits: write one number, with digits and + alone, %(place)s.")),
    'mobile_landline': (ERROR, _lt("%(field)s is the number of a landline: write a mobile number %(place)s.")),
    'mobile_form': (ERROR, _lt(
        "%(field)s is not a mobile number: write the 9 or 10 digits of an Italian one, which begin with 3, or one of "
        "another country with + and the country's code, %(place)s.")),
    'mobile_italian': (FINE, _lt("%(field)s is an Italian mobile number.")),
    'mobile_foreign': (FINE, _lt("%(field)s is a number of another country.")),

    # pec_address.judge
    'email_form': (ERROR, _lt("%(field)s is not a well-formed address: correct it %(place)s.")),
    'address_form': (
        ERROR, _lt("%(field)s is not a well-formed address, such as company@pec.it: correct it %(place)s.")),
    'address_consumer': (ERROR, _lt(
        "%(field)s is ordinary e-mail, which can never be a PEC: write the address of a certified mailbox %(place)s.")),
    'address_closed': (ERROR, _lt(
        "%(field)s was switched off in 2015 with all of postacertificata.gov.it: write another PEC %(place)s.")),
    'address_office': (ERROR, _lt(
        "%(field)s was assigned by the chamber of commerce and only receives: write a PEC of the company's own "
        "%(place)s.")),
    'address_exchange': (ERROR, _lt(
        "%(field)s is the address of the state's exchange system for electronic invoices: write the company's own PEC "
        "%(place)s.")),
    'unknown': (WARNING, _lt(
        "Whether %(field)s is certified cannot be told from its domain: look the domain up, or ask its provider, and "
        "correct it %(place)s if it is not.")),
    'known': (FINE, _lt("%(field)s belongs to a provider of PECs.")),

    # openapi_pec.mailbox._judge_domiciles: the mailboxes here; `who` is the day
    'mailbox_revoked': (ERROR, _lt(
        "%(field)s is the address of a mailbox that was revoked here on %(who)s and receives no more: renew that "
        "mailbox, or write another PEC %(place)s.")),
    'mailbox_expired': (ERROR, _lt(
        "%(field)s is the address of a mailbox here that expired on %(who)s: renew that mailbox, or write another PEC "
        "%(place)s.")),
    'mailbox_closed': (ERROR, _lt(
        "%(field)s is the address of a mailbox that the provider has closed (last news of %(who)s): write another PEC "
        "%(place)s.")),
    'mailbox_annulled': (ERROR, _lt(
        "%(field)s is the address of a mailbox whose registration the provider has annulled (last news of %(who)s): "
        "write another PEC %(place)s.")),
    'mailbox_inactive': (ERROR, _lt(
        "%(field)s is not active yet: it was bought here on %(who)s and never activated. Have its activation form "
        "signed and sent, or write another PEC %(place)s.")),
    'mailbox_activating': (ERROR, _lt(
        "%(field)s is not active yet: it was bought here on %(who)s, and the provider is activating it. Wait until it "
        "is active, or write another PEC %(place)s.")),
    'mailbox_buying': (ERROR, _lt(
        "%(field)s is not active yet: it is just being bought here. Wait until it is active, or write another PEC "
        "%(place)s.")),
    'mailbox_draft': (WARNING, _lt(
        "%(field)s is the address of a mailbox that is prepared here and not bought: unless it was bought elsewhere it "
        "does not exist. Buy and activate it first, or write another PEC %(place)s.")),
    'mailbox_expiring': (WARNING, _lt(
        "%(field)s is the address of a mailbox here that expires on %(who)s: renew it before, or it stops to receive.")),

    # openapi_pec.domain: what the service has told of an unknown domain
    'domain_asked': (WARNING, _lt(
        "The service is being asked whether %(field)s is certified: refresh this page in a minute to see its answer.")),
    'domain_failed': (WARNING, _lt(
        "The service has not told whether %(field)s is certified: see the answer under Domains, look the domain up "
        "again or ask its provider, and correct the address %(place)s if it is not certified.")),
    'domain_certified': (FINE, _lt("%(field)s is certified: the service knows its domain.")),
    'domain_not_certified': (ERROR, _lt(
        "%(field)s is not certified: the service says that its domain is none of PECs. Write a PEC %(place)s.")),

    # digital_domicile.judge; `who` is the contact or the filing that stands in the way
    'pec_of_own_company': (ERROR, _lt(
        "%(field)s is the company's own, as %(who)s shows, and an administrator's PEC must be another one (rule INT.P "
        "of the register): write the person's PEC %(place)s.")),
    'pec_of_company': (ERROR, _lt(
        "%(field)s is the PEC of %(who)s already, and no company's PEC may serve anybody else (rule INT.P of the "
        "register): write another one %(place)s, or correct %(who)s.")),
    'pec_of_person': (ERROR, _lt(
        "%(field)s is the personal PEC of %(who)s already, and a company's PEC must differ from it (rule INT.P of the "
        "register): write another one %(place)s, or correct %(who)s.")),
    'open_elsewhere': (ERROR, _lt(
        "%(field)s is being communicated for somebody else with %(who)s, and only one of both can be accepted (rule "
        "INT.P of the register): write another one %(place)s.")),
    'completed_elsewhere': (WARNING, _lt(
        "%(field)s was communicated for somebody else with %(who)s. If that still stands in the register, this filing "
        "is refused (rule INT.P): write another one %(place)s.")),
    'shared_by_people': (WARNING, _lt(
        "%(field)s is also the PEC of another person, as %(who)s shows: each administrator should have a personal one. "
        "Correct it %(place)s.")),
    'filing_open': (ERROR, _lt(
        "%(field)s is being communicated for the same company with %(who)s already: follow that filing, do not pay "
        "twice.")),
    'filing_completed': (WARNING, _lt(
        "%(field)s was communicated for the same company with %(who)s already: file it again only for a new term of "
        "office or when the chamber asks for it.")),

    # The same by a filing of a company in which the reader does not work.
    'hidden_open': (ERROR, _lt(
        "%(field)s is being communicated for the same company already, by a filing that you may not see: ask who works "
        "for your other companies, do not pay twice.")),
    'hidden_completed': (WARNING, _lt(
        "%(field)s was communicated for the same company already, by a filing that you may not see: file it again only "
        "for a new term of office or when the chamber asks for it.")),

    # openapi_pec.record.mixin._judge_sightings; `who` is the state and day of each
    'filed_elsewhere': (WARNING, _lt(
        "%(field)s was communicated for the same company already, with a filing at the service that Odoo does not know "
        "(%(who)s). The service does not tell whether as the company's or as an administrator's. Look under Filings to "
        "Be Assigned and in the Openapi console; file it again only for a new term of office or when the chamber asks "
        "for it.")),
    'filed_elsewhere_unread': (WARNING, _lt(
        "%(field)s is the address of a filing at the service that Odoo does not know (%(who)s), and whose company is "
        "not known yet: wait until it is read under Filings to Be Assigned, or look in the Openapi console, so as not "
        "to pay twice.")),

    # QUALIFICATION_REASONS
    'liquidator_exempt': (WARNING, _lt(
        "%(field)s: a liquidator need not communicate a personal PEC (the duty is the administrators'). Change it "
        "%(place)s if it is wrong.")),
    'procedure_own_pec': (WARNING, _lt(
        "%(field)s: a curator or commissioner communicates the PEC of the procedure, as his own, not the company's. "
        "Check that this is the address, or change it %(place)s.")),
    'not_an_administrator': (WARNING, _lt(
        "%(field)s: a personal PEC is communicated by administrators. Change it, or the kind of filing, %(place)s.")),
    'owner_of_company': (WARNING, _lt(
        "%(field)s: an owner is who runs a sole trader's business; for a company choose its legal representative, "
        "%(place)s.")),

    # italian_form.judge_municipality
    'municipality_form': (ERROR, _lt(
        "%(field)s holds more than the name of a municipality, such as digits or brackets: write the name alone, "
        "%(place)s.")),

    # italian_form.judge_province
    'province_form': (ERROR, _lt("%(field)s is not the two letters of an Italian province, such as RM: correct it "
                                 "%(place)s.")),
    'province_unknown': (WARNING, _lt(
        "%(field)s is not among the provinces that are known here: check its two letters and correct them %(place)s.")),
    'province_known': (FINE, _lt("%(field)s is an Italian province.")),
}

# The same of a signed file that is to be sent: code of a finding of tools/p7m -> sentence. The levels stand there. What
# a sentence may name is in the finding's values; moments are to be written as the reader writes them.
SIGNATURE_FINDINGS = {
    # the file
    'empty': _lt("The file is empty: upload the signed power of attorney again."),
    'too_large': _lt("The file is larger than %(megabytes)s MB: sign the power of attorney as it was downloaded, and "
                     "upload that."),
    'unsigned_pdf': _lt(
        "This PDF is not signed digitally: have the representative sign it with the signature device or app in the "
        "CAdES format, and upload the file that ends in .p7m."),
    'signed_pdf': _lt(
        "This PDF is signed in the PAdES format, which is refused: sign the power of attorney as it was downloaded in "
        "the CAdES format, and upload the file that ends in .p7m."),
    'asic': _lt(
        "This is a ZIP file: upload the .p7m file alone. If the signature program made it (ASiC format), sign again "
        "and choose CAdES."),
    'encrypted': _lt("This file is encrypted: the office cannot read it. Sign the power of attorney without encrypting "
                     "it."),
    'time_stamped': _lt(
        "This file is wrapped in a time stamp (.tsd): upload the .p7m file within it, or sign again without a time "
        "stamp."),
    'not_signed': _lt(
        "This is not a digitally signed file: upload the file ending in .p7m that the signature program made of the "
        "power of attorney."),
    'mangled': _lt(
        "This file was damaged on its way, as if it were text: fetch the .p7m file again, by an e-mail attachment or a "
        "USB stick, and upload it unopened."),
    'truncated': _lt("The end of this file is missing: fetch the .p7m file again from where it was signed, and upload "
                     "it."),
    'damaged': _lt("This file is damaged and cannot be read: fetch it again from where it was signed, or sign again."),
    'trailing_data': _lt("Something else follows the signed file in the same file: sign the power of attorney again "
                         "and upload that."),
    'detached': _lt(
        "This file holds a signature without the document: sign again and choose to keep document and signature in one "
        "file (CAdES, not \"detached\")."),
    'no_signature': _lt("This file holds the document, but nobody's signature: sign again."),
    'too_nested': _lt(
        "This file was signed over and over, more than %(levels)s times one in the other: sign the power of attorney "
        "as it was downloaded."),
    'too_complex': _lt("This file holds far more than a signed document: sign the power of attorney as it was "
                       "downloaded."),
    'unreadable': _lt(
        "This file could not be judged: sign the power of attorney again, and tell who maintains Odoo if this happens "
        "again."),
    'nested': _lt("The file was signed %(levels)s times, one signature around the other. All of them were checked."),

    # each signature
    'certificate_missing': _lt(
        "A signature comes without its certificate, so nobody can tell whose it is: sign again and choose to include "
        "the certificate."),
    'unsupported_algorithm': _lt(
        "%(signer)s signed in a way that is not in use for signatures in Italy and cannot be verified: sign again with "
        "the program of the signature's provider."),
    'unsupported_key': _lt(
        "The certificate of %(signer)s has a key that is not in use for signatures in Italy: sign again with a "
        "qualified certificate."),
    'tampered': _lt(
        "The document was changed after %(signer)s signed it: sign the power of attorney again as it was downloaded."),
    'signature_invalid': _lt("The signature of %(signer)s is not valid: it was damaged or made with another key. Sign "
                             "again."),
    'weak_hash': _lt(
        "The signature of %(signer)s uses %(hash)s, which can be forged and is refused: update the signature program "
        "and sign again."),
    'weak_key': _lt(
        "The key of %(signer)s has only %(bits)s bits, fewer than the 2048 that are asked for today: better sign with "
        "a newer certificate."),
    'other_certificate_named': _lt(
        "The signature of %(signer)s says that it was made with another certificate: sign again, with one certificate."),
    'no_certificate_named': _lt(
        "The signature of %(signer)s does not state its certificate, as CAdES demands: it may be refused. If you can, "
        "sign again in the CAdES format with an up-to-date program."),
    'no_signing_time': _lt(
        "The signature of %(signer)s does not say when it was made: the office will count it as made when it arrives."),
    'signed_in_future': _lt(
        "%(signer)s signed at a time still to come, %(signed_at)s: set the clock of the computer that signs, and sign "
        "again."),
    'signature_intact': _lt("The signature of %(signer)s fits the document, which was not changed since."),

    # its certificate
    'authentication_certificate': _lt(
        "%(signer)s signed with an authentication certificate (CNS), which is not for signing: sign again and choose "
        "the signature certificate."),
    'wrong_certificate': _lt(
        "%(signer)s signed with a certificate that is not for signing documents: sign again and choose the signature "
        "certificate."),
    'unrestricted_certificate': _lt(
        "The certificate of %(signer)s does not say that it is for signing documents: check that it is the signature "
        "certificate."),
    'expired_certificate': _lt(
        "The certificate of %(signer)s expired on %(valid_until)s: renew it and sign again."),
    'early_certificate': _lt(
        "The certificate of %(signer)s is valid only from %(valid_from)s on: sign again then, or with another "
        "certificate."),
    'signed_outside_validity': _lt(
        "%(signer)s signed on %(signed_at)s, when the certificate (%(valid_from)s to %(valid_until)s) was not valid: "
        "set the clock of the computer that signs, and sign again."),
    'not_qualified': _lt(
        "The certificate of %(signer)s, issued by %(issuer)s, does not call itself qualified: the office will refuse "
        "it, unless you know better. Sign with a qualified signature (firma digitale)."),
    'no_secure_device': _lt(
        "The certificate of %(signer)s, issued by %(issuer)s, does not say that its key is kept in a secure device, as "
        "a firma digitale demands: ask the provider, or sign with another one."),
    'not_for_signatures': _lt(
        "The certificate of %(signer)s, issued by %(issuer)s, is for the seals of organisations or for web sites, not "
        "for a person's signature: sign with a person's certificate."),

    # who signed
    'no_tax_code': _lt(
        "The certificate of %(signer)s holds no Italian tax code: check yourself that the right person signed."),
    'not_the_applicant': _lt(
        "Signed by %(signer)s, not by the applicant: this is right only for an intermediary whom the applicant "
        "appointed. Otherwise have the applicant sign."),
    'the_applicant': _lt("Signed by the applicant, %(signer)s."),

    # the document
    'no_pdf': _lt("The signed document is not a PDF: sign the power of attorney as it was downloaded."),
    'same_document': _lt("The signed document is the power of attorney of this filing."),
    'completed_document': _lt("The signed document is the power of attorney of this filing, with something filled in "
                              "or added."),
    'other_filing': _lt(
        "The signed document is the power of attorney of another filing, %(filing)s: upload it there, and here the one "
        "of this filing."),
    'other_document': _lt(
        "The signed document is not the power of attorney that was downloaded for this filing: compare them. If it is "
        "the right one nevertheless (a scan, a copy printed anew), send it with a reason."),
    'nothing_to_compare': _lt(
        "The power of attorney of this filing was not downloaded yet, so the signed document was compared with "
        "nothing: look yourself whether it is the right one."),
    'not_checked': _lt(
        "Not checked here, because it takes more than the file: whether the issuer is a qualified authority, and "
        "whether the certificate was revoked or suspended."),
}

# What a finding means of the identity document beside the signed power of attorney, where that is something else than
# of the power of attorney itself: code -> level, sentence. It is sent along unless there is an error.
IDENTITY_FINDINGS = {
    **dict.fromkeys(('empty', 'unsigned_pdf', 'signed_pdf', 'encrypted', 'not_signed'), (ERROR, _lt(
        "It is not a digitally signed file in the CAdES format, whatever its name, and the service takes no other "
        "(.p7m). Have it signed as well and upload that file, or have it put into the PDF of the power of attorney "
        "before that is signed."))),
    **dict.fromkeys(('trailing_data', 'too_nested', 'too_complex', 'unreadable'), (ERROR, _lt(
        "It cannot be read as one signed file: sign the identity document anew, and upload that file alone."))),
    'too_large': (ERROR, _lt(
        "It is larger than %(megabytes)s MB: make the identity document smaller, have it signed anew and upload that "
        "file.")),
    'tampered': (ERROR, _lt("The document was changed after %(signer)s signed it: have the identity document signed "
                            "anew.")),
    **dict.fromkeys(('same_document', 'completed_document'), (ERROR, _lt(
        "It is the power of attorney once more: upload the signed identity document here, or remove the file."))),
    'no_pdf': (WARNING, _lt("What was signed is not a PDF: check that it can be read. A signed PDF is safer.")),
    **dict.fromkeys(('other_document', 'nothing_to_compare'), (FINE, None)),
}

# What is said beside the findings, and is none: no tick stands before it.
NOTES = frozenset({'not_checked'})

# (kind, qualification) -> reason code (L. 207/2024 art. 1 c. 860 as in force since DL 159/2025; the chambers'
# instructions)
QUALIFICATION_REASONS = {
    ('administrator', 'LIQUIDATORE'): 'liquidator_exempt',
    ('administrator', 'CURATORE_FALLIMENTARE'): 'procedure_own_pec',
    ('administrator', 'COMMISSARIO_GIUDIZIARIO'): 'procedure_own_pec',
    ('administrator', 'SOCIO'): 'not_an_administrator',
    ('administrator', 'TITOLARE'): 'not_an_administrator',
    ('company', 'CURATORE_FALLIMENTARE'): 'procedure_own_pec',
    ('company', 'COMMISSARIO_GIUDIZIARIO'): 'procedure_own_pec',
}

# Errors in production, warnings in the sandbox: the vendor's own sample (cf_piva 12345678910) has one, and its sandbox
# need not know real domains.
LENIENT_IN_SANDBOX = frozenset({'code_check', 'code_office', 'domain_not_certified'})

# ------------------------------------------------------------ money

# State of a line of the journal -> what is known of the money. That a list lacks a call is no knowledge.
MONEY_BY_STATE = {
    'pending': 'unknown',
    'accepted': 'paid',
    'refused': 'nothing',
    'not_sent': 'nothing',
    'never_arrived': 'unknown',
    'lost': 'unknown',
}

# ------------------------------------------------------------ refusals

# (operation, code of the vendor) -> what a person should know and do. The vendor's own words follow in brackets.
REFUSAL_SENTENCES = {
    ('create', '336'): _lt("The service does not accept this PEC address. Correct it and submit again."),
    ('create', '344'): _lt("The service misses a piece of data. Complete it and submit again."),
    ('documents', '353'): _lt("The service does not recognise this filing's identifier. Refresh the filing."),
    ('documents', '354'): _lt("The service does not know this filing. Refresh it, then ask Openapi's support."),
    ('documents', '355'): _lt("The service does not take these documents now. Refresh the filing to see its state."),
    ('documents', '356'): _lt("The service received no document. Upload the signed file again."),
}

# ------------------------------------------------------------ what went wrong in a conversation with the service

# `reason` of an error of tools/api/errors.py, which has our own English words -> the same for people. The service's own
# words stay as they are.
ERROR_SENTENCES = {
    'no_https': _lt("The address of the service must begin with https://"),
    'no_token': _lt("There is no usable token"),
    'neutralised': _lt("This database is a neutralised copy: it cannot reach the production service"),
    'production_address': _lt("The address of the service is a production one, and the company's environment is the "
                              "sandbox"),
    'suspended': _lt("The server was suspended, or busy, right before the call"),
    'unread_before': _lt("The mailbox could not be read before the call"),
    'changed': _lt("The mailbox has changed at the service"),
    'unreached': _lt("The service could not be reached or did not answer (%(detail)s)"),
    'too_many': _lt("Too many requests"),
    'unreadable': _lt("The service answered with HTTP status %(status)s and nothing that can be read"),
    'too_large': _lt("The service's answer is too large"),
    'cut_off': _lt("The service's answer was cut off"),
    'too_slow': _lt("The service answers slowly"),
    'no_record': _lt("The service's answer holds no record"),
    'no_mailbox': _lt("The service's answer holds no mailbox"),
    'other_record': _lt("The service answered with another record"),
    'other_filing': _lt("The service answered with another filing"),
    'other_mailbox': _lt("The service answered with another mailbox"),
    'list_unreadable': _lt("The service's list cannot be read"),
    'availability_untold': _lt("The service does not tell whether the address is free"),
    'no_document': _lt("The document does not exist yet"),
    'no_pdf': _lt("The service answered with HTTP status %(status)s and no PDF (%(detail)s)"),
}

# ------------------------------------------------------------ lost answers

# What is said of a call that was looked for and not found (yet): whether it is one that costs nothing -> sentence.
WAITING_SENTENCES = {
    False: _lt(
        "The answer to the call was lost, and whether it was executed and paid is not known. It is not repeated."),
    True: _lt(
        "The answer to the call was lost, and whether it was executed is not known; it is free in either case. It is "
        "not repeated."),
}
# What is said of the looks for it: why not to be believed, what a list shows, and what a record shows -> sentence.
LOOKED_SENTENCES = {
    'never': _lt("Since %(since)s Odoo has looked for it, and no answer of the service could be believed yet. Odoo "
                 "goes on looking."),
    'list': _lt(
        "Since %(since)s Odoo has looked for it %(looks)s times with an answer that can be believed, did not find it, "
        "and goes on looking."),
    'change': _lt(
        "Since %(since)s Odoo has asked the service %(looks)s times with an answer that can be believed; it does not "
        "show that the call was executed, and Odoo goes on looking."),
}
# What is to be done about a call that was looked for in vain -> the sentence of the record, and the summary of an
# activity: of what a list shows, and of a change.
NEXT_STEPS = {
    'manager': (
        _lt("Look into the Openapi console; a manager then presses \"Decide\"."),
        _lt("Look into the Openapi console: this call is not found. If it is not there, free it"),
        _lt("Look into the Openapi console: this call does not show. If it was not executed, free it")),
    'left': (
        _lt("A manager then presses \"Decide\"."),
        _lt("This call was made in another Openapi account: look into its console. If it is not there, free it"),
        _lt("This call was made in another Openapi account: look into its console. If it was not executed, free it")),
    'administrator': (
        _lt("Look into the Openapi console. While no look can be believed, only a system administrator can free the "
            "call, with \"Decide\"."),
        _lt("No look for this call can be believed: look into the Openapi console; if it is not there, a system "
            "administrator frees it"),
        _lt("No look for this call can be believed: look into the Openapi console; if it was not executed, a system "
            "administrator frees it")),
    'account': (
        _lt("Have an administrator correct the token or the address of the service in the settings first: then Odoo "
            "looks where the call was made."),
        _lt("This call cannot be looked for: have an administrator correct the token of its Openapi account first"),
        _lt("This call cannot be looked for: have an administrator correct the token of its Openapi account first")),
}
# What is said of a call that was freed: whether it is one that costs nothing -> sentence.
FREED_SENTENCES = {
    False: _lt(
        "The call was looked for %(looks)s times in the service's list and not found: probably it was not executed and "
        "nothing was spent, but that is not certain: if it was executed after all, a new call is paid again. Odoo goes "
        "on looking for it for 30 days. Look into the Openapi console, then submit again if it is still wanted."),
    True: _lt(
        "The call was looked for %(looks)s times at the service and not found: probably it did not arrive. It costs "
        "nothing: send again."),
}
# The same of a change of a mailbox: unchanged is no knowledge either.
FREED_CHANGE = _lt(
    "The service was asked %(looks)s times and does not show that the call was executed: probably nothing was spent, "
    "but that is not certain: if it was executed after all, a new call is paid again. Look into the Openapi console, "
    "then ask for it again if it is still wanted.")
# The same of a call that a system administrator has freed although no two looks could be believed: whether a list shows
# it -> sentence.
FREED_UNBELIEVED = {
    True: _lt(
        "A system administrator has freed the call, although too few looks for it could be believed: whether it was "
        "executed and paid is not known. If it was, a new call is paid again. Odoo goes on looking for it for 30 days. "
        "Look into the Openapi console, then submit again if it is still wanted."),
    False: _lt(
        "A system administrator has freed the call, although too few looks for it could be believed: whether it was "
        "executed and paid is not known. If it was, a new call is paid again. Look into the Openapi console, then ask "
        "for it again if it is still wanted."),
}
# What is said of a call that was made in an account that its company has left, and of one that was freed nevertheless:
# whether it costs nothing -> sentence.
LEFT_CALL = _lt(
    "The call was made in another Openapi account (%(account)s) than the one whose token is in the settings now. With "
    "this token Odoo cannot look there, and nothing is known of the call since %(since)s: look into the console of "
    "that account.")
FREED_LEFT = {
    False: _lt(
        "It was freed: whether it was executed and paid is not known. If it was, a new call is paid again: submit "
        "again only if it is not in that console and still wanted. Odoo finds the call there only if that account's "
        "token is set again."),
    True: _lt("It was freed: whether it was executed is not known; it is free in either case."),
}
# What is said of a record that is given up although an earlier call of it was not found.
GIVEN_UP_SENTENCE = _lt(
    "given up. Whether its earlier call was executed and paid is not certain: Odoo goes on looking for it for 30 days "
    "after it was freed.")
# The same of a change of a mailbox that is given up, and what is added where a later call of any record was refused or
# not sent.
GIVEN_UP_CHANGE = _lt(
    "given up: %s. Whether its earlier call was executed and paid is not certain: look into the Openapi console.")
EARLIER_CALL = _lt("Whether an earlier call, which was not found, was executed and paid is not certain.")
# The same before the click that pays again.
PAID_AGAIN = _lt(
    "An earlier call for the same was not found, and whether it was executed and paid is not certain: if it was, a new "
    "call is paid again. Look into the Openapi console first.")
# What is said of a call that was left pending when another one has made what is followed.
LEFT_CREATION = _lt(
    "The answer to one call for this is still missing, and what is followed here was made by another one: whether the "
    "first was executed and paid as well is not known. Odoo goes on looking for it for 30 days.")
IN_SANDBOX = _lt("In the sandbox nothing is paid: nothing was spent twice, and nothing is to be refunded.")
# Why a list that does not show a call decides nothing: name -> sentence.
DOUBTS = {
    'unreadable': _lt("The service's list holds rows that cannot be read."),
    'incomplete': _lt("The service's list is not complete: it lacks a record that exists."),
    'missing': _lt("The service's list lacks records that it showed before, and they cannot be read now."),
    'other_account': _lt(
        "The account at the service is perhaps another one than the one that was called: its token or address has "
        "changed since."),
    'details': _lt("The details of a record that may be this one cannot be read now."),
    'token': _lt("The service does not accept the token, or it is missing."),
    'service': _lt("The service cannot be asked now."),
}
# What is wrong with the list itself: an administrator can accept it for an account.
LIST_DOUBTS = ('unreadable', 'incomplete', 'missing')
# With this begins what stands for an account whose name nobody knew when it was called: what tells its token from
# others follows.
UNKNOWN_ACCOUNT = '?'
# Why nothing is freed, nor paid again, while it is not known whether the token leads to the account that was used
# before.
UNSURE_CALL = _lt(
    "the token or the address of the service has changed, and the account is perhaps another one than the one that was "
    "called, so that what is not found here may be there. Correct the token in the settings first; if it is meant to "
    "be another account, a manager says so with \"It Is Another Account\"")

# ------------------------------------------------------------ gone at the service

# What the service does not know any more: model -> sentence.
GONE_SENTENCES = {
    'openapi_pec.communication': _lt(
        "The service does not know this filing any more. %(money)s Ask Openapi's support, with the identifier %(id)s. "
        "If nothing comes of it any more, a manager presses \"Decide\" and closes it; then it no longer stands in the "
        "way of another filing."),
    'openapi_pec.mailbox': _lt(
        "The service does not know this mailbox any more. %(money)s Ask Openapi's support, with the identifier %(id)s. "
        "If nothing comes of it any more, a manager presses \"Decide\" and closes it; then its address no longer "
        "stands in the way of another mailbox."),
}
# The same of what was made in another account than the one that the company has now: nothing is known of it, and it is
# not gone.
ELSEWHERE_SENTENCES = {
    'openapi_pec.communication': _lt(
        "This filing was made in another Openapi account (%(account)s) than the one whose token is in the settings "
        "now, so Odoo cannot follow it: that it is not shown here says nothing. It exists there, as far as is known: "
        "do not submit it again. To follow it, an administrator sets the token of that account again; otherwise look "
        "into the console of that account. If it is given up there, a manager presses \"Decide\" and closes it; then "
        "it no longer stands in the way of another filing."),
    'openapi_pec.mailbox': _lt(
        "This mailbox was bought in another Openapi account (%(account)s) than the one whose token is in the settings "
        "now, so Odoo cannot follow it: that it is not shown here says nothing. It exists there, as far as is known: "
        "do not buy it again. To follow it, an administrator sets the token of that account again; otherwise look into "
        "the console of that account. If it is given up there, a manager presses \"Decide\" and closes it; then its "
        "address no longer stands in the way of another mailbox."),
}
# What is to be known before it is closed nevertheless, and what is said of it then: model -> sentence.
LEFT_SENTENCES = {
    'openapi_pec.communication': _lt(
        "This filing was made in another Openapi account (%(account)s) than the one used now. %(money)s The service "
        "may still carry it out there: look into the console of that account first, for the identifier %(id)s. If it "
        "is filed there, another one is filed, and paid, a second time."),
    'openapi_pec.mailbox': _lt(
        "This mailbox was bought in another Openapi account (%(account)s) than the one used now. %(money)s The service "
        "may still run it there, and renew it: look into the console of that account first, for the identifier %(id)s."),
}
CLOSED_ELSEWHERE_SENTENCES = {
    'openapi_pec.communication': _lt(
        "Closed, because it was made in another Openapi account (%(account)s) than the one used now. %(money)s The "
        "service may still carry it out there: look into the console of that account, for the identifier %(id)s. If it "
        "is still wanted and not filed there, press \"File Again\": a new filing, which is paid anew. When that "
        "account's token is set again and it shows, Odoo follows it again."),
    'openapi_pec.mailbox': _lt(
        "Closed, because it was bought in another Openapi account (%(account)s) than the one used now. %(money)s The "
        "service may still run it there, and renew it: look into the console of that account, for the identifier "
        "%(id)s. When that account's token is set again and it shows, Odoo follows it again."),
}
# What is known of the money of what is gone: `money` of the call that made it -> sentence; False when Odoo made none.
GONE_MONEY = {
    'paid': _lt("It was paid for, and whether Openapi gives the money back only Openapi can say."),
    'nothing': _lt("Nothing was spent for it."),
    'unknown': _lt("Whether it was paid for is not known."),
    False: _lt("It was made outside Odoo, and whether it was paid for is not known here."),
}

# What is said of it when it is closed: model -> sentence.
CLOSED_SENTENCES = {
    'openapi_pec.communication': _lt(
        "Closed, because the service does not know this filing any more. %(money)s If it is still wanted, press \"File "
        "Again\": a new filing, which is paid anew."),
    'openapi_pec.mailbox': _lt(
        "Closed, because the service does not know this mailbox any more. %(money)s If it is still wanted, buy a new "
        "one, starting from the contact; it is paid anew."),
}

# ------------------------------------------------------------ terms

# What the others cost stands in data/openapi_pec_price.xml.
TOKEN_STATUSES = (401, 403)  # of HTTP: the token is refused, and not what was sent
CREATIONS = ('create', 'mailbox_create')  # paid, and found again by the list alone
FREE_OPERATIONS = ('documents', 'mailbox_activate', 'mailbox_revoke')
# What a User may have made: it costs nothing, and delivers what was signed.
USER_OPERATIONS = ('documents', 'mailbox_activate')
# Made in the record's environment, whichever one its company uses now; all others wait until it is the company's again.
ANY_ENVIRONMENT = ('documents',)
# Whether an operation is free -> what there is to know while its answer is missing.
UNKNOWN_SENTENCES = {
    False: _lt(
        "The service has not answered in time, so it is not known yet whether the call was executed and paid. "
        "It is not repeated: Odoo reads the service's own list until it knows. You need not do anything now."),
    True: _lt(
        "The service has not answered in time, so it is not known yet whether the call was executed. It is free in "
        "either case. It is not repeated: Odoo reads at the service what became of it until it knows. You need not do "
        "anything."),
}
DOMAIN_DAYS = 30  # for which an answer about a domain is believed
EXPECTED_WORKING_DAYS = 2  # the vendor's "48 working hours"
LATE_WORKING_DAYS = 6

RETRY_MINUTES = (1, 5, 15, 60)  # pauses after a call that was certainly not sent; the last one repeats
NO_CREDIT_PAUSE_MINUTES = 60
# When a call whose answer was lost is looked for: minutes since it was made, each hour of a day, then each day.
LOOK_MINUTES = (1, 5, 15, *range(60, 24 * 60 + 1, 60))
LAST_LOOK_MINUTES = 24 * 60
LOOKS_APART_MINUTES = 10  # between two looks after which a manager may free what was not found
LOOK_DAYS = 30  # for which what was freed goes on being looked for
DECIDE_HOURS = 24  # after which somebody is asked to decide, unless set otherwise
# for all that a person's request reads at the service; what is not read by then is left to the scheduled jobs
REQUEST_SECONDS = 15
LOOK_SECONDS = 60  # for which a list is fresh enough to pay what it does not show
BLIND_MINUTES = 30  # without a list, after which a manager may submit without a look
TAKE_SECONDS = 30  # after which a call that was taken is not made any more: its process must have slept
CLOCK_SKEW_HOURS = 1  # by how much the service's clock may be behind ours
SLICE_SIZE = 500  # filings written at once by the synchronisation
MISSING_PER_RUN = 20  # filings that the list lacks, asked one by one in a run
PROCURE_PER_RUN = 20  # powers of attorney downloaded in a run
PARALLEL_CALLS = 8  # of one company, made by the scheduled job at a time, unless set otherwise
MAX_MEGABYTES = 20  # of a signed document, unless set otherwise
PROCURE_PER_ARCHIVE = 500  # powers of attorney downloaded as one file

# ------------------------------------------------------------ the signer's page

# State of a filing in which its page lives -> what there is to know now. In all others it is not found.
SIGNER_SENTENCES = {
    'queued': _lt("The filing is on its way to the service. There is nothing to do for you now."),
    'unconfirmed': _lt("The filing is on its way to the service. There is nothing to do for you now."),
    'code_requested': _lt("The power of attorney is being prepared. Come back when you are told that it is ready."),
    'awaiting_documents': _lt("The power of attorney waits for your digital signature."),
    'documents_uploaded': _lt(
        "The signed power of attorney has been delivered, and is being filed with the business register. There is "
        "nothing to do for you now."),
    'completed': _lt("The filing is completed. There is nothing left to do for you here."),
}
# The same while the service does not know it, or another account has it.
SIGNER_AWAY_SENTENCE = _lt(
    "Nothing has to be done at present: who sent you the link tells you if you are needed again.")
SIGNER_DAYS = 30  # for which the page of a completed filing lives on
SIGNER_UPLOADS = 20  # files judged for one filing in a day
# for which a visitor's request judges what he uploaded, before it is left to the scheduled job
SIGNER_JUDGE_SECONDS = 1
SIGNER_JUDGE_ATTEMPTS = 3  # to judge an upload: what ends the process each time cannot be judged
SIGNER_RESULT_DAYS = 7  # for which the page tells why an upload was not kept
# How a file begins -> as what it is kept and served, whatever its name says; what is not here is offered to be saved,
# and never shown.
FILE_TYPES = {
    b'%PDF-': 'application/pdf',
    b'\xff\xd8\xff': 'image/jpeg',
    b'\x89PNG\r\n\x1a\n': 'image/png',
    b'II*\0': 'image/tiff',
    b'MM\0*': 'image/tiff',
    b'0\x80': 'application/pkcs7-mime',
    b'0\x81': 'application/pkcs7-mime',
    b'0\x82': 'application/pkcs7-mime',
    b'0\x83': 'application/pkcs7-mime',
    b'0\x84': 'application/pkcs7-mime',
    b'': 'application/x-unknown',
}
# The context in which such files become attachments: neither unpacked to be searched nor shrunk as pictures.
FROM_OUTSIDE = {'openapi_pec_from_outside': True, 'image_no_postprocess': True}
SIGNERS_NAMED = 10  # in what is shown after a click
DOCUMENTS_PER_MAIL = 20
MAIL_INFLATION = 1.4  # what a file grows by in a mail (base64 and its line breaks)
MAIL_TEXT_SIZE = 2**18  # bytes of a mail besides its documents, generously
MAIL_PAUSE_MINUTES = 1  # before something is mailed by itself: what arrives meanwhile for the same person goes along

# What is told of a signed file to its signer in other words than to the people of Odoo: code of a finding -> sentence.
SIGNER_FINDINGS = {
    **dict.fromkeys(('other_document', 'other_filing'), _lt(
        "The signed document is not the power of attorney that was downloaded for this filing: download it again from "
        "this page, sign that file as it is, and upload it.")),
    'unsigned_pdf': _lt(
        "This PDF is not signed digitally: sign it with your signature program or app in the CAdES format, as this "
        "page tells, and upload the file that ends in .p7m."),
    'empty': _lt("No file was chosen, or it is empty: choose the signed file and upload it again."),
    'unreadable': _lt(
        "This file could not be judged: sign the power of attorney again, and ask who sent you the link if it happens "
        "again."),
    'no_tax_code': _lt("The certificate of %(signer)s holds no Italian tax code: who sent you the link will check who "
                       "signed."),
    'not_qualified': _lt(
        "The certificate of %(signer)s, issued by %(issuer)s, does not call itself qualified: the office may refuse "
        "it. Sign with a qualified signature (firma digitale) if you have one."),
}

# ------------------------------------------------------------ filings made elsewhere

IMPORT_SLICE = 20  # details read, then taken over at once
IMPORT_PER_RUN = 200  # details read in a run of the job
IMPORT_FAILURES = 3  # details that cannot be read, after which the run leaves the account alone
IMPORT_PAUSE_MINUTES = 10  # before the job goes on with what could not be read
SAFE_MINUTES = 10  # a younger filing may be one whose answer is on its way
# Of what was made outside Odoo the service does not tell whose PEC it is: (qualification of the person) -> kind,
# company otherwise.
KIND_BY_QUALIFICATION = {'AMMINISTRATORE': 'administrator'}

# ------------------------------------------------------------ filings from a spreadsheet

MAX_CELL_LENGTH = 500  # characters
MAX_IMPORT_ERRORS = 50  # rows told of at once
# Language -> example file; the first for all others.
IMPORT_TEMPLATES = {
    'en': '/l10n_it_openapi_pec/static/xlsx/pec_communications.xlsx',
    'it': '/l10n_it_openapi_pec/static/xlsx/comunicazioni_pec.xlsx',
}

# ------------------------------------------------------------ signed files that come back together

# What is read of an upload at the most: tools/upload/zip_reader.py, Limits. How large one file may be is the companies'
# setting.
RECEIVE_LIMITS = {'size': 200 * 2**20, 'entries': 4000, 'total_size': 300 * 2**20, 'ratio': 100}
RECEIVE_SLICE = 100  # files kept at once
RECEIVE_SECONDS = 40  # in which an upload is judged: well within what Odoo grants a request

# What became of a file of an upload, in the order in which a person wants to look at them.
RECEIVED = WARNED, REFUSED, UNMATCHED, GOOD, SENT, DELIVERED, DUPLICATE, IGNORED = (
    'warning', 'refused', 'unmatched', 'good', 'sent', 'delivered', 'duplicate', 'ignored')

# code -> (what became of the file, sentence)
RECEIVE_FINDINGS = {
    # tools/upload/zip_reader.py: a zip
    'no_zip': (REFUSED, _lt(
        "This is not a zip: make one of the signed files with the computer's own command, or upload them by themselves.")),
    'zip_damaged': (REFUSED, _lt("This zip is damaged, so nothing of it was read: fetch or make it again, and upload "
                                 "it anew.")),
    'zip_too_large': (REFUSED, _lt("This zip is larger than %(megabytes)s MB: divide the files among several zips.")),
    'no_files': (REFUSED, _lt("There are no files in this zip: put the signed files into it and upload it anew.")),

    # tools/upload/zip_reader.py: an entry
    'folder': (IGNORED, _lt("A folder: the files in it stand here by themselves.")),
    'clutter': (IGNORED, _lt("Made by the computer beside the files: nothing is missed without it.")),
    'link': (REFUSED, _lt("This is a link to a file elsewhere, and was not followed: put the signed file itself into "
                          "the zip.")),
    'outside': (REFUSED, _lt(
        "This name leads out of the zip, as no program of good faith writes it, so the file was not read: upload the "
        "signed file by itself, once you know where it comes from.")),
    'encrypted': (REFUSED, _lt("This file is encrypted in the zip: make the zip anew without a password.")),
    'method': (REFUSED, _lt(
        "This file is packed in an unusual way: make the zip anew with the computer's own command, or upload the file "
        "by itself.")),
    'broken': (REFUSED, _lt("This file is damaged in the zip: fetch or make the zip again, or upload the file by "
                            "itself.")),
    'lying_size': (REFUSED, _lt(
        "The zip states another size of this file than it has, so the file was not read: make the zip again, or upload "
        "the file by itself.")),
    'entry_too_large': (REFUSED, _lt(
        "The file is larger than %(megabytes)s MB: sign the power of attorney as it was downloaded, and upload that.")),
    'bomb': (REFUSED, _lt("This file unpacks to far more than any signed document, so it was not read: ask where it "
                          "comes from.")),
    'all_too_large': (REFUSED, _lt("The upload unpacks to too much, so this file was not read: upload it with fewer "
                                   "others.")),
    'nested_zip': (REFUSED, _lt(
        "This is a zip within the zip, which is not opened: unpack it and put its files into the zip themselves. If "
        "the signature program made it (ASiC format), sign again and choose CAdES.")),
    'too_many': (REFUSED, _lt("What follows was not read, as there are too many files: upload the others in a zip of "
                              "their own.")),
    'too_long': (
        REFUSED, _lt("The files before this one took too long to be judged: upload this one with fewer others.")),

    # what it is compared with
    'no_filing': (UNMATCHED, _lt(
        "Signed, but not the power of attorney of any filing that you see in the companies switched on: was it signed "
        "as it was downloaded? A scan, or a copy printed anew, is uploaded on its filing.")),
    'several_filings': (UNMATCHED, _lt("The same power of attorney belongs to %(filings)s: upload the file on the "
                                       "right one.")),
    'delivered': (DELIVERED, _lt("This filing does not wait for its signature: there is nothing to send.")),
    'same_file': (DUPLICATE, _lt("The same file as %(name)s.")),
    'same_filing': (DUPLICATE, _lt("For the same filing there is %(name)s as well: that file is taken.")),
}

# ------------------------------------------------------------ looking at many

# The way of every filing that nothing happens to; shown also when no filing is there.
MAIN_STATES = ('draft', 'code_requested', 'awaiting_documents', 'documents_uploaded', 'completed')

# state, or what is known beyond it -> (percent of the way, what goes on and who has to do something)
PROGRESS = {
    'draft': (0, _lt("Being prepared: a manager submits it.")),
    'queued': (10, _lt("Submitted: Odoo is about to send it.")),
    'held': (10, _lt("Not sent: the service has a filing that may be this one, and a manager says whether it is.")),
    'blind': (10, _lt("Not sent: the service's list cannot be read, and a manager may submit it without a look.")),
    'unconfirmed': (10, _lt("Sent, and not known yet whether the service has it: Odoo is finding out, and nothing has "
                            "to be done now.")),
    'free': (10, _lt("Sent, and not found at the service: a manager decides, after a look into the Openapi console.")),
    'unbelieved': (10, _lt(
        "Sent, and no look for it can be believed: a system administrator decides, after a look into the Openapi "
        "console.")),
    'wrong_account': (10, _lt(
        "Sent, and not to be found with the present token: an administrator corrects the token of the Openapi account "
        "first.")),
    'left': (10, _lt(
        "Sent in another Openapi account than the one used now: a manager decides, after a look into the console of "
        "that account.")),
    'ambiguous': (10, _lt("Several filings at the service look like it: a manager chooses which one it is.")),
    'code_requested': (30, _lt("The service prepares the power of attorney, expected by %(expected)s.")),
    'awaiting_today': (50, _lt("The power of attorney waits to be signed, since today.")),
    'awaiting_yesterday': (50, _lt("The power of attorney waits to be signed, since yesterday.")),
    'awaiting_documents': (50, _lt("The power of attorney waits to be signed, for %(days)s days now.")),
    'signed': (60, _lt("Signed: the documents are to be sent.")),
    'queued_documents': (65, _lt("Odoo is about to send the signed documents.")),
    'documents_uploaded': (75, _lt("Delivered: the service files it with the register.")),
    'completed': (90, _lt("Filed: record what the chamber of commerce answers.")),
    'answered': (100, _lt("Filed, and the chamber of commerce has answered.")),
    'refused': (100, _lt("The chamber of commerce has refused it: file it again, corrected.")),
    'failed': (0, _lt("Not filed and nothing spent: correct it and submit it again.")),
    'failed_token': (0, _lt(
        "Not filed and nothing spent: have the token of the Openapi account corrected in the settings, then submit it "
        "again.")),
    'gone': (0, _lt("Gone: the service does not know it any more. Ask Openapi's support; a manager closes it with "
                    "\"Decide\".")),
    'elsewhere': (0, _lt(
        "Made in another Openapi account: an administrator sets the token of that account again, or a manager closes "
        "it with \"Decide\".")),
    'freed': (0, _lt(
        "Not found at the service, and not certain whether it was filed and paid: look into the Openapi console, then "
        "submit it again.")),
    'cancelled': (0, _lt("Given up before it was sent.")),
    'closed': (100, _lt("Closed by a manager, because the service does not know it any more.")),
    'closed_elsewhere': (100, _lt("Closed by a manager, because it was made in another Openapi account; it may still "
                                  "be filed there.")),
    'given_up': (0, _lt("Given up; not certain whether its earlier call was executed and paid.")),
}
# Why what is queued is not sent now: the account is paused, or a person has paused the batch.
WAITING_FOR = [
    ('credit', "A Top-Up"),
    ('token', "The Token"),
    ('rate', "The Service"),
    ('resumption', "Paused by Hand"),
    ('copy', "The Live Database"),
]
# What a queued filing is told to wait for instead.
WAITING_PROGRESS = {
    'credit': _lt("Not sent: the Openapi wallet is to be topped up."),
    'token': _lt("Not sent: the token of the Openapi account is to be corrected."),
    'rate': _lt("Not sent: the service asks for a pause between calls."),
    'resumption': _lt("Not sent: its batch is paused by hand."),
}
