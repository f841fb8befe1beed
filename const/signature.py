"""What is found in a signed power of attorney."""
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__, default_lang='en_US')

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
    'mail_without_file': _lt(
        "This is an e-mail without a digitally signed file: upload the file ending in .p7m that the signature program "
        "made of the power of attorney."),
    'several_files': _lt(
        "Several digitally signed files are in this one: save the power of attorney (.p7m) from it, and upload that "
        "file alone."),
    'archive_attached': _lt(
        "This e-mail holds no .p7m file of its own, but an attachment (%(kind)s) that is not opened here: if the "
        "signed file is in there, take it out, and upload the .p7m file alone."),
    'outlook_mail': _lt(
        "This is an e-mail of Outlook (%(kind)s): open it, save the attached file that ends in .p7m, and upload that."),
    'archive': _lt("This is an archive (%(kind)s), which is not opened here: unpack it, and upload the .p7m file "
                   "alone."),
    'picture': _lt(
        "This is a picture (%(kind)s), and a photo or scan of a signature is no digital signature: sign the power of "
        "attorney as it was downloaded, and upload the file that ends in .p7m."),
    'office_document': _lt(
        "This is a document of an office program (%(kind)s), not the signed power of attorney: sign the PDF as it was "
        "downloaded, and upload the file that ends in .p7m."),
    'web_page': _lt(
        "This is a web page that was saved in the place of the file, often because the session had ended: fetch the "
        ".p7m file again, and upload it."),
    'xades': _lt(
        "This file is signed in the XAdES format (XML), which is refused: sign the power of attorney as it was "
        "downloaded in the CAdES format, and upload the file that ends in .p7m."),
    'shortcut': _lt("This is only a shortcut (%(kind)s) to the file: upload the .p7m file itself, from the folder in "
                    "which it stands."),
    'certificate_file': _lt(
        "This file holds a certificate or a key, and no document: upload the file ending in .p7m that the signature "
        "program made of the power of attorney. A key (.pfx, .p12) is nobody else's business."),
    'time_stamp': _lt(
        "This is a time stamp alone (.tsr), without the signed document: upload the file ending in .p7m that the "
        "signature program made of the power of attorney."),
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
        "This file could not be judged: sign the power of attorney again, and inform your Odoo administrator if this "
        "happens again."),
    'nested': _lt("The file was signed %(levels)s times, one signature around the other. All of them were checked."),

    # each signature
    'certificate_missing': _lt(
        "A signature comes without its certificate, so its owner is unknown: sign again and choose to include "
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
        "The signature of %(signer)s says that it was made with another certificate: sign again, with one "
        "certificate."),
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
    'identity_card_certificate': _lt(
        "%(signer)s signed with the electronic identity card (CIE), which makes an advanced signature, and the office "
        "asks for a qualified one: sign again with a qualified signature (firma digitale)."),
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
        "The certificate of %(signer)s, issued by %(issuer)s, does not call itself qualified, and the office asks for "
        "a qualified one: have it signed again with a qualified signature (firma digitale), unless you know that it "
        "is one."),
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
    'the_intermediary': _lt(
        "Signed by the appointed intermediary, %(signer)s, with the company's automatic certificate: who had it signed "
        "declared to hold the mandate."),

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

# State of a filing in which its page lives -> what there is to know now. In all others it is not found.
SIGNER_SENTENCES = {
    'queued': _lt("The filing is on its way to the service. There is nothing to do for you now."),
    'unconfirmed': _lt("The filing is on its way to the service. There is nothing to do for you now."),
    'code_requested': _lt("The power of attorney is being prepared. Come back when you are notified that it is ready."),
    'awaiting_documents': _lt("The power of attorney waits for your digital signature."),
    'documents_uploaded': _lt(
        "The signed power of attorney has been delivered, and is being filed with the business register. There is "
        "nothing to do for you now."),
    'completed': _lt(
        "Filed with the business register; the chamber of commerce has not answered yet. There is nothing to do for "
        "you now."),
}

# The same once the chamber of commerce has answered: status of a filing -> sentence.
SIGNER_CHAMBER_SENTENCES = {
    'examined': _lt("Filed: the chamber of commerce is examining it. There is nothing to do for you now."),
    'suspended': _lt(
        "The chamber of commerce has suspended the filing: who files it for you does what it asks for, and informs you "
        "if you are needed again."),
    'entered': _lt("The chamber of commerce has entered the PEC in the register. There is nothing left to do for you."),
    'refused': _lt(
        "The chamber of commerce has refused the filing, and the PEC is not entered in the register: who files it for "
        "you informs you if you have to sign again."),
}

# The same when the signed file has arrived, and while it is about to be delivered.
SIGNER_RECEIVED_SENTENCE = _lt(
    "The signed power of attorney has arrived; who files it for you goes on with it. There is nothing left to do for "
    "you.")
SIGNER_DOUBTED_SENTENCE = _lt(
    "The signed power of attorney has arrived and was kept, but something about it has to be looked at before it is "
    "sent: who files it for you looks at it, and informs you if you are needed again.")
SIGNER_SENDING_SENTENCE = _lt(
    "The signed power of attorney has arrived and is on its way to the service. There is nothing to do for you now.")

# The same while the service does not know it, or another account has it.
SIGNER_AWAY_SENTENCE = _lt(
    "Nothing has to be done at present: who sent you the link informs you if you are needed again.")

# What is said in the place of these of a trial: its outcome is the service's example, and reached nobody.
SIGNER_TRIAL_STATES = ('documents_uploaded', 'completed')
SIGNER_TRIAL_SENTENCE = _lt("Of a filing in earnest, this would stand here: \"%s\"")

# What the state of a filing is called for who signs it, and for the client, while its signed file is here.
SIGNED_STATUS = _lt("Signed, and Received")
SIGNED_STATES = ('awaiting_documents', 'queued', 'unconfirmed')

SIGNER_UPLOADS = 20  # files judged for one filing in a day

# The context in which such files become attachments: neither unpacked to be searched nor shrunk as pictures.
FROM_OUTSIDE = {'openapi_pec_from_outside': True, 'image_no_postprocess': True}
