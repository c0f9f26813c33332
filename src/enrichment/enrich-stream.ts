import { setImmediate } from 'node:timers/promises';
import { REFUSALS, type Refusal, type RefusalCode } from '../errors.ts';
import { BrokenStream, type Turn } from '../event/byte-source.ts';
import { RecordReader, type StreamForm } from '../event/read-records.ts';
import { type StreamRecord, unread } from '../event/stream-record.ts';
import { AnswerTexts } from './answer-texts.ts';
import { type Answer, type EnrichmentContext, enrich } from './enrich.ts';
import { mergeRecord, mergeRefused } from './merge-record.ts';
import type { StreamOutput } from './stream-output.ts';
import { stringifyEnrichment } from './stringify-enrichment.ts';

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
 * Read first, then enriched, then written, some 36 records at a time: JSON.parse, the enrichment and JSON.stringify
 * drive each other out of the processor's caches, once for each record where it goes all the way alone
 * (docs/decisions/0013).
 */
const PHASE_BYTES = 64 * 1024;

/**
 * Records that are answered before others have their turn: a turn of usual ones is some 140, and one of `{}` and an end
 * of line would be a hundred thousand.
 */
const MOST_TURN_RECORDS = 1024;

const NOTHING_NEW: Turn = [];

/** Records of a stream that are enriched before they are written. */
interface Phase {
  readonly records: readonly StreamRecord[];
  /** Of the first of them. */
  readonly index: number;
}

/** An answer that others have to wait for, or that waits itself. */
interface LateAnswer {
  readonly record: StreamRecord;
  readonly answer: Answer | Promise<Answer>;
  readonly index: number;
}

/**
 * Enriches a stream of records, in order: an array is answered with an array, anything else with one line a record.
 * A record that cannot be read is answered in its place with `{"error":{code,message,index}}`, and the rest goes on.
 * Merged, it comes back with that as its `detrails`, where it is JSON.
 */
export class StreamEnricher {
  readonly #context: EnrichmentContext;
  readonly #options: StreamOptions;
  readonly #reader: RecordReader;
  #phases: Iterator<Phase> = [].values();
  #index = 0;
  /** Whether there is more of what was pushed than could be answered at a time. */
  isBehind = false;
  /** Records answered with an error. */
  failed = 0;
  /** Why the stream broke off, where it did. */
  failure: RefusalCode | undefined;

  constructor(context: EnrichmentContext, options: StreamOptions) {
    this.#context = context;
    this.#options = options;
    this.#reader = new RecordReader(options.recordLimitBytes);
  }

  /** The form of the answer; known from the first byte of the stream on that is not white space. */
  get form(): StreamForm | undefined {
    return this.#options.asLines ? 'lines' : this.#reader.form;
  }

  /** Records answered so far, failed ones too. */
  get records(): number {
    return this.#index;
  }

  /**
   * The answers to the records that are complete with this turn, as the bytes to send on. Where it leaves the enricher
   * behind, nothing new may be pushed; push an empty turn for the next of them.
   */
  push(turn: Turn): Buffer | Promise<Buffer> {
    if (!this.isBehind) this.#phases = this.#read(turn);
    return bytesOf(this.#answerAll(this.#due()));
  }

  /** The answers to what is left, and the end of the output. `failure` says why the stream broke off. */
  async *end(failure?: RefusalCode): AsyncGenerator<Buffer> {
    this.failure = failure;
    this.#phases = this.#readLast(failure);
    for (;;) {
      const texts = await this.#answerAll([...this.#due()]);
      if (!this.isBehind && this.form === 'array') texts.add(this.#index === 0 ? '[]\n' : ']\n');
      yield texts.bytes();
      if (!this.isBehind) return;
      await setImmediate();
    }
  }

  *#read(turn: Turn): Generator<Phase> {
    for (const chunk of turn) {
      for (let at = 0; at < chunk.length; at += PHASE_BYTES)
        for (const records of this.#reader.push(chunk.subarray(at, at + PHASE_BYTES)))
          yield this.#phaseOf(records);
    }
  }

  *#readLast(failure: RefusalCode | undefined): Generator<Phase> {
    for (const records of failure === undefined ? this.#reader.end() : [[unread(failure)]])
      if (records.length > 0) yield this.#phaseOf(records);
  }

  /** As many phases as are answered at a time. */
  *#due(): Generator<Phase> {
    let left = MOST_TURN_RECORDS;
    for (let next = this.#phases.next(); ; next = this.#phases.next()) {
      this.isBehind = !next.done;
      if (next.done) return;
      left -= next.value.records.length;
      yield next.value;
      if (left <= 0) return;
    }
  }

  #phaseOf(records: readonly StreamRecord[]): Phase {
    const index = this.#index;
    this.#index += records.length;
    return { records, index };
  }

