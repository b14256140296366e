import { enrol, enrolled, enrolmentCode, newEnrolment } from '@manyi/config/api';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { forbidden, invalid } from '../errors.ts';
import { requireRole, signedIn } from '../http/auth.ts';
import type { Throttle } from '../http/throttle.ts';
import type { Places } from '../people/places/places.ts';
import type { Enrolments } from './enrolment.ts';

export interface EnrolmentRoutesParts {
  readonly enrolments: Enrolments;
  readonly places: Places;
  readonly throttle: Throttle;
  /** The broker's address for a terminal that has reached the hub by this host name. */
  readonly brokerFor: (hostname: string) => string;
}

/** `/enrolments` for administrators, `/enrol` for the terminal that was given a code. */
export const enrolmentRoutes: FastifyPluginAsyncZod<EnrolmentRoutesParts> = async (app, parts) => {
  const { enrolments, places, throttle, brokerFor } = parts;
  const tags = ['terminals'];

  app.post(
    '/enrolments',
    {
      onRequest: requireRole('administrator'),
      schema: {
        tags,
        summary: 'Make a code for a new terminal, or a new credential for a terminal that is there',
        body: newEnrolment,
        response: { 201: enrolmentCode },
      },
    },
    async (request, reply) => {
      const { site, counter } = request.body;
      if ((await places.counter(site, counter)) === null)
        throw invalid('counter', `site ${site} has no counter ${counter}`);
      const { code, expires } = enrolments.issue(request.body, signedIn(request).username);
      return reply.code(201).send({ code, expires: new Date(expires).toISOString() });
    },
  );

  app.post(
    '/enrol',
    {
      config: { access: 'open' },
      schema: { tags, summary: "Trade a code for the terminal's credential", body: enrol, response: { 200: enrolled } },
    },
    async (request) => {
      const { code, nonce } = request.body;
      const work = async () => enrolments.enrol(code, nonce, brokerFor(request.hostname));
      const answer = await throttle.attempt(request.ip, 'enrol', work);
      if (answer === null) throw refused(request);
      return answer;
    },
  );
};

function refused(request: FastifyRequest): Error {
  request.log.warn({ address: request.ip }, 'an enrolment was refused: the code is unknown, expired or used');
  return forbidden('the code is wrong, has expired or was used');
}
