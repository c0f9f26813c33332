import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Answer } from '../enrichment/enrich.ts';
import { enrichText } from '../enrichment/enrich.ts';
import { EnrichmentSchema } from '../enrichment/enrichment.ts';
import { sendRefusal } from './refusal-handler.ts';
import { refusal } from './schemas.ts';
import type { ServiceContext } from './service-context.ts';
