"""What a seed draws: the faults of the service, the kills, the order of the clicks; and what the profiles are."""
import random
from dataclasses import dataclass, field

CREATE, DELIVER, RENEW, BUY = 'POST /comunica_pec', 'PATCH /comunica_pec/{id}', 'GET /pec/{id}/rinnovo', 'POST /pec'
SIGN_OTP, BUY_OTP, SIGN_MANY = 'POST /EU-QES_otp', 'POST /certificates/namirial-otp', 'POST /EU-QES_automatic'
PAID = CREATE, DELIVER, RENEW, BUY, SIGN_OTP, BUY_OTP, SIGN_MANY
LISTS = 'GET /comunica_pec', 'GET /pec'
READS = 'GET /comunica_pec/{id}', 'GET /pec/{id}'
SIGNATURES, CERTIFICATES, SIGNATURE = 'GET /signatures', 'GET /certificates', 'GET /signatures/{id}/{actionType}'
MINUTE, HOUR = 60, 3600

# fault of a call with a side effect -> how many of 1 it strikes, about
RATES = {
    'drop_before': .03, 'drop_after': .03, 'truncate': .02, 'error_after': .02, 'error_before': .02,
    'executed_late': .02, 'twice': .01, 'other_answer': .01, 'wrong_json': .01, 'wrong_shape': .01,
    'length_without_body': .01, 'not_envelope_4xx': .01, 'delay_after': .02,
}
# Faults that come so many times each: operation, fault, options.
EVENTS = (
    (CREATE, 'error_after', {'status': 408}), (CREATE, 'error_after', {'status': 409}),
    (CREATE, 'error_after', {'status': 499}),
    (CREATE, 'error_before', {'status': 408}), (CREATE, 'error_before', {'status': 425}),
    (CREATE, 'error_before', {'status': 429, 'headers': {'Retry-After': '2'}}),
    (
        CREATE, 'error_before',
        {'status': 406, 'body': {'success': False, 'message': 'casella_pec', 'error': 336, 'data': None}}),
    (
        CREATE, 'error_before',
        {'status': 401, 'body': {'success': False, 'message': 'Wrong Token', 'error': 10, 'data': None}}),
    (
        CREATE, 'error_before',
        {'status': 402, 'body': {'success': False, 'message': 'Insufficient Credit', 'error': 1, 'data': None}}),
    (RENEW, 'error_after', {'status': 408}), (RENEW, 'error_before', {'status': 503}),
    (BUY, 'error_after', {'status': 504}),
    (LISTS[0], 'drop_before', {'times': 4}),
    (LISTS[0], 'error_before', {'status': 404, 'body': 'no route', 'times': 2}),
    (LISTS[0], 'truncate', {'times': 2}), (LISTS[1], 'drop_before', {'times': 4}),
    (LISTS[1], 'error_before', {'status': 500}),
    (READS[0], 'error_before', {'status': 503, 'times': 2}), (READS[1], 'error_before', {'status': 503, 'times': 2}),
    (SIGN_OTP, 'error_after', {'status': 408}), (SIGN_OTP, 'error_after', {'status': 422, 'body': 'x'}),
    (SIGN_OTP, 'error_before', {'status': 429, 'headers': {'Retry-After': '2'}}),
    (
        SIGN_OTP, 'error_before',
        {'status': 422, 'body': {'success': False, 'message': 'no document', 'error': 615, 'data': None}}),
    (
        SIGN_OTP, 'error_before',
        {'status': 402, 'body': {'success': False, 'message': 'Insufficient Credit', 'error': 1, 'data': None}}),
    (SIGN_MANY, 'drop_after', {}), (SIGN_MANY, 'error_after', {'status': 408}),
    (
        SIGN_MANY, 'error_before',
        {'status': 422, 'body': {'success': False, 'message': 'no document', 'error': 615, 'data': None}}),
    (
        SIGN_MANY, 'error_before',
        {'status': 402, 'body': {'success': False, 'message': 'Insufficient Credit', 'error': 1, 'data': None}}),
    (BUY_OTP, 'error_after', {'status': 504}), (BUY_OTP, 'drop_after', {}),
    (
        BUY_OTP, 'error_before',
        {'status': 404, 'body': {'success': False, 'message': 'no stock', 'error': 305, 'data': None}}),
    (SIGNATURES, 'drop_before', {'times': 2}), (SIGNATURES, 'truncate', {'times': 2}),
    (CERTIFICATES, 'error_before', {'status': 500, 'times': 2}), (CERTIFICATES, 'truncate', {'times': 2}),
    (SIGNATURE, 'error_before', {'status': 503, 'times': 4}), (SIGNATURE, 'truncate', {'times': 4}),
    (SIGNATURE, 'not_envelope_4xx', {'times': 2}),
)
KILLS = ('worker', 'worker', 'worker', 'worker', 'server', 'server', 'backend', 'backend', 'postgres')


