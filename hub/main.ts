import { join } from 'node:path';
import { verifyAuditCommand } from './audit/verify.ts';
import { createHub, type Hub, type RunningHub } from './hub.ts';
import { readHubSettings } from './settings.ts';
import { stopOnSignals } from './signals.ts';
import { startFailure } from './start-failure.ts';

/** The hub as a process: settings in, signals and exit codes out. */

async function main(): Promise<void> {
  const { hub, running } = await open();
  stopOnSignals(process, () => hub.close());
  process.stdout.write(`Hub: ${running.http}\nTerminals: ${running.mqtt}\n`);
  if (running.setupLink !== null) process.stdout.write(`Set up the first administrator, once: ${running.setupLink}\n`);
}

async function open(): Promise<{ hub: Hub; running: RunningHub }> {
  let data: string | null = null;
  try {
    const settings = readHubSettings();
    data = settings.data;
    const hub = createHub(settings);
    return { hub, running: await hub.start() };
  } catch (error) {
    process.stderr.write(`${startFailure(error, data)}\n`);
    process.exit(1);
  }
}

/** `--verify-audit [file] [--anchor position:hash]`: checks the audit log and nothing else. */
function verify(given: readonly string[]): never {
  try {
    const { line, intact } = verifyAuditCommand(given, join(readHubSettings().data, 'hub.db'));
    process.stdout.write(`${line}\n`);
    process.exit(intact ? 0 : 1);
  } catch (error) {
    process.stderr.write(`${startFailure(error, null)}\n`);
    process.exit(1);
  }
}

const [command, ...given] = process.argv.slice(2);
if (command === '--verify-audit') verify(given);
await main();
