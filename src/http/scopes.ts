import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ACCESS_REFUSALS } from '../observability/metrics.ts';
import type { Scope } from '../scopes.ts';
import type { AccessControl } from './access.ts';
import { isCrossSite } from './cross-site.ts';
import { markGuest } from './guests.ts';
import { sendRefusal } from './refusal-handler.ts';
import { headOf } from './request-head.ts';
import type { ServiceContext } from './service-context.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that a caller needs where credentials are asked for; `none` lets anyone in. */
    scope?: Scope | 'none';
    /** Counted by the route itself, of which what is refused before it is no part. */
    countsItself?: true;
  }
}

/** A route that does not say what it needs is not open by that: reading is the least that a credential allows. */
const DEFAULT_SCOPE: Scope = 'read';

/** RFC 9110, 11.6.1: both schemes that are taken. `Basic` makes a browser ask, so that /docs can be opened. */
const CHALLENGE = 'Bearer realm="detrails", Basic realm="detrails", charset="UTF-8"';

/**
 * Refuses what pages of other sites send, and callers without the scope of the route, where credentials are asked for.
 */
export function registerAccess(app: FastifyInstance, context: ServiceContext): void {
  const { access } = context;
  app.addHook('onRequest', (request, reply, done) => {
    if (isCrossSite(request.raw)) refuse(request, reply, 'cross_site', context);
    else done();
  });
  if (access === undefined) return;
  app.addHook('onRequest', (request, reply, done) => {
    const needed = request.routeOptions.config.scope ?? DEFAULT_SCOPE;
    if (needed === 'none' || request.is404) return done();
    const caller = access.identify(request.raw);
    if (typeof caller === 'string') {
      refuseLogin(request, reply, caller === 'wrong_credential', access, context);
    } else if (!caller.scopes.has(needed)) {
      refuse(request, reply, 'forbidden', context);
    } else {
      if (!caller.scopes.has('learn')) markGuest(request.raw);
      done();
    }
  });
}

/** Asking without any credential is no guess, and is how a browser begins: only wrong ones are counted. */
function refuseLogin(
  request: FastifyRequest,
  reply: FastifyReply,
  isGuess: boolean,
  access: AccessControl,
  context: ServiceContext,
): void {
  reply.header('www-authenticate', CHALLENGE);
  if (!isGuess) {
    refuse(request, reply, 'unauthorized', context);
    return;
  }
  const { retryAfter, isNews } = access.logins.failed(request.ip, Date.now());
  if (isNews) {
    context.log.warn(
      { 'source.ip': request.ip, 'event.outcome': 'failure' },
      retryAfter === undefined ? 'a login failed' : 'logins fail again and again: no more lines for a minute',
    );
  }
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  refuse(request, reply, retryAfter === undefined ? 'unauthorized' : 'too_many_logins', context);
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  code: (typeof ACCESS_REFUSALS)[number],
  { metrics, requestMeter }: ServiceContext,
): void {
  metrics.accessRefusals.inc({ code });
  sendRefusal(reply, code);
  // All others are counted by hooks.
  const { url, config } = request.routeOptions;
  if (config.countsItself && url !== undefined)
    requestMeter.route(url).answered(reply.statusCode, headOf(request.raw));
}
