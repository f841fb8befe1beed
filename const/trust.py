"""What is found when a signature is verified beyond its file, and why a trusted list was not taken."""
from odoo.tools.translate import LazyTranslate

from .signature import SIGNATURE_FINDINGS

_lt = LazyTranslate(__name__, default_lang='en_US')

# Code of a finding of tools/trust -> sentence. The levels stand there. What a sentence may name is in the finding's
# values; moments are to be written as the reader writes them.
TRUST_FINDINGS = {
    'verification_failed': _lt(
        "Who signed could not be verified beyond the file: inform your Odoo administrator. Look yourself who issued "
        "the certificate and whether it was revoked, and have a manager send it with a reason."),

    # the trusted list
    'lists_unconfirmed': _lt(
        "Whether %(issuer)s, which issued the certificate of %(signer)s, is a qualified authority is not verified: no "
        "trusted list is fetched before a system administrator has confirmed who signs the European list of lists, "
        "under Configuration, Signers of the Trusted List."),
    'list_missing': _lt(
        "Whether %(issuer)s, which issued the certificate of %(signer)s, is a qualified authority could not be "
        "verified: the trusted list of its country (%(territory)s) is not here yet. Odoo fetches it in the background: "
        "verify again in some minutes."),
    'list_unavailable': _lt(
        "Whether %(issuer)s, which issued the certificate of %(signer)s, is a qualified authority could not be "
        "verified: the trusted list of its country (%(territory)s) cannot be had now. Odoo goes on trying; a "
        "system administrator sees why under Configuration, Trusted Lists."),
    'list_expired': _lt(
        "Whether %(issuer)s, which issued the certificate of %(signer)s, is a qualified authority cannot be verified "
        "now: the trusted list that is here (%(territory)s, number %(sequence)s) was valid until %(next_update)s. Odoo "
        "fetches the present one as soon as it can be had: verify again later."),

    # the chain to an authority of the list
    'certificate_missing': _lt(
        "A signature comes without its certificate, so nobody can verify who issued it: sign again and choose to "
        "include the certificate."),
    'issuer_not_listed': _lt(
        "%(issuer)s, which issued the certificate of %(signer)s, is not in the trusted list of qualified authorities: "
        "the office will refuse the signature. Sign with a qualified signature (firma digitale), or have a "
        "manager send it with a reason."),
    'issuer_forged': _lt(
        "The certificate of %(signer)s says that %(issuer)s issued it, and that authority's key did not sign it: it is "
        "forged or damaged. Ask the signer how he came by it, and have the document signed with another certificate."),
    'weak_certificate': _lt(
        "The certificate of %(signer)s was issued by %(issuer)s with %(hash)s, which can be forged: sign again with a "
        "newer certificate."),
    'weak_authority': _lt(
        "The key of %(issuer)s, which issued the certificate of %(signer)s, has only %(bits)s bits, fewer than the "
        "2048 that are asked for today: better sign with a newer certificate."),

    # what the list says of the authority
    'not_granted_at_issue': _lt(
        "%(issuer)s (%(provider)s) was not a qualified authority when it issued the certificate of %(signer)s on "
        "%(issued_on)s, by the trusted list %(territory)s number %(sequence)s: the office will refuse the signature. "
        "Sign with a qualified signature (firma digitale), or have a manager send it with a reason."),
    'not_granted_now': _lt(
        "%(issuer)s (%(provider)s), which issued the certificate of %(signer)s, is no qualified authority any more "
        "since %(since)s, by the trusted list %(territory)s number %(sequence)s: sign with a certificate of another "
        "authority, or have a manager send it with a reason."),
    'not_qualified_by_list': _lt(
        "The certificate of %(signer)s, issued by %(issuer)s, is not qualified by the trusted list %(territory)s "
        "number %(sequence)s: the office will refuse the signature. Sign with a qualified signature (firma digitale), "
        "or have a manager send it with a reason."),
    'not_for_signatures_by_list': _lt(
        "The certificate of %(signer)s, issued by %(issuer)s, is for the seals of organisations or for web sites by "
        "the trusted list %(territory)s number %(sequence)s, not for a person's signature: sign with a person's "
        "certificate, or have a manager send it with a reason."),
    'no_secure_device_by_list': _lt(
        "The key of %(signer)s is not kept in a qualified device, as a firma digitale demands, by the certificate and "
        "the trusted list %(territory)s number %(sequence)s: ask %(issuer)s, or sign with another certificate."),
    'qualifiers_unknown': _lt(
        "%(issuer)s, which issued the certificate of %(signer)s, is a qualified authority, but the trusted list "
        "%(territory)s number %(sequence)s says something of its certificates that is not understood here: look the "
        "authority up in the list of its country."),
    'qualified': _lt(
        "The certificate of %(signer)s was qualified when it was issued on %(issued_on)s, and is: %(issuer)s "
        "(%(provider)s) stands in the trusted list %(territory)s number %(sequence)s."),

    # when it was signed
    'stamped': _lt(
        "The signature of %(signer)s was there on %(stamped_at)s: that is proved by a time stamp of %(provider)s."),
    'time_stamp_not_trusted': _lt(
        "The signature of %(signer)s has a time stamp that proves nothing, since no qualified authority of the trusted "
        "lists that are here made it, or before the certificate began: the certificate was judged as it is now."),

    # whether the certificate was revoked
    'revoked': _lt(
        "The certificate of %(signer)s has been revoked since %(revoked_at)s, says %(host)s (%(source)s, asked on "
        "%(checked_at)s): sign again with a valid certificate."),
    'revoked_since': _lt(
        "The certificate of %(signer)s has been revoked since %(revoked_at)s, says %(host)s (%(source)s, asked on "
        "%(checked_at)s). By the signer's own clock he signed before, but no time stamp proves it: sign again with a "
        "valid certificate."),
    'suspended': _lt(
        "The certificate of %(signer)s has been suspended since %(revoked_at)s, says %(host)s (%(source)s, asked on "
        "%(checked_at)s): have %(issuer)s reactivate it and verify again, or sign with another certificate."),
    'revoked_later': _lt(
        "The certificate of %(signer)s was revoked or suspended on %(revoked_at)s, says %(host)s (%(source)s, asked on "
        "%(checked_at)s), after the time stamp proves that it had signed: the signature stays good."),
    'not_revoked': _lt(
        "The certificate of %(signer)s is not revoked, says %(host)s (%(source)s of %(told_at)s, asked on "
        "%(checked_at)s)."),
    'revocation_not_asked': _lt(
        "Whether the certificate of %(signer)s was revoked has not been asked yet since it signed: verify again."),
    'revocation_told_before': _lt(
        "Whether the certificate of %(signer)s was revoked before it signed is not known yet: what %(host)s told on "
        "%(checked_at)s (%(source)s), that it is not revoked, is of %(told_at)s, before the signature. Odoo asks every "
        "day while the file waits; or verify again later."),
    'revocation_not_named': _lt(
        "The certificate of %(signer)s does not name where one can ask whether it was revoked: ask %(issuer)s."),
    'revocation_address_refused': _lt(
        "Whether the certificate of %(signer)s was revoked was not asked: the address that it names is none of the "
        "public internet. Check who issued it."),
    'revocation_unreachable': _lt(
        "Whether the certificate of %(signer)s was revoked could not be asked on %(checked_at)s: %(issuer)s did not "
        "answer. Verify again later."),
    'revocation_too_large': _lt(
        "Whether the certificate of %(signer)s was revoked could not be asked on %(checked_at)s: the list of "
        "%(issuer)s is larger than what is read here. Ask the authority."),
    'revocation_unreadable': _lt(
        "Whether the certificate of %(signer)s was revoked could not be found out on %(checked_at)s: what came from "
        "the address of %(issuer)s is not signed by it, or not about this certificate. Verify again later."),
    'revocation_stale': _lt(
        "Whether the certificate of %(signer)s was revoked could not be found out on %(checked_at)s: what %(issuer)s "
        "published is out of date. Verify again later."),
    'revocation_unknown': _lt(
        "Whether the certificate of %(signer)s was revoked could not be found out on %(checked_at)s: %(issuer)s says "
        "that it does not know. Verify again later, or ask the authority."),

    # what Openapi reports
    'openapi_not_asked': _lt(
        "Nobody has had this file verified by Openapi: whether the issuer is a qualified authority, and whether the "
        "certificate was revoked, is not known."),
    'openapi_unreported': _lt(
        "Openapi, asked on %(checked_at)s, said nothing that can be told to be about the certificate of %(signer)s: "
        "whether it is qualified, and whether it was revoked, is not known."),
    'openapi_incomplete': _lt(
        "Openapi, asked on %(checked_at)s, has not said of all of this file whether it is good, or not so that it is "
        "understood here: look at it in the Openapi console, or ask the authority."),
    'openapi_not_verified': _lt(
        "Openapi, asked on %(checked_at)s, found this file as a whole not good: the office may refuse it. Have it "
        "signed again, or have a manager send it with a reason."),
    'openapi_whole': _lt("The signature of %(signer)s is whole, says Openapi (asked on %(checked_at)s)."),
    'openapi_not_whole': _lt(
        "The signature of %(signer)s is not whole, says Openapi (asked on %(checked_at)s): have it signed again, or "
        "have a manager send it with a reason."),
    'openapi_whole_untold': _lt(
        "Whether the signature of %(signer)s is whole, Openapi (asked on %(checked_at)s) did not say so that it is "
        "understood here."),
    'openapi_qualified': _lt(
        "The certificate of %(signer)s is qualified, and %(issuer)s stands in a trusted list, says Openapi (asked on "
        "%(checked_at)s)."),
    'openapi_issuer_revoked': _lt(
        "The certificate of %(issuer)s, which issued that of %(signer)s, is not valid, says Openapi (asked on "
        "%(checked_at)s): sign with a certificate of another authority."),
    'openapi_not_listed': _lt(
        "%(issuer)s, which issued the certificate of %(signer)s, is in no trusted list, says Openapi (asked on "
        "%(checked_at)s): the office will refuse the signature. Sign with a qualified signature (firma digitale), or "
        "have a manager send it with a reason."),
    'openapi_not_qualified': _lt(
        "The certificate of %(signer)s, issued by %(issuer)s, is not qualified, says Openapi (asked on "
        "%(checked_at)s): the office will refuse the signature. Sign with a qualified signature (firma digitale), or "
        "have a manager send it with a reason."),
    'openapi_qualified_untold': _lt(
        "Whether the certificate of %(signer)s is qualified, Openapi (asked on %(checked_at)s) said in a word that is "
        "not understood here (%(word)s): ask %(issuer)s."),
    'openapi_no_device': _lt(
        "The key of %(signer)s is not kept in a qualified device, as a firma digitale demands, says Openapi (asked on "
        "%(checked_at)s): ask %(issuer)s, or sign with another certificate."),
    'openapi_device_untold': _lt(
        "Whether the key of %(signer)s is kept in a qualified device, Openapi (asked on %(checked_at)s) said in a word "
        "that is not understood here (%(word)s): ask %(issuer)s."),
    'openapi_not_revoked': _lt(
        "The certificate of %(signer)s is not revoked, says Openapi (asked on %(checked_at)s)."),
    'openapi_not_revoked_then': _lt(
        "Whether the certificate of %(signer)s is revoked by now is not known: Openapi said on %(checked_at)s that it "
        "was not, which is long ago. Have the file verified again."),
    'openapi_revoked_on': _lt(
        "The certificate of %(signer)s has been revoked since %(revoked_at)s, says Openapi (asked on %(checked_at)s): "
        "sign again with a valid certificate."),
    'openapi_revoked': _lt(
        "The certificate of %(signer)s is revoked, says Openapi (asked on %(checked_at)s): sign again with a valid "
        "certificate."),
    'openapi_suspended': _lt(
        "The certificate of %(signer)s is suspended, says Openapi (asked on %(checked_at)s): have %(issuer)s "
        "reactivate it and have it verified again, or sign with another certificate."),
    'openapi_not_valid': _lt(
        "The certificate of %(signer)s is not valid, says Openapi (asked on %(checked_at)s): sign again with a valid "
        "certificate, or have a manager send it with a reason."),
    'openapi_status_untold': _lt(
        "Whether the certificate of %(signer)s was revoked, Openapi (asked on %(checked_at)s) said in a word that is "
        "not understood here (%(word)s): ask %(issuer)s."),
}

