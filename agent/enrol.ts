import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type Enrolled, enrolled } from '@manyi/config/api';
import { type HubHttp, Refused } from './hub-http.ts';
import { codeFingerprint, type IdentityFile } from './identity.ts';
import type { Log } from './log.ts';

export interface EnrolParts {
  readonly hub: HubHttp;
  readonly identity: IdentityFile;
  readonly log: Log;
  readonly signal: AbortSignal;
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
 * when the hub refuses the code or the signal ends the waiting.
 */
export async function enrolTerminal(
  { hub, identity, log, signal }: EnrolParts,
  code: string,
): Promise<Enrolled | null> {
  const nonce = await askedNonce(identity, codeFingerprint(code));
  for (let pause = firstPauseMs; !signal.aborted; pause = Math.min(pause * 2, longestPauseMs)) {
    try {
      const answer = await hub.postJson('/api/v1/enrol', { code, nonce }, enrolled);
      await identity.write({ ...identity.data, enrolled: answer, settings: null });
      log.info(`enrolled as ${answer.terminal} at ${answer.site}, counter ${answer.counter}`);
      return answer;
    } catch (error) {
      if (error instanceof Refused && isFinal(error.status)) {
        log.error(
          `the hub refused the enrolment code: make a new one on the dashboard and set MANYI_ENROLMENT_CODE to it`,
        );
        return null;
      }
      log.warn(`could not enrol yet, trying again: ${error instanceof Error ? error.message : error}`);
    }
    await wait(pause, undefined, { signal }).catch(() => {});
  }
  return null;
}

/** Too many tries, or a hub in trouble, passes; any other refusal stays. */
function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 429 && status !== 408;
}

async function askedNonce(identity: IdentityFile, code: string): Promise<string> {
  const { asked } = identity.data;
  if (asked?.code === code) return asked.nonce;
  const nonce = randomBytes(24).toString('base64url');
  await identity.write({ ...identity.data, asked: { code, nonce } });
  return nonce;
}
