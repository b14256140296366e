import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type Enrolled, enrolled } from '@manyi/config/api';
import { SettingsError } from '@manyi/config/settings';
import { type HubHttp, Refused } from './hub-http.ts';
import { checkIdentity, codeFingerprint, type IdentityFile, type Wanted } from './identity.ts';
import type { Log } from './log.ts';

export interface EnrolParts {
  readonly hub: HubHttp;
  readonly identity: IdentityFile;
  readonly wanted: Wanted;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Hears the answer before it is kept: for what must be done as who the terminal was until now. */
  readonly become?: (answer: Enrolled) => Promise<void>;
}

const firstPauseMs = 1000;
const longestPauseMs = 15_000;

/** Whether the code still has to be used: nobody is enrolled, or another code was. */
export function needsEnrolment(identity: IdentityFile, code: string | undefined): code is string {
  if (code === undefined) return false;
  return identity.data.enrolled === null || identity.data.asked?.code !== codeFingerprint(code);
}

/**
 * Enrols this terminal with a code from the dashboard. The nonce is on the disk before the hub is asked, so that an answer
 * lost on the way is asked for again with it. Tries for ever while the hub is away; resolves to the identity, or to null
 * when the hub refuses the code, the code is another terminal's than the settings want, or the signal ends the waiting.
 */
export async function enrolTerminal(
  { hub, identity, wanted, log, signal, become = async () => {} }: EnrolParts,
  code: string,
): Promise<Enrolled | null> {
  const nonce = await askedNonce(identity, codeFingerprint(code));
  for (let pause = firstPauseMs; !signal.aborted; pause = Math.min(pause * 2, longestPauseMs)) {
    try {
      const answer = await hub.postJson('/api/v1/enrol', { code, nonce }, enrolled);
      checkIdentity(wanted, answer, 'the enrolment code');
      await become(answer);
      await identity.write({ ...identity.data, enrolled: answer, settings: null });
      log.info(`enrolled as ${answer.terminal} at ${answer.site}, counter ${answer.counter}`);
      return answer;
    } catch (error) {
      const final = finalReason(error);
      if (final !== null) {
        log.error(final);
        return null;
      }
      log.warn(`could not enrol yet, trying again: ${error instanceof Error ? error.message : error}`);
    }
    await wait(pause, undefined, { signal }).catch(() => {});
  }
  return null;
}

/** Why trying again is of no use; null when it may be. Too many tries, or a hub in trouble, passes; any other refusal stays. */
function finalReason(error: unknown): string | null {
  if (error instanceof SettingsError) return error.message;
  if (!(error instanceof Refused) || error.status < 400 || error.status >= 500) return null;
  if (error.status === 429 || error.status === 408) return null;
  return 'the hub refused the enrolment code: make a new one on the dashboard and set MANYI_ENROLMENT_CODE to it';
}

async function askedNonce(identity: IdentityFile, code: string): Promise<string> {
  const { asked } = identity.data;
  if (asked?.code === code) return asked.nonce;
  const nonce = randomBytes(24).toString('base64url');
  await identity.write({ ...identity.data, asked: { code, nonce } });
  return nonce;
}