# Code of a problem with a list -> sentence for the administrator. The list that was there before stays in use.
LIST_PROBLEMS = {
    'list_too_large': _lt("The trusted list is larger than any that is published, and was not taken."),
    'list_unreadable': _lt("The trusted list cannot be read, and was not taken."),
    'list_dtd': _lt("The trusted list holds definitions (a DTD) that no such list has, and was not taken."),
    'list_kind': _lt("What was fetched is no trusted list, and was not taken: check the address."),
    'list_version': _lt(
        "The trusted list has the version %(version)s, which this program does not know, and was not taken: update the "
        "addon."),
    'list_territory': _lt("The trusted list is that of another country (%(territory)s), and was not taken."),
    'list_older': _lt("The trusted list is an older one (number %(sequence)s) than the one in use, and was not taken."),
    'list_not_signed': _lt("The trusted list is not signed, and was not taken."),
    'list_signed_twice': _lt("The trusted list has several signatures, and was not taken."),
    'list_signature_form': _lt(
        "The trusted list is signed in another way than the standard prescribes, and was not taken."),
    'list_signer_unknown': _lt(
        "The trusted list is signed with a certificate that nobody has confirmed (%(fingerprint)s), and was not taken. "
        "If it is the European list of lists, see under Configuration, Signers of the Trusted List, whether the one "
        "before has announced it (LOTL and a number), or compare the fingerprint with the notice in the Official "
        "Journal, and confirm it."),
    'list_signer_outdated': _lt(
        "The trusted list was issued on %(issued)s, when the certificate that signed it was not valid, and was not "
        "taken."),
    'list_signature_invalid': _lt("The signature of the trusted list is not valid: the list was not taken."),
    'list_changed': _lt("The trusted list was changed after it was signed, and was not taken."),
}