@dataclass(frozen=True)
class Profile:
    """What the service is like, beside its faults; times as in reality.

    :param dict mood: of the sandbox API; seconds are shortened like all waits, but for the clock
    :param moods: moods of which the seed draws one in turn
    :param bool restores: whether an earlier dump of the database comes back in the middle
    """
    mood: dict = field(default_factory=dict)
    moods: tuple = ()
    restores: bool = False

    def get_mood(self, seed, speed):
        """Return the mood for a seed."""
        mood = {**self.mood, **(self.moods[seed % len(self.moods)] if self.moods else {})}
        return {key: value / speed if key.endswith('_late') else value for key, value in mood.items()}


PROFILES = {
    'plain': Profile(),
    'late': Profile({'list_late': 7 * MINUTE}),
    'skewed': Profile(moods=({'clock': 9 * HOUR}, {'clock': -2 * HOUR})),
    'no-echo': Profile({'echo': False}),
    'normalising': Profile({'values': ['upper', 'entities', 'labels', 'missing']}, ({}, {'number_ids': True})),
    'restore': Profile(restores=True),
    'renewals-late': Profile({'renewal_late': 20 * MINUTE}),
}
# How many in a run.
FILINGS, DELIVERIES, RENEWALS, PURCHASES, SIGNED, CERTIFIED, SIGNED_TOGETHER = 500, 100, 100, 30, 60, 30, 60


class Plan:
    """All that one seed of one profile draws.

    :param float scale: how large the run is beside a whole one
    """

    def __init__(self, profile, seed, speed, scale=1.0):
        self.profile, self.seed = PROFILES[profile], seed
        self.draw = random.Random(f'{profile} {seed}')
        self.mood = self.profile.get_mood(seed, speed)
        (
            self.filings, self.deliveries, self.renewals, self.purchases, self.signatures, self.certificates,
            self.together) = (
            max(2, round(number * scale))
            for number in (FILINGS, DELIVERIES, RENEWALS, PURCHASES, SIGNED, CERTIFIED, SIGNED_TOGETHER))
        rates = {fault: round(rate * self.draw.uniform(.5, 1.5), 3) for fault, rate in RATES.items()}
        self.late = round(5 * MINUTE / speed, 1) if speed > 20 else 15  # seconds after which a late call is executed
        self.weather = {
            'seed': seed, 'mood': self.mood, 'operations': [*PAID],
            'rates': rates, 'options': {'seconds': self.late},
        }
        self.events = [
            {
                'operation': operation, 'fault': fault, **options,
                'skip': self.draw.randrange(max(1, self._get_span(operation)))}
            for operation, fault, options in EVENTS]

    def _get_span(self, operation):
        """Return how many calls of an operation there will be at the least, about."""
        span = {
            CREATE: self.filings, RENEW: self.renewals, BUY: self.purchases, SIGN_OTP: self.signatures,
            SIGN_MANY: self.together, BUY_OTP: self.certificates, SIGNATURE: self.signatures, SIGNATURES: 2,
            CERTIFICATES: self.certificates,
        }.get(operation, 40)
        return round(span * .7)

    def get_groups(self):
        """Return how the filings are clicked: ``[(kind, how many), …]`` of batches, lists and single ones."""
        groups, left = [], self.filings
        batches, lists = round(left * .6), round(left * .24)
        for kind, count, size in (('batch', batches, 40), ('list', lists, 20), ('single', left - batches - lists, 1)):
            while count:
                groups.append((kind, min(size, count)))
                count -= groups[-1][1]
        return groups

    def get_kills(self, clicks):
        """Return what is killed, and after how many clicks: ``{number of the click: [what, …]}``."""
        kills = {}
        for kill in KILLS:
            kills.setdefault(self.draw.randrange(round(clicks * .1), round(clicks * .9)), []).append(kill)
        return kills
