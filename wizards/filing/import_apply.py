from odoo import models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows


class OpenapiPecImportRow(models.TransientModel):
    """The button that makes contacts and filings of rows, as their preview says, and opens the multiple filing."""
    _inherit = 'openapi_pec.import_row'

    # ------------------------------------------------------------ ACTIONS

    def action_apply(self):
        """Make what these rows ask for, of an empty recordset all that the list shows, and open the worklist.

        Rows are planned anew, as contacts may have changed; those with an error are left out, and stay for correction.

        :return: the action that opens the worklist, or the filings when they are in one already.
        :raise UserError: none of the rows can be applied, or what would be overwritten is not what it was when it was
            shown.
        """
        self.check_access('write')
        rows = self or self._get_listed()
        rows.check_access('write')
        lock_rows(rows)  # somebody may press twice
        rows.invalidate_recordset(['state'])
        rows = rows.filtered(lambda row: row.state == 'new')
        self.env['openapi_pec.communication'].check_access('create')
        plans = rows._get_plans()
        if stale := [
            row for row, plan in plans.items() if not plan.is_left_out and plan.overwritten != (row.overwritten or {})
        ]:
            raise UserError(self.env._(
                "The contacts that these rows would overwrite have changed since: %s. Press \"Check Again\", and look "
                "at the rows once more. Nothing was made.", ', '.join(row.display_name for row in stale[:5])))
        rows._keep_plans(plans)
        good = {row: plan for row, plan in plans.items() if not plan.is_left_out}
        if not good:
            raise UserError(self.env._(
                "None of these rows can be applied: correct what each of them says. Nothing was made."))
        filings = self._make_filings(good)
        self.browse([row.id for row in good]).sudo().state = 'applied'
        free = filings.filtered(lambda filing: not filing.batch_id)
        action = free.action_create_batch() if free else filings.action_open_form()
        left = len(plans) - len(good)
        return action if not left else {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                'type': 'warning', 'sticky': True, 'next': action, 'message': self.env._(
                    "Left out: %s rows. They wait under \"From a Spreadsheet\" to be corrected.", left)}}

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
