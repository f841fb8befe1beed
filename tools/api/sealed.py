"""What is sent with a secret in it that nothing else may tell: a PIN, a one-time password."""


class Sealed:
    """The body of a request, of which nothing tells the secret part: no text of it, no copy, no pickle.

    :param dict fields: what anybody may see.
    :param dict secrets: of str; what nobody may.
    """
    __slots__ = ('_secrets', 'fields')

    def __init__(self, fields, secrets):
        self.fields = fields
        self._secrets = secrets

    def __repr__(self):
        return '<sealed>'

    def __reduce_ex__(self, protocol):
        raise TypeError("What is sealed is not copied")

    def reveal(self):
        """Return all of it (dict), for the one who sends it now; nobody else keeps what this returns."""
        return {**self.fields, **self._secrets}

    def get_secrets(self):
        """Return the secrets (tuple of str), for the one who masks them in what comes back."""
        return tuple(self._secrets.values())

    def add(self, fields):
        """Return another one (Sealed) with the same secrets, and with further fields.

        :param dict fields: what anybody may see.
        """
        return Sealed({**self.fields, **fields}, self._secrets)
