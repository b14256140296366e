import type { RecordingPolicy } from '@manyi/config/recordings';
import type { Audit } from '../../audit/audit.ts';
import { notFound } from '../../errors.ts';
import type { RecordingStore } from '../store.ts';
import type { RuleStore } from './store.ts';

/** What the terminals of each site record: whoever decides that stands in the audit log. */
export interface Policies {
  /** What holds at a site. */
  of(site: string): RecordingPolicy;
  /** Decides anew, and tells the terminals. `who` is a user name. Throws 404 for a site that is not there. */
  change(site: string, policy: RecordingPolicy, who: string, why: string): void;
  exists(site: string): boolean;
}

export interface PolicyParts {
  readonly store: Pick<RecordingStore, 'zones' | 'together'>;
  readonly rules: RuleStore;
  readonly audit: Audit;
  /** Is told of every site for which something else holds now. */
  readonly changed: (site: string) => void;
}

export function createPolicies({ store, rules, audit, changed }: PolicyParts): Policies {
  const exists = store.zones.has;
  return {
    of: rules.policy,
    exists,
    change(site, policy, who, why) {
      if (!exists(site)) throw notFound('site');
      store.together(() => {
        const detail = JSON.stringify({ before: rules.policy(site), after: policy });
        rules.setPolicy(site, policy);
        audit.record({ who, what: 'recording-policy.change', site, why, detail });
      });
      changed(site);
    },
  };
}
