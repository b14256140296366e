import type { ProblemKind } from '@manyi/config/problems';

/** One mistake in what a client sent: where it stands (`path`, dotted) and what is wrong with it. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** Something the hub will not do, as HTTP tells it: an RFC 9457 problem. `message` is the problem's detail, for people. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly FieldError[];
  /** Seconds after which trying again makes sense; null where it never does. */
  readonly retryAfter: number | null;
  /** Why, for programs and for other languages; null where the status says it all. */
  readonly kind: ProblemKind | null;

  constructor(
    status: number,
    message: string,
    errors: readonly FieldError[] = [],
    retryAfter: number | null = null,
    kind: ProblemKind | null = null,
  ) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.errors = errors;
    this.retryAfter = retryAfter;
    this.kind = kind;
  }
}

/** 400: `path` of the request is wrong. */
export function invalid(path: string, message: string, kind: ProblemKind | null = null): Refusal {
  return new Refusal(400, 'the request is not valid', [{ path, message }], null, kind);
}

/** 401: nobody is signed in. */
export function unauthenticated(): Refusal {
  return new Refusal(401, 'sign in first');
}

/** 401: what somebody tried to get in with is wrong. It never says which part. */
export function wrongCredentials(): Refusal {
  return new Refusal(401, 'the name, password or code is wrong', [], null, 'wrong-credentials');
}

/** 403: signed in, but not allowed. */
export function forbidden(message = 'your role does not allow this'): Refusal {
  return new Refusal(403, message);
}

/** 404 that may hide what belongs to another site: the answer gives no hint whether it exists. */
export class NotFound extends Refusal {
  constructor(what: string) {
    super(404, `there is no such ${what}`);
  }
}

/** 404, also for what belongs to a site that the user may not see. */
export function notFound(what: string): NotFound {
  return new NotFound(what);
}

/** 409: it exists already, or is in use. */
export function conflict(kind: ProblemKind, message: string): Refusal {
  return new Refusal(409, message, [], null, kind);
}

/** 429: too many failures; try again after some seconds. */
export function tooMany(retryAfter: number): Refusal {
  return new Refusal(429, `too many failed attempts: try again in ${retryAfter} s`, [], retryAfter);
}
