import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { RefusalCode } from '../errors.ts';
import { PROBLEM_TYPE, problemDocument } from './problem-document.ts';

// Not by `import`, which makes a name of each part of a module, also of its WebSocket, and loads what that rests on.
const { STATUS_CODES } = process.getBuiltinModule('node:http');

/** With the answer that is under way on it: node:_http_server asks the same where nobody listens to clientError. */
interface Answering extends Socket {
  readonly _httpMessage?: ServerResponse | null;
}

/**
 * Answers what is not HTTP, or does not arrive, before there is a request: the text of a whole response. It is no part
 * of an answer that has begun, and comes behind those to requests that were whole.
 */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  const answer = (socket as Answering)._httpMessage;
  const isWaiting = answer?.req.complete === true && !answer.writableFinished;
  if (error.code === 'ECONNRESET' || !socket.writable || (answer?.headersSent && !isWaiting)) {
    socket.destroy();
    return;
  }
  if (isWaiting) {
    // The parser is told of nothing more, and says the same of all that comes.
    socket.pause();
    answer.once('finish', () => answerBrokenRequest(error, socket));
    return;
  }
  const document = problemDocument(PARSER_CODES[error.code ?? ''] ?? 'bad_request');
  const body = JSON.stringify(document);
  const head = [
    `HTTP/1.1 ${document.status} ${STATUS_CODES[document.status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

const PARSER_CODES: Readonly<Record<string, RefusalCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};
