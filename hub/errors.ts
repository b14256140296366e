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

  constructor(status: number, message: string, errors: readonly FieldError[] = [], retryAfter: number | null = null) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }
}

/** 400: `path` of the request is wrong. */
export function invalid(path: string, message: string): Refusal {
  return new Refusal(400, 'the request is not valid', [{ path, message }]);
}

/** 401: nobody is signed in, or not rightly. It never says which part was wrong. */
export function unauthenticated(message = 'sign in first'): Refusal {
  return new Refusal(401, message);
}

/** 403: signed in, but not allowed. */
export function forbidden(message = 'your role does not allow this'): Refusal {
  return new Refusal(403, message);
}

/** 404, also for what belongs to a site that the user may not see: the answer gives no hint that it exists. */
export function notFound(what: string): Refusal {
  return new Refusal(404, `there is no such ${what}`);
}

/** 409: it exists already, or is in use. */
export function conflict(message: string): Refusal {
  return new Refusal(409, message);
}

/** 429: too many failures; try again after some seconds. */
export function tooMany(retryAfter: number): Refusal {
  return new Refusal(429, `too many failed attempts: try again in ${retryAfter} s`, [], retryAfter);
}
