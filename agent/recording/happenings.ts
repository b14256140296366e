import { profileIds } from '@manyi/config/profiles';
import { z } from 'zod';
import type { Effect } from '../service/effects.ts';
import { type Rated, ratedBy } from './clips/decision.ts';
import type { Happening } from './policy.ts';

/** What of the rules' effects matters to recordings: happenings for the policy, and how a service was rated. */
export type RuleHappening = Exclude<Happening, { type: 'plan' }> & { readonly rated?: Rated };

const text = z.string().nullable();
const owner = z.object({ service: z.string(), duty: text, clerk: text, counter: text });
const rating = z.object({ profile: z.enum(profileIds), level: z.string(), unprompted: z.boolean() });

/** In their order. `at` is when they happened, unless they say otherwise themselves. */
export function happeningsIn(effects: readonly Effect[], at: number): RuleHappening[] {
  return effects.flatMap((effect) => {
    if (effect.type !== 'record') return [];
    const heard = hear(effect.event, effect.data, effect.at ?? at);
    return heard === null ? [] : [heard];
  });
}

function hear(event: string, data: Readonly<Record<string, unknown>>, at: number): RuleHappening | null {
  switch (event) {
    case 'manyi.service.started.v1':
      return { type: 'started', owner: owner.parse(data), at };
    case 'manyi.rating.given.v1': {
      const { profile, level, unprompted } = rating.parse(data);
      return { type: 'rated', owner: owner.parse(data), unprompted, at, rated: ratedBy(profile, level) };
    }
    case 'manyi.service.ended.v1':
      return { type: 'ended', service: owner.parse(data).service, at };
    default:
      return null;
  }
}