# What follows such a sentence: whether the list that was there before is in use -> sentence
AFTER_PROBLEM = {
    True: _lt("The one before stays in use until its date. Odoo fetches it again every day."),
    False: _lt("None is in use. Odoo fetches it again every day."),
}

# Code of a problem with an address -> sentence for the administrator.
FETCH_PROBLEMS = {
    'address_refused': _lt(
        "%(host)s was not asked: the address is none of the public internet, or not on the usual port."),
    'unreachable': _lt("%(host)s could not be reached, or broke off: try again later."),
    'too_slow': _lt("%(host)s did not answer in time: try again later."),
    'redirected': _lt("%(host)s sends to another host, which was not followed."),
    'refused': _lt("%(host)s answered with HTTP status %(status)s: try again later."),
    'too_large': _lt("%(host)s sends more than %(megabytes)s MB, and was not read to the end."),
}

# The same of what stops the fetching of a list here: code of ``problem`` of a list -> sentence.
OWN_PROBLEMS = {
    'anchors_unconfirmed': _lt(
        "Nobody has confirmed yet who may sign the European list of lists, with which all trust begins: compare the "
        "fingerprints under Configuration, Signers of the Trusted List, with the notice in the Official Journal, and "
        "confirm them."),
    'list_of_lists_missing': _lt(
        "This list was not fetched, because the European list of lists is not here, or is out of date: that one says "
        "where it is and who signs it."),
    'list_unlisted': _lt("The European list of lists names no list of %(territory)s."),
}
LIST_SENTENCES = {**LIST_PROBLEMS, **FETCH_PROBLEMS, **OWN_PROBLEMS}

# What is said of a signed file, with what is verified beyond it: code of a finding -> sentence.
VERDICT_FINDINGS = {**SIGNATURE_FINDINGS, **TRUST_FINDINGS}

# Steps of a verdict (``tools.trust.STEPS``) as a person is told of them; and of the last one, when nothing was asked.
STEP_TITLES = {
    'whole': _lt("Whole"),
    'qualified': _lt("Qualified"),
    'not_revoked': _lt("Not revoked"),
}
NOT_ASKED = _lt("Not asked: of what was not found to be qualified, nobody is asked whether it was revoked.")
