from odoo import models
from odoo.fields import Domain

from .notice_list_line import ADDRESS, FOLLOWED, KNOWN, NO_ZEROS, NOTED, OTHER_PEC, PERSON, SENTENCES, UNREAD, UNTOLD


class OpenapiPecNoticeList(models.TransientModel):
    """Who on a chamber's list is one's own, found with a number of queries that does not grow."""
    _inherit = 'openapi_pec.notice_list'

    def _match(self, found):
        """Return what of a list is about somebody here, or could not be read.

        :param found: ``irregular_list.IrregularList``.
        :return: ``([values of lines], number of tax codes that are nobody's here)``
        :rtype: tuple
        """
        # Who is on it by a code in full as well is found by that.
        coded = sorted((entry for entry in found.entries if entry.identity), key=lambda entry: entry.is_guessed)
        plain = [entry for entry in found.entries if not entry.identity]
        contacts = self.env['res.partner']._openapi_pec_find([entry.identity for entry in coded])
        known = self.env['res.partner'].union(*contacts.values())
        lines = self._find_lines(known, {entry.address for entry in plain})
        followed = lines.filtered(lambda line: line.kind == 'company').partner_id
        offices, by_address = self._find_offices(known), lines.grouped('address')
        rows, others = [], 0
        for entry in coded:
            own = self._match_code(entry, contacts[entry.identity], followed, offices) if (
                entry.identity in contacts) else []
            rows += own
            others += not own
        for entry in plain:
            rows += self._match_address(entry, by_address.get(entry.address, ()), is_ticked=not coded)
        rows = self._without_twins(rows)
        self._mark_noted(rows, lines)
        rows += [
            {'status': UNREAD, 'number': number, 'written': line, 'sentence': self._say(UNREAD)}
            for number, line in found.unread]
        return rows, others

    def _find_lines(self, contacts, addresses):
        """Return the lines of contacts, and those with some addresses."""
        return self.env['openapi_pec.position'].search(
            Domain('partner_id', 'in', contacts.ids) | Domain('address', 'in', list(addresses)), order='id')

    def _find_offices(self, people):
        """Return the offices that people hold in companies that are followed: ``{person: companies}``."""
        positions, today = self.env['openapi_pec.position'], self.env['openapi_pec.position']._get_today()
        offices = self.env['openapi_pec.office'].search([
            ('person_id', 'in', people.ids), '|', ('ended_on', '=', False), ('ended_on', '>', today)])
        followed = positions.search([
            ('partner_id', 'in', offices.partner_id.ids), ('kind', '=', 'administrator')]).partner_id
        return {
            person: own.partner_id & followed for person, own in offices.grouped('person_id').items()
            if own.partner_id & followed}

    def _match_code(self, entry, contacts, followed, offices):
        """Return the values of lines about whoever has a tax code.

        :param entry: ``irregular_list.Entry``.
        :param contacts: those with the code.
        :param followed: who is.
        :param dict offices: of :meth:`_find_offices`.
        """
        if own := contacts & followed:
            return [self._make(FOLLOWED, entry, partner, is_ticked=True) for partner in own]
        held = [(person, company) for person in contacts for company in offices.get(person, ())]
        if held:
            return [self._make(PERSON, entry, company, person) for person, company in held]
        best = contacts._openapi_pec_best_placed()[:1]
        is_company = best and (best.is_company or best._get_openapi_pec_trade())
        return [self._make(KNOWN, entry, best)] if is_company else []

    def _match_address(self, entry, lines, is_ticked):
        """Return the values of lines about whoever has an address beside which no code stands.

        :param lines: those with the address.
        :param bool is_ticked: whether the list has addresses alone.
        """
        rows = []
        for line in lines:
            if line.kind == 'company':
                rows.append(self._make(ADDRESS, entry, line.partner_id, is_ticked=is_ticked))
            elif line.person_id:
                rows.append(self._make(PERSON, entry, line.partner_id, line.person_id))
        return rows

    def _make(self, status, entry, partner, person=None, is_ticked=False):
        """Return the values of a line."""
        sentences = [self._say(status, person=person.name if person else '')]
        own = partner.openapi_pec_email_normalized
        if status == FOLLOWED and entry.address and own and entry.address not in own.split():
            sentences.append(self._in_words(OTHER_PEC) % {'listed': entry.address, 'own': own})
        if entry.is_guessed:
            sentences.append(self._in_words(NO_ZEROS) % {'code': entry.identity})
        return {
            'status': status, 'number': entry.number, 'written': entry.line, 'partner_id': partner.id,
            'person_id': person.id if person else False, 'is_ticked': is_ticked and not entry.is_guessed,
            'sentence': ' '.join(sentences)}

    def _say(self, status, **values):
        return self._in_words(SENTENCES[status]) % values

    @staticmethod
    def _without_twins(rows):
        """Return each company once: the first of its rows; of an office each person."""
        seen, kept = set(), []
        for row in rows:
            key = (row['partner_id'], row['person_id'])
            if key not in seen:
                seen.add(key)
                kept.append(row)
        return kept

    def _mark_noted(self, rows, lines):
        """Mark the rows of companies to which this notice is noted already.

        Another company of this Odoo may have noted it, which tells nobody here: then this user still can.

        :param lines: of :meth:`_find_lines`.
        """
        noted = self.env['openapi_pec.notice']._find_noted(
            [row['partner_id'] for row in rows], self.province_id.code, self.published_on).partner_id
        untold = lines._filter_untold().partner_id
        for row in rows:
            if row['status'] == PERSON or row['partner_id'] not in noted._ids:
                continue
            if row['partner_id'] in untold._ids:
                row['sentence'] = self._in_words(UNTOLD)
            else:
                row.update(status=NOTED, is_ticked=False, sentence=self._say(NOTED))
