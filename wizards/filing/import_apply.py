from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows
from odoo.addons.l10n_it_openapi_pec.tools.finding import ERROR

NAMED = 3  # rows that a message names
CLOSE = {'type': 'ir.actions.act_window_close'}  # and show the list anew


class OpenapiPecImportRow(models.TransientModel):
    """The button that makes contacts and filings of rows, as their preview says, and opens the multiple filing."""
    _inherit = 'openapi_pec.import_row'

    # ------------------------------------------------------------ ACTIONS

    def action_apply(self):
        """Make what these rows ask for, of an empty recordset all that the list shows, and open the worklist.

        What is applied is what was shown. Rows that were shown as left out stay for correction. All are planned anew,
        as contacts may have changed: when a row would do something else by now, nothing is made, and the rows are shown
        anew.

        :return: the action that says how many rows were applied, and then opens the worklist, the filings when they are
            in one already, or the list again.
        :raise UserError: none of the rows can be applied.
        """
        self.check_access('write')
        rows = self or self._get_listed()
        rows.check_access('write')
        lock_rows(rows)  # somebody may press twice
        rows.invalidate_recordset(['state', 'level', 'digest'])
        rows = rows.filtered(lambda row: row.state == 'new')
        good = rows.filtered(lambda row: row.level != ERROR)
        self.env['openapi_pec.communication'].check_access('create')
        if not good:
            raise UserError(self.env._(
                "None of these rows can be applied: correct what each of them says, or press \"Check Again\" after you "
                "have corrected a contact. Nothing was made, and nothing was spent."))
        plans = (rows | rows._get_linked())._get_plans()
        if changed := good.filtered(lambda row: plans[row].is_left_out or plans[row].get_digest() != row.digest):
            self._keep_plans(plans)
            return self._say(self.env._(
                "Nothing was made, and nothing was spent: these rows would do something else by now than what the list "
                "showed (%s). They are shown anew: look at them, and press \"Apply\" again.", self._name_rows(changed)))
        filings = self._make_filings({row: plans[row] for row in good})
        self.browse(good.ids).sudo().state = 'applied'
        action = self._say_applied(good, rows - good, filings)
        (good._get_linked() - rows)._judge_rows()  # and name the multiple filing that was made
        return action

    @api.model
    def _name_rows(self, rows, with_reason=False):
        """Return the names of some rows, the first ones of many, each with the first thing that is wrong."""
        names = [
            f'{row.display_name} ({(row.findings or "").partition(chr(10))[0].rstrip(".")})' if with_reason
            else row.display_name for row in rows[:NAMED]]
        return '; '.join([*names, *(['…'] if rows[NAMED:] else [])])

    @api.model
    def _say_applied(self, good, left, filings):
        """Return the action that says what became of rows, and opens what they have made.

        :param good: the rows that were applied.
        :param left: those that were not, as they stand in the list with what is wrong.
        :param filings: of the applied ones; those that are in a multiple filing already stay there.
        """
        free = filings.filtered(lambda filing: not filing.batch_id)
        placed = filings - free
        sentences = [self.env._("Rows applied: %s. Nothing was spent.", len(good))]
        if left:
            sentences.append(self.env._(
                "Rows that wait: %(count)s. %(rows)s. Correct them under \"From a Spreadsheet\", and press \"Apply\" "
                "again.", count=len(left), rows=self._name_rows(left, with_reason=True)))
        if placed:
            names = placed.batch_id.mapped('name')
            sentences.append(self.env._(
                "Filings that stay in another multiple filing, where they were prepared: %(count)s (%(batches)s).",
                count=len(placed), batches=', '.join([*names[:NAMED], *(['…'] if names[NAMED:] else [])])))
        action = free.action_create_batch() if free else filings.action_open_form() if filings else CLOSE
        return self._say(' '.join(sentences), 'warning' if left or placed else 'success', action)

    @api.model
    def _say(self, message, kind='warning', then=None):
        """Return the action that says something, and then does another one; warnings stay until they are read."""
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                'type': kind, 'sticky': kind == 'warning', 'message': message,
                'next': then or CLOSE}}

    def _make_filings(self, plans):
        """Make the contacts and the filings of plans, in sets; what is prepared already is taken as it is.

        :param dict plans: ``{row: Plan}``
        :return: the filings, those that were prepared already as well.
        """
        self._make_contacts(plans, 'company')
        self._make_contacts(plans, 'person')
        filings = self.env['openapi_pec.communication']
        new = [
            {'partner_id': plan.contacts['company'].id, 'kind': kind, 'company_id': row.company_id.id,
             **({'representative_id': plan.contacts['person'].id} if plan.contacts['person'] else {})}
            for row, plan in plans.items() for kind in plan.kinds if kind not in plan.drafts]
        prepared = filings.union(*(draft for plan in plans.values() for draft in plan.drafts.values()))
        return prepared | filings.create(new) if new else prepared

    def _make_contacts(self, plans, side):
        """Make the companies, or the people, that plans lack, and write what is new of the others.

        Several rows may be about one contact; they do not disagree.

        :param dict plans: ``{row: Plan}``; their ``contacts`` are filled in.
        :param str side: 'company' or 'person', the companies first.
        """
        values, contacts, fresh, alone = {}, {}, {}, {}
        for plan in plans.values():
            key = plan.keys[side]
            if side == 'company' or plan.is_person:
                values[key] = {**plan.values[side], **values.get(key, {})}
                contacts[key] = plan.contacts[side]
                fresh.setdefault(key, self._get_fresh_values(plan, side))
                alone[key] = side == 'company' or plan.is_company_new
        for key, contact in contacts.items():
            if contact and values[key]:
                contact.write(values[key])
        for is_alone in (True, False):
            missing = [key for key, contact in contacts.items() if not contact and alone[key] == is_alone]
            made = self._create_contacts([{**fresh[key], **values[key]} for key in missing], is_alone)
            contacts |= dict(zip(missing, made, strict=True))
        for plan in plans.values():
            plan.contacts[side] = contacts.get(plan.keys[side], plan.contacts[side])

    def _get_fresh_values(self, plan, side):
        """Return what a new contact is beside what stands in its row: a company of Italy, or a person of a company."""
        if side == 'company':
            return {'is_company': True, 'country_id': self.env.ref('base.it').id}
        company = plan.contacts['company']
        return {'is_company': False, 'type': 'contact', 'parent_id': company.id, **{
            name: company[name].id for name in ('country_id', 'state_id')}, 'city': company.city}

    def _create_contacts(self, vals_list, is_alone):
        """Create contacts, in sets.

        :param bool is_alone: they have nothing of another contact but what their values say: companies, and the people
            of companies that were just made. Others get what is their company's.
        """
        partners = self.env['res.partner']
        if not vals_list:
            return partners
        if is_alone:
            return partners.with_context(_partners_skip_fields_sync=True).create(vals_list).with_env(self.env)
        return partners.create(vals_list)
