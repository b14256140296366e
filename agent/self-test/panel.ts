import { skipped } from './console.ts';
import { type Ground, within } from './ground.ts';
import { notTried, type Result } from './table.ts';
import type { Language } from './words.ts';

/** A key by its level, and what the technician calls it. */
interface Key {
  readonly name: string;
  readonly label: string;
}

/** Stands in the place of a level for the clerk's own key. */
const clerkKey = 'clerk-key';

/** The keys, best level first and the clerk's own last: each must be the one that answers. */
export async function testKeys(ground: Ground, language: Language): Promise<Result[]> {
  const { settings, say } = ground;
  const kind = settings.MANYI_BUTTONS;
  if (kind === 'touch' || kind === 'simulated') {
    return [{ part: say('key'), outcome: 'absent', remark: say('keysOnScreen', kind) }];
  }
  const results: Result[] = [];
  let last: string | null = null;
  const keys = keysOf(ground, language);
  for (const key of keys) {
    const { answered, ...result } = await testKey(ground, keys, key, last);
    results.push(result);
    last = answered;
  }
  return results;
}

function keysOf({ settings, levels, say }: Ground, language: Language): Key[] {
  const keys = levels.map(({ name, words }) => ({ name, label: words[language] }));
  if (settings.MANYI_CLERK_PIN !== undefined) keys.push({ name: clerkKey, label: say('clerkKey') });
  return keys;
}

/** The key that answered just before may do so once more: that says nothing about this one. */
async function testKey(
  ground: Ground,
  keys: readonly Key[],
  { name, label }: Key,
  before: string | null,
): Promise<Result & { readonly answered: string | null }> {
  const { hardware, console, say, patienceMs, failure } = ground;
  const part = say('key', label);
  const pressed = new Promise<{ answered: string }>((resolve) => {
    const take = (key: string) => key !== before && resolve({ answered: key });
    hardware.buttons.onPress(take);
    hardware.buttons.onClerkKey(() => take(clerkKey));
  });
  console.say(say('pressKey', label));
  const outcome = await console.orSkip(within<{ answered: string } | string>(patienceMs, pressed, failure('panel')));
  if (outcome === skipped) return { ...notTried(part, say), answered: null };
  if (outcome === null) return { part, outcome: 'failed', remark: say('noPress', patienceMs / 1000), answered: null };
  if (typeof outcome === 'string') return { part, outcome: 'failed', remark: outcome, answered: null };
  const { answered } = outcome;
  if (answered === name) return { part, outcome: 'works', remark: say('pressed'), answered };
  const other = keys.find((key) => key.name === answered)?.label ?? answered;
  return { part, outcome: 'failed', remark: say('otherKey', other), answered };
}

/** The lamps: the technician says what is lit. No pattern lights the lamp of one face alone. */
export async function testLamps({ settings, hardware, console, say, patienceMs }: Ground): Promise<Result> {
  const part = say('lamps');
  if (settings.MANYI_BUTTONS !== 'firmata') {
    return { part, outcome: 'absent', remark: say('noLamps', settings.MANYI_BUTTONS) };
  }
  hardware.lamps.show('ask');
  const lit = await console.ask(say('allLit'), patienceMs);
  hardware.lamps.show('ready');
  const dark = lit === true ? await console.ask(say('onlyBadgeLit'), patienceMs) : null;
  hardware.lamps.show('off');
  if (lit === skipped || dark === skipped) return notTried(part, say);
  if (lit === false) return { part, outcome: 'failed', remark: say('notLit') };
  if (dark === false) return { part, outcome: 'failed', remark: say('notDark') };
  if (dark === null) return { part, outcome: 'failed', remark: say('noAnswer') };
  return { part, outcome: 'works', remark: say('seen') };
}
