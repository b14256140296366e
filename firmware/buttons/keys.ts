import { createContact } from './contact.ts';

/** The contacts of a header's keys, by their number from 0. */
export interface Keys {
  begin(key: number, closed: boolean): void;
  edge(key: number, closed: boolean, at: number): void;
  close(): void;
}

export interface KeysParts {
  /** How a technician knows each key, best level first: `GPIO17`. */
  readonly names: readonly string[];
  readonly now: () => number;
  readonly pressed: (key: number, at: number) => void;
  /** A key is stuck, in one line; null when it is free again. The key is told by its name. */
  readonly trouble: (cause: string | null, name: string) => void;
}

/** A key that is down for this long is stuck. Milliseconds. */
export const stuckAfterMs = 60_000;

/** Frees the keys from bounce, and tells of one that stays down. */
export function createKeys({ names, now, pressed, trouble }: KeysParts): Keys {
  const contacts = names.map((_, key) => createContact(now, (at) => pressed(key, at)));
  const stuck = watchForStuckKeys(names, trouble);
  let over = false;
  return {
    begin(key, closed) {
      contacts[key]?.begin(closed);
      stuck.stands(key, closed);
    },
    edge(key, closed, at) {
      // What reads the pins may still have something to tell when it is let go.
      if (over) return;
      contacts[key]?.edge(closed, at);
      stuck.stands(key, closed);
    },
    close() {
      over = true;
      stuck.close();
      for (const contact of contacts) contact.close();
    },
  };
}

/** Tells of keys that stay down. */
export interface StuckKeys {
  /** How a key stands now. */
  stands(key: number, down: boolean): void;
  close(): void;
}

/** `trouble` hears of every key that is stuck, in one line, and null when it no longer is. */
export function watchForStuckKeys(names: readonly string[], trouble: KeysParts['trouble']): StuckKeys {
  const watches: (NodeJS.Timeout | undefined)[] = [];
  const stuck = new Set<number>();

  function tell(key: number, name: string): void {
    stuck.add(key);
    trouble(`the key at ${name} has been down for a minute: free it, or look for a short in its wiring`, name);
  }

  return {
    stands(key, down) {
      const name = names[key] ?? '';
      clearTimeout(watches[key]);
      if (down) watches[key] = setTimeout(() => tell(key, name), stuckAfterMs);
      else if (stuck.delete(key)) trouble(null, name);
    },
    close() {
      for (const timer of watches) clearTimeout(timer);
    },
  };
}
