"""Every model, and every method that a client can call, with arguments: made from the registry, so that what is new is
there by itself.
"""
import inspect

from odoo.exceptions import AccessError
from odoo.service.model import get_public_method

from .allowed import ADDON

# Arguments of the methods that every model has; `ids`, `id`, `values` (that point at the records of the other company),
# `field` and `domain` are put in. What is not here gets its arguments by the names of its parameters.
ARGUMENTS = {
    'read': ['$ids'],
    'web_read': ['$ids', {'display_name': {}}],
    'search': ['$domain'],
    'search_read': ['$domain', ['display_name']],
    'web_search_read': ['$domain', {'display_name': {}}],
    'search_count': ['$domain'],
    'name_search': [''],
    'web_name_search': ['', {'display_name': {}}],
    'formatted_read_group': ['$domain', ['create_uid'], ['__count']],
    'web_read_group': ['$domain', ['create_uid'], ['__count']],
    'read_group': ['$domain', ['create_uid'], ['create_uid']],
    'export_data': ['$ids', ['id', 'display_name']],
    'fields_get': [],
    'default_get': [['display_name', 'company_id', 'partner_id']],
    'onchange': [[], '$values', '$names', {'display_name': {}}],
    'create': [['$values']],
    'name_create': ["x"],
    'write': ['$ids', '$change'],
    'web_save': [[], '$values', {'display_name': {}}],
    'web_save_multi': ['$ids', '$changes', {'display_name': {}}],
    'unlink': ['$ids'],
    'copy': ['$ids'],
    'load': [['.id', '$field'], [['$id', "x"]]],
}
BY_NAME = {
    'domain': '$domain', 'fields': ['display_name'], 'field_names': ['display_name'], 'names': ['display_name'],
    'groupby': ['create_uid'], 'values': {}, 'vals': {}, 'views': [[False, 'form']], 'operation': 'read',
    'field_name': 'create_uid', 'fname': 'create_uid',
}


def _expand(value, terms):
    """Return arguments with their terms put in."""
    if isinstance(value, str):
        return terms.get(value, value)
    if isinstance(value, list):
        return [_expand(item, terms) for item in value]
    return value


def get_own_models(env):
    """Return the models that this addon makes, those that hold records and those that others inherit."""
    return sorted(name for name in env.registry if name.startswith('openapi_pec.'))


def get_extended_models(env):
    """Return the models of others to which this addon adds something."""
    return sorted(
        name for name, cls in env.registry.items() if not name.startswith('openapi_pec.') and not cls._abstract
        and any('_inherit' in vars(base) for base in _get_own_classes(cls)))


def _get_own_classes(cls):
    """Return the classes of a model that this addon adds.

    What it adds to the mail gateway is in every model with a chatter, and does nothing for those of others.
    """
    return [
        base for base in cls.mro()
        if base.__module__.startswith(ADDON) and vars(base).get('_inherit') not in ('mail.thread', ['mail.thread'])]


def get_methods(env, model):
    """Return the methods that a client can call.

    They are all of a model of this addon, and what this addon adds to another one.
    """
    own, cls = model.startswith('openapi_pec.'), type(env[model])
    names = set(dir(cls)) if own and not cls._abstract else {
        name for base in _get_own_classes(cls) for name in vars(base)}
    if not own or cls._abstract:
        # Odoo's own, which go by its rights
        names -= {'create', 'write', 'unlink', 'copy', 'action_uninstall', 'button_uninstall'}
    return [name for name in sorted(names) if name not in env[model]._fields and _is_public(env, model, name)]


def _is_public(env, model, name):
    if name.startswith('_') or not inspect.isroutine(inspect.getattr_static(type(env[model]), name)):
        return False
    try:
        return bool(get_public_method(env[model], name))
    except AccessError:
        return False


def is_own(env, model, method):
    """Return whether a method is this addon's, or overridden by it."""
    return any(method in vars(base) for base in _get_own_classes(type(env[model])))


def names_records(method):
    """Return whether the arguments of a method that every model has name records."""
    return '$ids' in ARGUMENTS.get(method, ())


def get_arguments(env, model, method, records, values):
    """Return the arguments of a call on records, the records first where the method wants them.

    :param dict values: of a new record of the model that points at what the caller may not see
    """
    cls, fields = type(env[model]), env[model]._fields
    field = next(
        (name for name, field in sorted(fields.items()) if field.store and field.type == 'char' and not field.compute),
        'id')
    terms = {
        '$ids': records.ids, '$id': str(records[:1].id), '$values': values, '$names': list(values), '$field': field,
        '$domain': [('id', 'in', records.ids)], '$change': {field: "x"},
        '$changes': [{field: "x"}] * len(records)}
    if method in ARGUMENTS:
        return _expand(ARGUMENTS[method], terms)
    function = getattr(cls, method)
    parameters = list(inspect.signature(function).parameters.values())[1:]
    arguments = [
        _expand(BY_NAME.get(parameter.name, False), terms) for parameter in parameters
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)]
    return arguments if getattr(function, '_api_model', False) else [records.ids, *arguments]
