import type { FastifyPluginAsync } from 'fastify';
import type { Database } from '../database/database.ts';
import { openZones } from '../database/zones.ts';
import type { Throttle } from '../http/throttle.ts';
import type { Changes } from './changes.ts';
import { createClerks } from './clerks/clerks.ts';
import { photoRoutes } from './clerks/photo-routes.ts';
import { clerkRoutes } from './clerks/routes.ts';
import { createClerkStore } from './clerks/store.ts';
import { createPlaces, type Places } from './places/places.ts';
import { placeRoutes } from './places/routes.ts';
import { createPlaceStore } from './places/store.ts';
import { createRosters, type Rosters } from './roster.ts';
import { rosterRoutes } from './roster-routes.ts';
import { readRosterKey } from './store.ts';
import { userRoutes } from './users/routes.ts';
import { createSetup, type Setup } from './users/setup.ts';
import { createUserStore } from './users/store.ts';
import { tokenRoutes } from './users/token-routes.ts';
import { createUsers, type Users } from './users/users.ts';

/** Sites, counters, clerks, badges and users, as the rest of the hub sees them. */
export interface People {
  readonly users: Users;
  readonly setup: Setup;
  readonly places: Places;
  readonly rosters: Rosters;
  readonly rosterKey: string;
  readonly routes: FastifyPluginAsync;
}

export interface PeopleParts {
  readonly database: Database;
  readonly changes: Changes;
  readonly throttle: Throttle;
  readonly now: () => number;
  /** Is told of every site whose terminals must hear of a change of its own or of its counters. */
  readonly siteChanged: (site: string) => void;
  readonly rosterChanged: (site: string) => void;
}

/** Makes the first administrator when a password came with the settings and there is no user. */
export async function openPeople(parts: PeopleParts, adminPassword: string | null): Promise<People> {
  const { database, changes, throttle } = parts;
  const userStore = createUserStore(database, changes);
  const placeStore = createPlaceStore(database, changes);
  const clerkStore = createClerkStore(database, changes);
  const zones = openZones(database);
  const rosterKey = readRosterKey(database);
  const places = createPlaces(placeStore, parts.siteChanged);
  const siteExists = async (site: string) => (await places.site(site)) !== null;
  const users = createUsers({ store: userStore, siteExists, now: parts.now });
  if (adminPassword !== null && users.none()) await users.addFirst(adminPassword);
  const setup = createSetup(users);
  const rosters = createRosters(clerkStore);
  const clerks = createClerks({ store: clerkStore, siteExists, rosterKey, changed: parts.rosterChanged });

  const routes: FastifyPluginAsync = async (api) => {
    await api.register(userRoutes, { users, store: userStore, setup, throttle });
    await api.register(tokenRoutes, { users, store: userStore });
    await api.register(placeRoutes, { places, store: placeStore, zones });
    await api.register(clerkRoutes, { clerks, store: clerkStore, places, zones });
    await api.register(photoRoutes, { clerks, store: clerkStore });
    await api.register(rosterRoutes, { rosters });
  };
  return { users, setup, places, rosters, rosterKey, routes };
}
