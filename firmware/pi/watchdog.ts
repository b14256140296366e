import { execFile } from 'node:child_process';

/**
 * Tells systemd that the agent is alive, from within: loaded before the agent (`node --import`), it feeds the watchdog of
 * the unit as long as this process's events are handled and its counter screen answers. When either stops, systemd ends the
 * process and starts it anew. Without a watchdog in the environment it does nothing.
 */

const withinMs = 5_000;
const watchdogUsec = Number(process.env['WATCHDOG_USEC'] ?? 0);
const screen = `http://127.0.0.1:${process.env['MANYI_SCREEN_PORT'] || '8090'}/`;

async function feed(): Promise<void> {
  try {
    const answer = await fetch(screen, { method: 'HEAD', signal: AbortSignal.timeout(withinMs) });
    if (answer.ok) execFile('systemd-notify', ['WATCHDOG=1'], () => {});
  } catch {
    // Not fed: systemd's patience, several times this interval, decides.
  }
}

if (watchdogUsec > 0) setInterval(() => void feed(), watchdogUsec / 1000 / 4).unref();
