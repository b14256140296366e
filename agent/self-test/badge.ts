import { badgeCode } from '@manyi/config/ids';
import { type Skipped, skipped } from './console.ts';
import { type Ground, within } from './ground.ts';
import { notTried, type Result } from './table.ts';

/** A reader types at once; what it types to the console besides being read must not answer the next question. Milliseconds. */
const typingMs = 500;

/** The badge reader: any badge will do, and of its number only the end is shown. */
export async function testBadge(ground: Ground): Promise<Result> {
  const { settings, console, say, patienceMs } = ground;
  const part = say('badge');
  const types = settings.MANYI_BADGE_READER === 'screen';
  console.say(say(types ? 'tapTyped' : 'tapBadge'));
  const outcome = types ? await typedBadge(ground) : await readBadge(ground);
  if (outcome === skipped) return notTried(part, say);
  if (outcome === null) return { part, outcome: 'failed', remark: say('noBadge', patienceMs / 1000) };
  if ('cause' in outcome) return { part, outcome: 'failed', remark: outcome.cause };
  return { part, outcome: 'works', remark: say('tapped', outcome.code.slice(-4)) };
}

type Outcome = { readonly code: string } | { readonly cause: string } | null;

/** A reader that types into the counter screen types into the console now. */
async function typedBadge({ console, say, patienceMs }: Ground): Promise<Outcome | Skipped> {
  const typed = await console.orSkip(console.line(patienceMs));
  if (typed === skipped) return skipped;
  const line = typed?.trim() ?? '';
  if (line === '') return null;
  return badgeCode.safeParse(line).success ? { code: line } : { cause: say('notBadge', line.slice(0, 40)) };
}

async function readBadge({ hardware, console, patienceMs, failure }: Ground): Promise<Outcome | Skipped> {
  const shown = new Promise<string>((resolve) => hardware.badges.onBadge(resolve));
  const outcome = await console.orSkip(
    within<Outcome>(
      patienceMs,
      shown.then((code) => ({ code })),
      failure('badge-reader').then((cause) => ({ cause })),
    ),
  );
  if (outcome === skipped) return skipped;
  await console.line(typingMs);
  return outcome;
}
