import Fastify from 'fastify';

/**
 * The least that a Fastify route can do with the same work at the door: parse the record, answer a constant object of
 * the size of an enrichment. What Det{R}ails costs is what it is slower than this.
 */
const answer: unknown = JSON.parse(process.env['BENCH_ANSWER'] ?? '{}');
const app = Fastify();
app.post('/enrich', () => answer);
process.on('SIGINT', () => process.exit(0));
console.log(await app.listen({ host: '127.0.0.1', port: 0 }));
