import { execFile } from 'node:child_process';

/**
 * Tells systemd that the agent is alive, from within: loaded before the agent (`node --import`), it feeds the watchdog of
 * the unit as long as this process's events are handled and its counter screen answers. When either stops, systemd ends the
 * process and starts it anew. Without a watchdog in the environment it does nothing.
 */

const withinMs = 5_000;
/** While the screen does not answer: a start on a busy machine has taken of systemd's patience already. */
const againMs = 1_000;
const watchdogMs = Number(process.env['WATCHDOG_USEC'] ?? 0) / 1000;
const screen = `http://127.0.0.1:${process.env['MANYI_SCREEN_PORT'] || '8090'}/`;

async function answers(): Promise<boolean> {
  try {
    return (await fetch(screen, { method: 'HEAD', signal: AbortSignal.timeout(withinMs) })).ok;
  } catch {
    return false;
  }
}

const tell = () => void execFile('systemd-notify', ['WATCHDOG=1'], () => {});

/** At once when the screen first answers, and from then on three times in systemd's patience. */
async function feed(): Promise<void> {
  const isAlive = await answers();
  if (isAlive) tell();
  setTimeout(feed, isAlive ? watchdogMs / 3 : againMs).unref();
}

if (watchdogMs > 0) {
  // The patience begins with the program itself, not with its file read from a slow card.
  tell();
  void feed();
}
