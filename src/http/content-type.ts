import type { onRequestHookHandler } from 'fastify';

/**
 * Logstash's http filter says text/plain by default, others say what they like, and a broken content type would be
 * refused before the body is looked at. What a body is, its bytes tell.
 */
export const ignoreContentType: onRequestHookHandler = (request, _reply, done) => {
  delete request.raw.headers['content-type'];
  done();
};
