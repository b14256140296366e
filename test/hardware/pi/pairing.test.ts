import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { openHall } from '../../support/hall.ts';
import { freePort, type Settings, startProgram } from '../../support/process.ts';

const scripts = new URL('../../../firmware/pi', import.meta.url).pathname;

/** What install.sh takes from the log of an agent for the outcome of a code. */
function outcome(log: string): string {
  const script = `here=${scripts}; checking=no; . "$here/state.sh"; pairing_outcome`;
  return spawnSync('bash', ['--norc', '-euc', script], { input: log, encoding: 'utf8' }).stdout;
}

async function agent(settings: Settings) {
  const port = String(await freePort());
  return startProgram('agent/dist/main.js', { MANYI_DATA: temporaryFolder(), MANYI_SCREEN_PORT: port, ...settings });
}

it('the outcome of a code is read from what the agent says of it', async () => {
  const hall = await openHall({ counters: 1 });
  const paired = await agent({ MANYI_HUB_URL: hall.hub.url, MANYI_ENROLMENT_CODE: await hall.newCode(1) });
  await paired.writes(/enrolled as.*\n/);
  expect(outcome(paired.output())).toBe('enrolled as terminal-1 at main-hall, counter counter-1\n');

  const refused = await agent({ MANYI_HUB_URL: hall.hub.url, MANYI_ENROLMENT_CODE: 'AAAA-AAAA' });
  await refused.writes(/refused.*\n/);
  expect(outcome(refused.output())).toBe(
    'the hub refused the enrolment code: make a new one on the dashboard and set MANYI_ENROLMENT_CODE to it\n',
  );

  const alone = await agent({
    MANYI_HUB_URL: `http://127.0.0.1:${await freePort()}`,
    MANYI_ENROLMENT_CODE: 'AAAA-AAAA',
  });
  await alone.writes(/could not enrol.*\n/);
  expect(outcome(alone.output())).toMatch(/^could not enrol yet, trying again: .+\n$/);

  const without = await agent({});
  await without.writes(/not enrolled.*\n/);
  expect(outcome(without.output())).toBe('');
});
