from odoo import models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.errors import OpenapiPecError
from odoo.addons.l10n_it_openapi_pec.tools.lost_record import compare


class OpenapiPecRecordMixin(models.AbstractModel):
    """What a person is told before deciding on a lost answer, and what the decision does: see ``openapi_pec.choose``."""
    _inherit = 'openapi_pec.record.mixin'

    _compared_keys = {}  # field -> key of the request, of what is compared with a record at the service

    # ------------------------------------------------------------ what is told

    def _compare_remote(self, operation, data):
        """Return in words what of a record at the service agrees with the lost call, a line for each verdict.

        :param str operation: of the call.
        :param dict data: what the service tells, as :meth:`_read_remote` returns it.
        """
        body = self._prepare_request_body()
        labels = self._get_labels()
        labels = {key: labels[field] for field, key in self._compared_keys.items()}
        verdicts = compare(body, data, labels)
        differences = [self.env._(
            "%(field)s (there %(told)s, here %(sent)s)", field=labels[key], told=data[key], sent=body.get(key) or '—',
        ) for key in verdicts['differs']]
        return '\n'.join(sentence for sentence, found in [
            (self.env._("Agrees: %s.", ', '.join(labels[key] for key in verdicts['agrees'])), verdicts['agrees']),
            (self.env._("Differs: %s.", ', '.join(differences)), differences),
            (self.env._("Not told by the service: %s.", ', '.join(labels[key] for key in verdicts['unknown'])), verdicts['unknown']),
        ] if found)

    def _get_labels(self):
        """Return how the fields of this model are called in the reader's language: ``{field: label}``."""
        return {name: attributes['string'] for name, attributes in self.sudo().fields_get(attributes=['string']).items()}

    def _get_stato_label(self, stato):
        """Return what the service's ``stato`` means, in words."""
        states = dict(self._fields['state']._description_selection(self.env))
        return states.get(self._state_by_stato.get(stato)) or self.env._("\"%s\", which is not known here", stato or '—')

    # ------------------------------------------------------------ what is decided

    def _decide_executed(self, line, remote_id):
        """Take over that a call was executed, and made this record at the service, or changed it.

        :raise UserError: it cannot be read now, or is another record's already.
        """
        owner = self.search([('remote_id', '=', remote_id), ('environment', '=', line.environment), ('id', '!=', self.id)], limit=1)
        if owner:
            raise UserError(self.env._(
                "%(owner)s has become this record of the service meanwhile, so nothing was changed or spent. Close this and look at both.",
                owner=owner.display_name))
        try:
            found = self._read_remote(remote_id)
        except OpenapiPecError as error:
            raise UserError(self.env._(
                "The service cannot be asked now: %s. Nothing was changed or spent; try again later.", error.message.rstrip('.'),
            )) from error
        self._message_log(body=self._for_reader().env._(
            "%(user)s decided that the call was executed: it is %(id)s at the service.", user=self.env.user.name, id=remote_id))
        self._for_reader()._recover_line(line, [found])

    def _decide_not_executed(self, line):
        """Take over that a call was not executed, which nobody can know for certain; free it to be made again."""
        record = self._for_reader()
        record.candidates = False
        sentence = record.env._(
            "%(user)s decided that the call was not executed. That is probable, not certain: look at the Openapi console before you"
            " submit it again.", user=self.env.user.name)
        if line.operation not in const.FREE_OPERATIONS:
            sentence += ' ' + record.env._("If it was executed after all, it is paid, and a new call is paid again.")
        record._close_never_arrived(line, sentence)
