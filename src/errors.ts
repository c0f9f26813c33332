/**
 * The one catalogue of what can go wrong with what the service is given. A refusal is the answer to a request
 * that cannot be served (RFC 9457 problem+json); a problem is a note inside an answer that was given anyway.
 * docs/errors.md holds the same codes, and a test holds the two together.
 */
export const REFUSALS = {
  empty_body: { status: 400, title: 'The body is empty: send one CloudTrail record as JSON.' },
  not_json: { status: 400, title: 'The body is not JSON.' },
  unresolved_reference: {
    status: 400,
    title:
      'The body is a Logstash reference that was not replaced, such as %{message}: the event has no field of that name. Check `body` in the http filter.',
  },
  not_cloudtrail: {
    status: 400,
    title:
      'No CloudTrail record was found: neither eventName with eventSource, nor an Insight, an aggregate or a digest.',
  },
  s3_notification: {
    status: 400,
    title:
      'This is an S3 event notification, not CloudTrail: read the object that it names, and send the records in it.',
  },
  several_records: {
    status: 400,
    title: 'The body holds several records: split it first, or send it to /enrich/batch.',
  },
  too_deep: { status: 400, title: 'The JSON is nested more deeply than 64 levels.' },
  too_many_keys: { status: 400, title: 'The JSON has more than 10,000 keys and elements.' },
  body_too_large: { status: 413, title: 'The body is larger than the limit of this route.' },
  bad_compression: {
    status: 400,
    title: 'The body is not the gzip or deflate that it is said to be, or was cut off.',
  },
  bad_request: { status: 400, title: 'The request does not fit the contract in /openapi.yaml.' },
  policy_invalid: { status: 400, title: 'The policy cannot be read as an IAM policy document.' },
  unauthorized: { status: 401, title: 'The request carries no valid credential.' },
  forbidden: { status: 403, title: 'The credential does not allow this call.' },
  cross_site: { status: 403, title: 'A page of another site sent this through a browser.' },
  not_found: { status: 404, title: 'There is no such resource.' },
  unknown_action: { status: 404, title: 'No IAM action of that service has that name.' },
  unknown_session: { status: 404, title: 'Nothing is known of a credential with that access key id.' },
  method_not_allowed: { status: 405, title: 'This resource does not take that method.' },
  unsupported_encoding: {
    status: 415,
    title:
      'The content encoding is not supported: streams may be gzip or deflate, a single record or policy is sent as it is.',
  },
  not_ready: { status: 503, title: 'The service is not ready.' },
  overloaded: { status: 503, title: 'The service is busy: try again.' },
  request_timeout: { status: 408, title: 'The request did not arrive in time.' },
  too_many_logins: { status: 429, title: 'Too many logins failed from this address.' },
  headers_too_large: { status: 431, title: 'The headers of the request are too large.' },
  internal: {
    status: 500,
    title: 'The service failed on this request. Nothing of it was stored in the log.',
  },
} as const satisfies Record<string, { status: number; title: string }>;

export type RefusalCode = keyof typeof REFUSALS;

export const PROBLEMS = {
  wrong_type: 'The field has the wrong JSON type and counts as absent.',
  bad_time: 'The time cannot be read and counts as absent.',
  policy_not_json: 'The policy document is not valid JSON.',
  policy_hidden: 'CloudTrail hides this policy document.',
  policy_invalid: 'The policy document does not follow the IAM policy grammar.',
  policy_too_large:
    'The policy document is larger than 128 KiB, or nested or listed beyond any policy, and was not analysed.',
  policy_too_complex:
    'The policy document holds more wildcards than a policy that AWS accepts, and was not analysed.',
  store_unavailable:
    'The shared session state was not reached, or could not be read; the answer rests on what this replica remembers.',
} as const satisfies Record<string, string>;

export type ProblemCode = keyof typeof PROBLEMS;

/** A note on something in the event that could not be used. The value itself is never repeated. */
export interface Problem {
  readonly path: string;
  readonly code: ProblemCode;
  readonly message: string;
}

export function problem(code: ProblemCode, path: string): Problem {
  return { path, code, message: PROBLEMS[code] };
}

/** Why a request, or one record of a batch, is refused. `path` says where, in the sender's own field names. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly path?: string;
}

/** Thrown at the door only: the domain returns refusals as values. */
export class RefusedRequest extends Error {
  readonly code: RefusalCode;
  readonly path: string | undefined;

  constructor(refusal: Refusal) {
    super(REFUSALS[refusal.code].title);
    this.code = refusal.code;
    this.path = refusal.path;
  }
}
