import type { FastifyRequest } from 'fastify';
import { RefusedRequest } from '../errors.ts';

/**
 * For routes that read no compressed body. Throws a RefusedRequest `unsupported_encoding` where a header says that
 * there is one: what is compressed is refused as such, and not as JSON that is broken.
 */
export function refuseEncoded({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') throw new RefusedRequest({ code: 'unsupported_encoding' });
}
