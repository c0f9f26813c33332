import { Agent, request } from 'node:http';
import type { Enrichment } from '../../src/enrichment/enrichment.ts';

/** One connection that is kept, as the pool of Logstash's http filter keeps them. */
export interface LogstashClient {
  ask(record: string): Promise<Enrichment>;
  close(): void;
}

/**
 * Sends records as Logstash's http filter 2.0 does with `body => "%{message}"` and `body_format => "json"`: the same
 * headers in the same order (Manticore 0.9.2), one event a request, over a connection that is kept.
 */
export function logstashClient(url: string): LogstashClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { hostname, port, host } = new URL(url);
  const ask = (record: string) =>
    new Promise<Enrichment>((resolve, reject) => {
      const body = Buffer.from(record);
      const headers = [
        ['Connection', 'Keep-Alive'],
        ['content-type', 'application/json'],
        ['Content-Length', String(body.length)],
        ['Host', host],
        ['User-Agent', 'Manticore 0.9.2'],
        ['Accept-Encoding', 'gzip,deflate'],
      ].flat();
      const sent = request({
        agent,
        hostname,
        port,
        method: 'POST',
        path: '/enrich',
        headers,
        setHost: false,
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode !== 200) reject(new Error(`/enrich answered ${response.statusCode}`));
          else resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Enrichment);
        });
      });
      sent.end(body);
    });
  return { ask, close: () => agent.destroy() };
}
