import { REFUSALS, type Refusal, type RefusalCode, RefusedRequest } from '../errors.ts';
import type { Turn } from '../event/byte-source.ts';
import type { Piece } from '../event/element-scanner.ts';
import { type ParsedRecord, parseRecordText } from '../event/parse-record.ts';
import { RecordSplitter, type StreamForm } from '../event/split-records.ts';
import { AnswerTexts } from './answer-texts.ts';
import { type Answer, type EnrichmentContext, enrich } from './enrich.ts';
import { stringifyEnrichment } from './stringify-enrichment.ts';

/** `enrichment` answers each record with its enrichment; `merged` with the record's own bytes and a `detrails` field. */
export type StreamOutput = 'enrichment' | 'merged';

export interface StreamOptions {
  readonly output: StreamOutput;
  /** The largest single record, in bytes. */
  readonly recordLimitBytes: number;
  /** Answers an array with lines too, as one output for many files needs. */
  readonly asLines?: boolean;
  /** Called for each record, in order. */
  readonly onAnswer?: (answer: Answer) => void;
}

/**
 * Parsed first, then enriched, then written, a phase at a time: JSON.parse, the enrichment and JSON.stringify drive each
 * other out of the processor's caches, once for each record where it goes all the way alone (docs/decisions/0013).
 */
const RECORDS_A_PHASE = 32;

/**
 * Enriches a stream of records, in order: an array is answered with an array, anything else with one line a record.
 * A record that cannot be read is answered in its place with `{"error":{code,message,index}}`, and the rest goes on.
 */
export class StreamEnricher {
  readonly #context: EnrichmentContext;
  readonly #options: StreamOptions;
  readonly #splitter: RecordSplitter;
  #index = 0;
  /** Records answered with an error. */
  failed = 0;
  /** Why the stream broke off, where it did. */
  failure: RefusalCode | undefined;

  constructor(context: EnrichmentContext, options: StreamOptions) {
    this.#context = context;
    this.#options = options;
    this.#splitter = new RecordSplitter(options.recordLimitBytes);
  }

  /** The form of the answer; known from the first byte of the stream on that is not white space. */
  get form(): StreamForm | undefined {
    return this.#options.asLines ? 'lines' : this.#splitter.form;
  }

  /** Records answered so far, failed ones too. */
  get records(): number {
    return this.#index;
  }

  /** The answers to the records that are complete with this turn, as the bytes to send on. */
  push(turn: Turn): Buffer | Promise<Buffer> {
    const answered = this.#answerAll(turn.flatMap((chunk) => this.#splitter.push(chunk)));
    return answered instanceof Promise ? answered.then((texts) => texts.bytes()) : answered.bytes();
  }

