import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Config } from '../config.ts';
import { readSettingFile } from '../pem-file.ts';
import { LoginLimit } from './login-limit.ts';
import { type Caller, Tokens } from './tokens.ts';

/** Who is asking, or why that is not known. */
export type Identified = Caller | 'no_credential' | 'wrong_credential';

/** Who may call: the tokens of a file, the clients of a certificate authority, or both; one of them is enough. */
export class AccessControl {
  readonly logins = new LoginLimit();
  readonly #path: string | undefined;
  readonly #certified: Caller | undefined;
  #tokens: Tokens | undefined;

  /** Throws a ConfigError where the tokens cannot be read, and a TokensError where a line of them is wrong. */
  constructor({ tokensFile, tls }: Config) {
    this.#path = tokensFile;
    this.reload();
    if (tls?.clientCaFile !== undefined)
      this.#certified = { name: 'certificate', scopes: new Set(tls.clientScopes) };
  }

  /** Of those that a file lists; `undefined` where there are only certificates. */
  get tokens(): number | undefined {
    return this.#tokens?.size;
  }

  /** Reads the tokens again, all or none: where that throws, the old ones stay. */
  reload(): void {
    if (this.#path === undefined) return;
    this.#tokens = new Tokens(readSettingFile({ setting: 'DETRAILS_TOKENS_FILE', path: this.#path }));
  }

  /** A header that is there must be right: a certificate does not make up for a wrong token. */
  identify(request: IncomingMessage): Identified {
    const header = request.headers.authorization;
    if (header !== undefined) return this.#tokens?.callerOf(header) ?? 'wrong_credential';
    const { socket } = request;
    if (this.#certified === undefined || !(socket instanceof TLSSocket)) return 'no_credential';
    if (socket.authorized) return this.#certified;
    return hasCertificate(socket) ? 'wrong_credential' : 'no_credential';
  }
}

/** Node: an empty object where the client sent no certificate. */
function hasCertificate(socket: TLSSocket): boolean {
  return Object.keys(socket.getPeerCertificate()).length > 0;
}
