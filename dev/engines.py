"""Who makes the calls that are due: the addon's scheduled job, or jobs of OCA's queue_job. `DISPATCH=` chooses."""
import os
import time

import environment
from environment import NAME, Failure

PATIENCE = 90  # seconds until the jobs that were made must be done
CHANNELS = 'root:2'


class Scheduled:
    """The scheduled job, as the addon does it by itself."""

    name = 'scheduled'
    suffix = ''  # of the name of what was run
    modules = ()  # beside the addon
    load = ()  # server-wide modules
    addons_path = (environment.ADDONS,)

    @staticmethod
    def environ(port=None, **extra):
        """Return the environment of an Odoo.

        :param int port: where it is asked to execute jobs
        """
        return environment.odoo_environ(**extra)

    @staticmethod
    def wait(database):
        """Wait until what it was given is done: the scheduled job does it at once."""

    @staticmethod
    def get_note(database):
        """Return what there is to say of it after a run."""
        return 'the scheduled job'


class Local(Scheduled):
    """The same, in an Odoo that verifies signatures with the local sandbox API: no setting of the addon can do that."""

    modules = ('openapi_pec_loopback',)
    addons_path = (environment.ADDONS, environment.DEV / 'addons')


class QueueJob(Scheduled):
    """Jobs of queue_job, which all servers share."""

    name = 'queue_job'
    suffix = '+queue_job'
    modules = (f'{NAME}_queue_job',)
    load = ('queue_job',)

    @property
    def addons_path(self):
        return environment.get_integrations()

    @staticmethod
    def environ(port=None, **extra):
        return environment.integrations_environ(
            ODOO_QUEUE_JOB_CHANNELS=CHANNELS, ODOO_QUEUE_JOB_HOST='127.0.0.1', ODOO_QUEUE_JOB_PORT=str(port), **extra)

    @staticmethod
    def wait(database):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and environment.sql(
                "SELECT 1 FROM queue_job WHERE state IN ('pending', 'enqueued', 'started') LIMIT 1", database):
            time.sleep(.2)

    @staticmethod
    def get_note(database):
        jobs = environment.sql(
            "SELECT count(*), count(*) FILTER (WHERE state = 'done'), count(*) FILTER (WHERE retry > 1) FROM queue_job",
            database)[0].split('|')
        return 'queue_job, %s jobs, of which %s done, and %s begun again' % tuple(jobs)


ENGINES = {engine.name: engine for engine in (Scheduled(), QueueJob())}


def get_engine():
    """Return the engine that the environment asks for."""
    name = os.environ.get('DISPATCH') or 'scheduled'
    if name not in ENGINES:
        raise Failure(f'There is no engine {name}: choose of {", ".join(ENGINES)}')
    return ENGINES[name]