  #answerAll(phases: Iterable<Phase>): AnswerTexts | Promise<AnswerTexts> {
    const caughtUp = this.#context.sessions.catchUp();
    if (caughtUp === undefined) return this.#answer(phases);
    // Read at once, since the next turn may come before the store has caught up.
    const read = [...phases];
    return caughtUp.then((moment) => moment.run(() => this.#answer(read)));
  }

  /**
   * With a store that is asked over the network, all records of a turn are under way at once, and answered in order.
   */
  #answer(phases: Iterable<Phase>): AnswerTexts | Promise<AnswerTexts> {
    const texts = new AnswerTexts();
    const late: LateAnswer[] = [];
    for (const { records, index } of phases) {
      const answers = records.map(({ parsed }) => enrich(parsed, this.#context));
      for (let i = 0; i < answers.length; i++) {
        const record = records[i] as StreamRecord;
        const answer = answers[i] as Answer | Promise<Answer>;
        if (answer instanceof Promise || late.length > 0) late.push({ record, answer, index: index + i });
        else texts.add(this.#finish(record, answer, index + i));
      }
    }
    return late.length === 0 ? texts : this.#addLate(texts, late);
  }

  async #addLate(texts: AnswerTexts, late: readonly LateAnswer[]): Promise<AnswerTexts> {
    const answers = await Promise.all(late.map(({ answer }) => answer));
    for (let i = 0; i < answers.length; i++) {
      const { record, index } = late[i] as LateAnswer;
      texts.add(this.#finish(record, answers[i] as Answer, index));
    }
    return texts;
  }

  #finish(record: StreamRecord, answer: Answer, index: number): string {
    this.#options.onAnswer?.(answer);
    if (!answer.ok) this.failed++;
    const json = answer.ok ? stringifyEnrichment(answer) : errorInPlace(answer.refusal, index);
    const line = this.#options.output === 'merged' ? merged(record, answer, json) : json;
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
 * breaks off with a BrokenStream is answered with that in place of the rest.
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
      const coming = enricher.isBehind ? nextRound() : turns.next();
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
    if (!(error instanceof BrokenStream)) throw error;
    failure = 'bad_compression';
  } finally {
    turns.return?.().catch(() => undefined);
  }
  for (const bytes of underWay) yield await bytes;
  yield* enricher.end(failure);
}

async function nextRound(): Promise<IteratorYieldResult<Turn>> {
  await setImmediate();
  return { done: false, value: NOTHING_NEW };
}

function bytesOf(answered: AnswerTexts | Promise<AnswerTexts>): Buffer | Promise<Buffer> {
  return answered instanceof Promise ? answered.then((texts) => texts.bytes()) : answered.bytes();
}

/**
 * Whether the oldest answers are to be sent before the next turn is read: who sends slowly has them before he goes on.
 */
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

function merged({ text }: StreamRecord, answer: Answer, json: string): string {
  return answer.ok ? mergeRecord(text, json) : (mergeRefused(text, json) ?? json);
}

function errorInPlace({ code, path }: Refusal, index: number): string {
  return JSON.stringify({ error: { code, message: REFUSALS[code].title, ...(path && { path }), index } });
}