  /** The answers to what is left, and the end of the output. `failure` says why the stream broke off. */
  async end(failure?: RefusalCode): Promise<Buffer> {
    this.failure = failure;
    const left = failure === undefined ? this.#splitter.end() : [{ refusal: failure }];
    const rest = await this.#answerAll(left);
    if (this.form === 'array') rest.add(this.#index === 0 ? '[]\n' : ']\n');
    return rest.bytes();
  }

  #answerAll(pieces: readonly Piece[]): AnswerTexts | Promise<AnswerTexts> {
    const index = this.#index;
    this.#index += pieces.length;
    const caughtUp = pieces.length === 0 ? undefined : this.#context.sessions.catchUp();
    if (caughtUp === undefined) return this.#answerFrom(index, pieces);
    return caughtUp.then((moment) => moment.run(() => this.#answerFrom(index, pieces)));
  }

  #answerFrom(index: number, pieces: readonly Piece[]): AnswerTexts | Promise<AnswerTexts> {
    const texts = new AnswerTexts();
    for (let first = 0; first < pieces.length; first += RECORDS_A_PHASE) {
      const phase = pieces.slice(first, first + RECORDS_A_PHASE);
      const records = phase.map(textOf);
      for (const [i, answer] of this.#answerPhase(phase, records).entries()) {
        const at = first + i;
        if (answer instanceof Promise) return this.#answerRest(texts, answer, pieces.slice(at), index + at);
        texts.add(this.#finish(records[i] as string, answer, index + at));
      }
    }
    return texts;
  }

  /** Ends with the first answer that has to be waited for. */
  #answerPhase(pieces: readonly Piece[], records: readonly string[]): (Answer | Promise<Answer>)[] {
    const parsed = pieces.map((piece, i) => parsedPiece(piece, records[i] as string));
    const answers: (Answer | Promise<Answer>)[] = [];
    for (const one of parsed) {
      const answer = enrich(one, this.#context);
      answers.push(answer);
      if (answer instanceof Promise) break;
    }
    return answers;
  }

  /**
   * With a store that is asked over the network, all records of a turn are under way at once, and answered in order.
   * Their texts are not held while the answers are waited for.
   */
  async #answerRest(
    texts: AnswerTexts,
    first: Promise<Answer>,
    pieces: readonly Piece[],
    index: number,
  ): Promise<AnswerTexts> {
    const others = pieces.slice(1).map((piece) => enrich(parsedPiece(piece, textOf(piece)), this.#context));
    const answers = await Promise.all([first, ...others]);
    for (let i = 0; i < answers.length; i++) {
      const record = this.#options.output === 'merged' ? textOf(pieces[i] as Piece) : '';
      texts.add(this.#finish(record, answers[i] as Answer, index + i));
    }
    return texts;
  }

  #finish(text: string, answer: Answer, index: number): string {
    this.#options.onAnswer?.(answer);
    if (!answer.ok) this.failed++;
    const json = answer.ok ? stringifyEnrichment(answer) : errorInPlace(answer.refusal, index);
    const line = answer.ok && this.#options.output === 'merged' ? merge(text, json) : json;
    if (this.form !== 'array') return `${line}\n`;
    return index === 0 ? `[${line}` : `,\n${line}`;
  }
}

/**
 * Turns whose answers wait for a store on the network, while the next one is read: with fewer the service waits for
 * the store, and with more their events outlive the young generation (bench/redis.ts).
 */
const MOST_TURNS_UNDER_WAY = 2;

/**
 * Enriches a whole source of bytes; yields the answers as they come, and the end of the output last. A source that
 * breaks off with a RefusedRequest (compressed data that is broken) is answered with it in place of the rest.
 */
export async function* enrichStream(
  source: AsyncIterable<Turn>,
  enricher: StreamEnricher,
): AsyncGenerator<Buffer> {
  const turns = source[Symbol.asyncIterator]();
  const underWay: (Buffer | Promise<Buffer>)[] = [];
  let failure: RefusalCode | undefined;
  try {
    for (;;) {
      const coming = turns.next();
      // It may break off while the reader takes his time; it is awaited below.
      coming.catch(() => undefined);
      while (await isFirst(underWay, coming)) {
        const bytes = await (underWay.shift() as Buffer | Promise<Buffer>);
        if (bytes.length > 0) yield bytes;
      }
      const turn = await coming;
      if (turn.done) break;
      const answers = enricher.push(turn.value);
      // Where the reader has gone, nobody waits for them any more.
      if (answers instanceof Promise) answers.catch(() => undefined);
      underWay.push(answers);
    }
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    failure = error.code;
  } finally {
    turns.return?.().catch(() => undefined);
  }
  for (const bytes of underWay) yield await bytes;
  yield await enricher.end(failure);
}

/** Whether the oldest answers are to be sent before the next turn is read: who sends slowly has them before he goes on. */
function isFirst(
  underWay: readonly (Buffer | Promise<Buffer>)[],
  coming: Promise<unknown>,
): boolean | Promise<boolean> {
  const [oldest] = underWay;
  if (oldest === undefined) return false;
  if (!(oldest instanceof Promise) || underWay.length > MOST_TURNS_UNDER_WAY) return true;
  const [yes, no] = [() => true, () => false];
  return Promise.race([oldest.then(yes, yes), coming.then(no, no)]);
}

/** Of a record that was too long there is none. */
function textOf(piece: Piece): string {
  return 'bytes' in piece ? piece.bytes.toString('utf8') : '';
}

/** @param record its text */
function parsedPiece(piece: Piece, record: string): ParsedRecord {
  return 'refusal' in piece ? { ok: false, refusal: { code: piece.refusal } } : parseRecordText(record);
}

function errorInPlace({ code, path }: Refusal, index: number): string {
  return JSON.stringify({ error: { code, message: REFUSALS[code].title, ...(path && { path }), index } });
}

/**
 * The record as it was sent, with one field more. Only line breaks between its tokens are changed, into spaces,
 * so that one record stays one line (inside a JSON string a line break cannot stand).
 */
function merge(text: string, json: string): string {
  const record =
    text.includes('\n') || text.includes('\r') ? text.replaceAll(LINE_BREAK, ' ').trim() : text.trim();
  if (record.startsWith('{')) return `${record.slice(0, -1)},"detrails":${json}}`;
  return `{"message":${record},"detrails":${json}}`;
}

const LINE_BREAK = /[\r\n]+/g;
