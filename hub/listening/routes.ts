import { page } from '@manyi/config/api';
import { uuid } from '@manyi/config/ids';
import { type Listening, listening, type NewListening, newListening } from '@manyi/config/listening';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { conflict, invalid, notFound } from '../errors.ts';
import { maySee, requireSite, signedIn } from '../http/auth.ts';
import type { Presence, Presences } from '../terminals/presence.ts';
import { openLine } from './line.ts';
import type { Listenings, OpenListening } from './listenings.ts';
import type { ListenedPlace } from './log.ts';

export interface ListeningRoutesParts {
  readonly listenings: Listenings;
  readonly presences: Presences;
  /** Where a terminal stands. Throws 404 for an unknown one. */
  readonly placeOf: (terminal: string) => ListenedPlace;
  /** The terminals at a counter; null for no such counter. */
  readonly terminalsAt: (site: string, counter: string) => Promise<readonly string[] | null>;
}

const tags = ['listening'];

const description = `\`purpose\` stands in the audit log before anything can be heard. Then join within ten seconds by WebSocket:
\`/api/v1/listenings/{listening}/audio\`, signed in as here. Binary messages are frames of sound as the terminal sent them (16 bytes of
header: version 1, channels, two bytes 0, the frame's number as 32 bits and the epoch milliseconds of its first sample as 64 bits,
big-endian; then 16-bit little-endian samples at 16 kHz). Text messages are JSON: \`{"type":"state","state","others","endsAt"}\`
whenever something of it changes, and \`{"type":"ended","why"}\` before the end. Closing it ends the listening; after a broken connection
it can be joined again within ten seconds. Lamp and screen of the terminal show it for as long as anybody hears it.`;

/** `/listenings`: who listens in to which counter, and the sound itself. */
export const listeningRoutes: FastifyPluginAsyncZod<ListeningRoutesParts> = async (app, parts) => {
  const { listenings, presences, placeOf, terminalsAt } = parts;

  /** Where the user wants to listen: a terminal that can be heard. Throws 404 for what they may not see. */
  async function placeFor(request: FastifyRequest, { counter, site, terminal }: NewListening): Promise<ListenedPlace> {
    const user = signedIn(request);
    if (terminal !== undefined) {
      const place = placeOf(terminal);
      requireSite(user, place.site, 'terminal');
      if (place.counter !== counter || (site ?? place.site) !== place.site) {
        throw invalid('counter', `the terminal stands at ${place.counter} of ${place.site}`);
      }
      requireSound(presences.of(terminal));
      return place;
    }
    const found = site !== undefined && maySee(user, site) ? await terminalsAt(site, counter) : null;
    if (found === null || site === undefined) throw notFound('counter');
    return { site, counter, terminal: heardOf(found, presences) };
  }

  app.post(
    '/listenings',
    {
      schema: {
        tags,
        summary: 'Begin to listen in to a counter',
        description,
        body: newListening,
        response: { 201: listening },
      },
    },
    async (request, reply) => {
      const place = await placeFor(request, request.body);
      const begun = listenings.begin(signedIn(request), request.token ?? '', place, request.body.purpose);
      return reply.code(201).send(toListening(begun));
    },
  );

  app.get(
    '/listenings',
    { schema: { tags, summary: 'Who listens in now, at your sites', response: { 200: page(listening) } } },
    async (request) => {
      const user = signedIn(request);
      const seen = listenings.all().filter(({ place }) => maySee(user, place.site));
      return { items: seen.map(toListening), next: null };
    },
  );

  app.get(
    '/listenings/:listening/audio',
    {
      websocket: true,
      schema: { params: z.object({ listening: uuid }) },
      preHandler: async (request) => {
        const { listening: id } = request.params as { listening: string };
        if (listenings.find(id.toLowerCase(), signedIn(request).username) === null)
          throw notFound('listening of yours');
      },
    },
    (socket, request) => {
      const id = request.params.listening.toLowerCase();
      listenings.join(id, request.token ?? '', (onClosed) => openLine(socket, onClosed));
    },
  );
};

function toListening({ id, who, place, purpose, startedAt, endsAt, clerk }: OpenListening): Listening {
  const [started, ends] = [new Date(startedAt).toISOString(), new Date(endsAt).toISOString()];
  return { listening: id, who, ...place, clerk: clerk(), purpose, startedAt: started, endsAt: ends };
}

/** The terminal of a counter that can be heard; of several the first. Throws 409 for what keeps the first from being heard. */
function heardOf(terminals: readonly string[], presences: Presences): string {
  const [first] = terminals;
  if (first === undefined) throw conflict('no-terminal', 'no terminal stands at this counter');
  const heard = terminals.find((terminal) => faultOf(presences.of(terminal)) === null);
  if (heard !== undefined) return heard;
  const online = terminals.find((terminal) => presences.of(terminal).state === 'online') ?? first;
  requireSound(presences.of(online));
  return online;
}

function requireSound(presence: Presence): void {
  const fault = faultOf(presence);
  if (fault !== null) throw fault;
}

/** What keeps a terminal from being heard; null for nothing. */
function faultOf({ state, health }: Presence) {
  if (state === 'offline') return conflict('terminal-offline', 'the terminal is offline');
  if (state === 'unknown') {
    return conflict('terminal-offline', 'the terminal has not been heard since the hub started: try again soon');
  }
  const microphone = health?.parts?.microphone;
  if (microphone === undefined) {
    return conflict('no-microphone', 'the terminal has no microphone: set MANYI_MICROPHONE on it');
  }
  return microphone ? null : conflict('microphone-failed', 'the microphone of the terminal failed: its log says why');
}
