import { STATUS_CODES } from 'node:http';
import type { Problem } from '@manyi/config/api';
import { problemType } from '@manyi/config/problems';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { type FieldError, Refusal } from '../errors.ts';

/** Answers every error as problem details (RFC 9457). */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler(answerProblem);
}

/** Answers one error as a problem. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, describe(error as FastifyError | Refusal, request));
}

/** The problem of a request that no route serves. */
export function nothingHere(request: FastifyRequest): Refusal {
  return new Refusal(404, `${request.method} ${request.url.split('?')[0]} is not served here: see /docs`);
}

/** Sends a refusal as `application/problem+json`. */
export function sendProblem(reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (refusal.retryAfter !== null) reply.header('retry-after', String(refusal.retryAfter));
  if (refusal.status === 401) reply.header('www-authenticate', 'Bearer');
  reply.code(refusal.status).type('application/problem+json');
  return reply.serializer(JSON.stringify).send(problemOf(refusal));
}

/** A refusal as the body that tells it. */
export function problemOf(refusal: Refusal): Problem {
  return {
    type: problemType(refusal.kind),
    title: STATUS_CODES[refusal.status] ?? 'Error',
    status: refusal.status,
    detail: refusal.message,
    ...(refusal.errors.length > 0 ? { errors: [...refusal.errors] } : {}),
  };
}

function describe(error: FastifyError | Refusal, request: FastifyRequest): Refusal {
  if (error instanceof Refusal) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    return new Refusal(400, 'the request is not valid', error.validation.map(fieldError(error.validationContext)));
  }
  if (error.statusCode !== undefined && error.statusCode < 500) return new Refusal(error.statusCode, error.message);
  request.log.error({ err: error, route: request.routeOptions.url }, 'a request failed');
  return new Refusal(500, 'the hub failed to answer: its log says why');
}

/** A field of the body stands as its own name, one of the query or path after that word. */
function fieldError(context: string | undefined): (issue: { instancePath: string; message?: string }) => FieldError {
  const prefix = context === undefined || context === 'body' ? [] : [context];
  return (issue) => ({
    path: [...prefix, ...issue.instancePath.split('/').filter((piece) => piece !== '')].join('.'),
    message: issue.message ?? 'is not valid',
  });
}
