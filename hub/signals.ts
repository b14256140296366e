/** npm passes Ctrl-C on a second time; within this time, in milliseconds, it is the same one. */
const sameSignalMs = 1000;

/** What is asked of the process: `process` itself. */
interface SignalledProcess {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * Stops once when the process is told to end, then ends it with 0. The same signal again within a second changes nothing; a later
 * one ends the process at once, with 1.
 */
export function stopOnSignals(signalled: SignalledProcess, stop: () => Promise<void>): void {
  let asked: number | null = null;
  const onSignal = () => {
    if (asked !== null) {
      if (Date.now() - asked > sameSignalMs) signalled.exit(1);
      return;
    }
    asked = Date.now();
    stop().then(
      () => signalled.exit(0),
      () => signalled.exit(1),
    );
  };
  signalled.on('SIGINT', onSignal);
  signalled.on('SIGTERM', onSignal);
}
