"""What the web client asks of a server, over HTTP and with its own context."""
from lxml import etree

from odoo.tests import HttpCase

from .common import PecCase
from .service.test_tour import TourMixin


class RpcError(Exception):
    """What the server answers to somebody who may not, or cannot, do what he asked for."""


class ClientCase(TourMixin, PecCase, HttpCase):
    """Somebody logged in who loads views, reads records and presses buttons as the web client of Odoo 19 does."""

    def setUp(self):
        super().setUp()
        self.log_in(self.manager)

    def log_in(self, user):
        """Let the requests that follow be this user's."""
        self.authenticate(user.login, user.login)
        self.client_context = {
            'lang': user.lang, 'tz': user.tz or False, 'uid': user.id, 'allowed_company_ids': user.company_ids.ids}

    def rpc(self, model, method, *arguments, **keywords):
        """Call a method of a model.

        :raise RpcError: with the sentence that the person sees.
        """
        keywords['context'] = {**self.client_context, **keywords.get('context', {})}
        answer = self.opener.post(f'{self.base_url()}/web/dataset/call_kw/{model}/{method}', json={
            'jsonrpc': '2.0', 'method': 'call', 'id': 0,
            'params': {
                'model': model, 'method': method, 'args': list(arguments), 'kwargs': keywords}}, timeout=60).json()
        self.env.invalidate_all()
        if 'error' in answer:
            raise RpcError(answer['error']['data']['message'])
        return answer.get('result')  # which is left out when it is None

    def press(self, record, button):
        """Press a button of a record; return the action that it gives."""
        return self.rpc(record._name, button, record.ids)

    def get_views(self, model, views, context=None):
        """Load views: of the action's context the client keeps the language, and which view to take, alone."""
        kept = {key: value for key, value in {**self.client_context, **(context or {})}.items()
                if key == 'lang' or key.endswith('_view_ref')}
        answer = self.opener.post(f'{self.base_url()}/web/dataset/call_kw/{model}/get_views', json={
            'jsonrpc': '2.0', 'method': 'call', 'id': 0,
            'params': {'model': model, 'method': 'get_views', 'args': [], 'kwargs': {
                'views': views, 'options': {'toolbar': False, 'load_filters': False},
                'context': kept}}}, timeout=60).json()
        return answer['result']

    def open_form(self, action):
        """Open the form of an action as the web client does.

        Its views come without the action's context, then its record, or the defaults of a new one.
        """
        views = [[view_id, view] for view_id, view in action.get('views') or [(False, 'form')]]
        loaded = self.get_views(action['res_model'], views, action.get('context'))
        arch = etree.fromstring(loaded['views']['form']['arch'])
        specification = self.get_specification(arch)
        model, context = action['res_model'], action.get('context') or {}
        if action.get('res_id'):
            [values] = self.rpc(model, 'web_read', [action['res_id']], specification=specification, context=context)
        else:
            values = self.rpc(model, 'onchange', [], {}, [], specification, context=context)['value']
        return loaded['models'][model]['fields'], values, arch

    def get_specification(self, node):
        """Return which fields an arch reads, lists within it included."""
        specification = {}
        for field in node.xpath('.//field[not(ancestor::field)]') if node.tag != 'field' else node.xpath('./*//field'):
            inner = self.get_specification(field)
            specification[field.get('name')] = {'fields': inner} if inner else {}
        return specification
