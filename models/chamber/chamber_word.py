from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.l10n_it_openapi_pec.tools.chamber_mail import words

SENDER, LOOK_ALIKE = 'sender', 'look_alike'
# Kinds that are compared as they are written, and not word by word.
WRITTEN_KINDS = (SENDER, LOOK_ALIKE)
MAX_LENGTH = 100  # characters


class OpenapiPecChamberWord(models.Model):
    """A phrase by which the chamber's mail is judged, or a domain it comes from: data that managers teach.

    They are phrases and no patterns: nobody can write one that takes long.
    """
    _name = 'openapi_pec.chamber_word'
    _description = "Word of the Chamber's Mail"
    _inherit = ['openapi_pec.input.mixin']
    _order = 'kind, name, id'

    kind = fields.Selection([
        ('irricevibile', "Not Receivable"),
        ('respinta', "Rejected"),
        ('sospesa', "Suspended"),
        ('evasa', "Entered in the Register"),
        ('protocollata', "Registered for Examination"),
        ('ricevuta', "Received"),
        (words.DOUBT, "Makes It Unclear"),
        (words.IGNORED, "Left Out"),
        (SENDER, "Chamber's Domain"),
        (LOOK_ALIKE, "Beginning of Another Subject"),
    ], "It Says", required=True,
        help="An outcome that the phrase proposes. Or: what makes an outcome unclear when it stands before it in its "
             "sentence (\"non\", \"potrebbe\"); what is left out before the text is read, such as a footer or the "
             "chamber's own tax code; a domain of which certified mail is the chamber's, those in it included; how the "
             "subject of something else begins.")
    name = fields.Char("Phrase", required=True, help="A * at the end of a word stands for any ending: evas* is evasa "
                                                     "and evasione.")
    is_weak = fields.Boolean(
        "Weak", help="It counts only where no other outcome is found: any message may name its \"numero di "
                     "protocollo\".")

    active = fields.Boolean(
        default=True, help="A phrase of the addon's own comes again with an update when it is deleted; archived, it "
                           "stays away.")

    @api.constrains('kind', 'name')
    def _check_name(self):
        for word in self:
            name = word.name.strip()
            if len(name) > MAX_LENGTH:
                raise ValidationError(self.env._("A phrase has at most %s characters.", MAX_LENGTH))
            parts = words.split_phrase(name)
            if word.kind not in WRITTEN_KINDS and (
                    not parts or len(parts) > words.MAX_PHRASE or any(len(part) < 3 for part in parts if '*' in part)):
                raise ValidationError(self.env._(
                    "Write one to %s words, with at least two letters before a *.", words.MAX_PHRASE))
            if word.kind == SENDER and ('.' not in name or not set(name) <= set(
                    'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-')):
                raise ValidationError(self.env._("Write a domain, such as camcom.it."))

    @api.model
    def _get_phrases(self):
        """Return the phrases as the tools read them (list of ``words.Phrase``)."""
        rows = self.sudo().search_fetch([('kind', 'not in', WRITTEN_KINDS)], ['kind', 'name', 'is_weak'])
        return [words.Phrase(row.kind, row.name, row.is_weak) for row in rows]

    @api.model
    def _get_written(self, kind):
        """Return what is compared as it is written (list): domains of senders, or beginnings of subjects."""
        return self.sudo().search_fetch([('kind', '=', kind)], ['name']).mapped('name')
