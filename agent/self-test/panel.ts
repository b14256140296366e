import type { Level } from '@manyi/config/levels';
import { type Ground, within } from './ground.ts';
import type { Result } from './table.ts';
import type { Language } from './words.ts';

/** The keys, best level first: each must be the one that answers. */
export async function testKeys(ground: Ground, language: Language): Promise<Result[]> {
  const { settings, levels, say } = ground;
  const kind = settings.MANYI_BUTTONS;
  if (kind === 'touch' || kind === 'simulated') {
    return [{ part: say('key'), outcome: 'absent', remark: say('keysOnScreen', kind) }];
  }
  const results: Result[] = [];
  let last: string | null = null;
  for (const level of levels) {
    const { answered, ...result } = await testKey(ground, level, language, last);
    results.push(result);
    last = answered;
  }
  return results;
}

/** The key that answered just before may do so once more: that says nothing about this one. */
async function testKey(
  ground: Ground,
  level: Level,
  language: Language,
  before: string | null,
): Promise<Result & { readonly answered: string | null }> {
  const { hardware, console, levels, say, patienceMs, failure } = ground;
  const part = say('key', level.words[language]);
  const pressed = new Promise<{ answered: string }>((resolve) => {
    hardware.buttons.onPress((name) => name !== before && resolve({ answered: name }));
  });
  console.say(say('pressKey', level.words[language]));
  const outcome = await within<{ answered: string } | string>(patienceMs, pressed, failure('panel'));
  if (outcome === null) return { part, outcome: 'failed', remark: say('noPress', patienceMs / 1000), answered: null };
  if (typeof outcome === 'string') return { part, outcome: 'failed', remark: outcome, answered: null };
  const { answered } = outcome;
  if (answered === level.name) return { part, outcome: 'works', remark: say('pressed'), answered };
  const other = levels.find(({ name }) => name === answered)?.words[language] ?? answered;
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
  if (lit === false) return { part, outcome: 'failed', remark: say('notLit') };
  if (dark === false) return { part, outcome: 'failed', remark: say('notDark') };
  if (dark === null) return { part, outcome: 'failed', remark: say('noAnswer') };
  return { part, outcome: 'works', remark: say('seen') };
}
