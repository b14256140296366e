import type { Generated } from 'kysely';

/** The tables of the migrations, for Kysely. Times are epoch milliseconds, flags 0 or 1. */
export interface Schema {
  sites: SitesTable;
  counters: CountersTable;
  clerks: ClerksTable;
  badges: BadgesTable;
  users: UsersTable;
  sessions: SessionsTable;
  hub_values: HubValuesTable;
  terminals: TerminalsTable;
  enrolments: EnrolmentsTable;
  assignments: AssignmentsTable;
  outboxes: OutboxesTable;
  ledger: LedgerTable;
  settled_numbers: SettledNumbersTable;
  deliveries: DeliveriesTable;
  quarantine: QuarantineTable;
  quarantine_overflow: QuarantineOverflowTable;
  services: ServicesTable;
  ratings: RatingsTable;
  tallies: TalliesTable;
  duties: DutiesTable;
  refusals: RefusalsTable;
}

export interface SitesTable {
  id: string;
  name: string;
  time_zone: string;
  mode: string;
  profile: string;
}

export interface CountersTable {
  site: string;
  id: string;
  name: string;
}

export interface ClerksTable {
  id: string;
  site: string;
  name: string;
  number: string;
  stars: number | null;
  active: Generated<number>;
  photo_type: string | null;
  photo: Buffer | null;
}

export interface BadgesTable {
  hash: string;
  clerk: string;
  ending: string;
}

export interface UsersTable {
  username: string;
  name: string;
  role: string;
  sites: string | null;
  password: string;
}

export interface SessionsTable {
  hash: string;
  username: string;
  label: string | null;
  expires: number | null;
}

export interface HubValuesTable {
  name: string;
  value: string;
}

export interface TerminalsTable {
  id: string;
  site: string;
  counter: string;
  credential: string | null;
  next_credential: string | null;
  agent: string | null;
  health: string | null;
  heard: number | null;
}

export interface EnrolmentsTable {
  code_hash: string;
  site: string;
  counter: string;
  terminal: string;
  expires: number;
  nonce: string | null;
  answer: string | null;
  used: number | null;
}

export interface AssignmentsTable {
  terminal: string;
  since: number;
  counter: string;
}

export interface OutboxesTable {
  key: Generated<number>;
  terminal: string;
  outbox: string;
  through: Generated<number>;
  highest: Generated<number>;
  next: Generated<number>;
}

export interface LedgerTable {
  position: Generated<number>;
  id: string;
  type: string;
  time: number;
  arrived: number;
  site: string | null;
  terminal: string | null;
  counter: string | null;
  clerk: string | null;
  service: string | null;
  outbox_key: number | null;
  seq: number | null;
  claimed: number | null;
  called: Generated<number>;
  data: string;
}

export interface SettledNumbersTable {
  outbox_key: number;
  first: number;
  last: number;
  how: string;
  at: number;
}

export interface DeliveriesTable {
  terminal: string;
  day: number;
  received: Generated<number>;
  quarantined: Generated<number>;
  missing: Generated<number>;
  beyond: Generated<number>;
}

export interface QuarantineTable {
  id: Generated<number>;
  terminal: string;
  site: string;
  topic: string;
  reason: string;
  detail: string | null;
  arrived: number;
  bytes: number;
  outbox: string | null;
  seq: number | null;
  event: string | null;
  payload: Buffer;
}

export interface QuarantineOverflowTable {
  terminal: string;
  reason: string;
  count: number;
  latest: number;
}

export interface ServicesTable {
  service: string;
  site: string;
  terminal: string;
  counter: string;
  clerk: string;
  duty: string | null;
  profile: string;
  called: number;
  started: number | null;
  ended: number | null;
  outcome: string | null;
  invited_by: string | null;
  level: string | null;
  pressed_uninvited: Generated<number>;
  unprompted: Generated<number>;
  set_aside: string | null;
  reason: string | null;
  counted_at: number | null;
  rating_position: number | null;
}

export interface RatingsTable {
  position: Generated<number>;
  service: string;
  time: number;
  site: string;
  counter: string;
  clerk: string;
  level: string;
  unprompted: number;
  set_aside: Generated<number>;
}

export interface TalliesTable {
  span: string;
  site: string;
  bucket: number;
  clerk: string;
  counter: string;
  profile: string;
  level_1: Generated<number>;
  level_2: Generated<number>;
  level_3: Generated<number>;
  level_4: Generated<number>;
  level_5: Generated<number>;
  rated: Generated<number>;
  services: Generated<number>;
  unprompted: Generated<number>;
  expired: Generated<number>;
  withheld: Generated<number>;
  declined: Generated<number>;
  interrupted: Generated<number>;
  opportunities: Generated<number>;
  answered: Generated<number>;
  not_invited: Generated<number>;
}

export interface DutiesTable {
  duty: string;
  terminal: string;
  site: string;
  counter: string;
  clerk: string;
  started: number;
  paused: number | null;
  pause_changed: number | null;
  ended: number | null;
}

export interface RefusalsTable {
  terminal: string;
  why: string;
  count: number;
  latest: number;
}
