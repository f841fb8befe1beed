"""What is printed of a run, and kept in RESULTS.md."""
import re
import time
from pathlib import Path
from typing import NamedTuple

import told

FILE = Path(__file__).resolve().parent / 'RESULTS.md'
SHOWN = 12  # findings of a kind
HEAD = """# What `make chaos` has seen

Written by `dev/chaos/run`. Each row is the last run of a profile and seed: `called twice` counts what Odoo called and
the service executed twice, `lost` what the service made of our calls and is neither a record nor was said to anybody,
`false` statements about money, `pending` lines of the journal, `stuck` what is not done after the looks of a day and a
person's decisions, `untrue` records that differ from the service's, `charged` prices of which the wallet tells more or
fewer charges than the journal explains (`-`: not compared yet). `speed` is by how much all waits were shorter than
in reality; `commit` is what was run.

"""
COLUMNS = (
    'profile', 'seed', 'speed', 'called twice', 'lost', 'false', 'pending', 'stuck', 'untrue', 'charged', 'executed',
    'seconds', 'day', 'commit')


class Line(NamedTuple):
    """The result of a run."""
    profile: str
    seed: int
    counts: dict
    sentence: str
    executed: int
    seconds: int


def report(campaign, profile, seed, counts):
    """Print what was found, and what people were answered; return the result."""
    for verdict, found in campaign.books.found.items():
        for key, sentence in list(found.items())[:SHOWN]:
            print(f'{verdict.upper()}  {key}: {sentence}')
    explained = campaign.books.explained
    print(f'{len(explained)} charges are explained by what is not certain: {", ".join(explained[:SHOWN]) or "-"}')
    for answer, count in campaign.answers.most_common(30):
        print(f'{count:5}  {answer}')
    print(
        'decisions:', {
            name: campaign.decider.decisions.count(name) for name in sorted(set(campaign.decider.decisions))})
    for refusal, count in campaign.decider.refusals.most_common(SHOWN):
        print(f'{count:5}  answered to a decision: {refusal}')
    stats = campaign.sandbox.executions()
    plan = campaign.plan
    seconds = round(time.monotonic() - campaign.started)
    sentence = (
        f'chaos {profile} seed {seed}: ' + ', '.join(f'{counts[verdict]} {verdict}' for verdict in counts)
        + f'; {plan.filings} filings, {plan.deliveries} deliveries, {plan.renewals} renewals, {plan.purchases} '
        f'purchases, {plan.signatures} signatures, {plan.together} signatures together, {plan.certificates} '
        f'certificates, {len(stats)} calls executed, in {seconds} s')
    return Line(profile, seed, counts, sentence, len(stats), seconds)


def write(line, speed):
    """Add the row of a run to RESULTS.md, or replace it."""
    rows = {}
    if FILE.exists():
        for row in re.findall(r'^\| (\S+) \| (\d+) \| (\S+) \|(.*)\|$', FILE.read_text(), re.MULTILINE):
            rows[row[0], int(row[1]), row[2]] = row[3]
    cells = (*line.counts.values(), line.executed, line.seconds, time.strftime('%Y-%m-%d'), told.get_commit())
    rows[line.profile, line.seed, f'{speed:g}'] = f' {" | ".join(map(str, cells))} '
    table = [f'| {" | ".join(COLUMNS)} |', '|' + ' --- |' * len(COLUMNS)]
    table += [
        f'| {profile} | {seed} | {own_speed} |{rest}|' for (profile, seed, own_speed), rest in sorted(rows.items())]
    FILE.write_text(f'{HEAD}The machine: {told.get_machine()}.\n\n' + '\n'.join(table) + '\n')
