/** Some ten answers. */
const LONG_TEXT = 16 * 1024;

/** As many as one character can have: a character that no longer fits is not written by halves. */
const SPARE_BYTES = 4;

/**
 * The answers of one turn of a stream, from their texts to their bytes. They are joined to texts that V8 keeps among
 * its small objects: one as long as a turn would have pages of its own.
 */
export class AnswerTexts {
  readonly #joined: string[] = [];
  #text = '';

  add(text: string): void {
    this.#text += text;
    if (this.#text.length < LONG_TEXT) return;
    this.#joined.push(this.#text);
    this.#text = '';
  }

  /**
   * In UTF-8. Where all characters are ASCII, as nearly always, there are as many bytes, and no need to count them
   * first. Any other text has more bytes than UTF-16 units, which shows by the few bytes to spare.
   */
  bytes(): Buffer {
    const texts = [...this.#joined, this.#text];
    const length = texts.reduce((sum, text) => sum + text.length, 0);
    const bytes = Buffer.allocUnsafeSlow(length + SPARE_BYTES);
    let written = 0;
    for (const text of texts) {
      const more = bytes.write(text, written);
      if (more !== text.length) return Buffer.from(texts.join(''));
      written += more;
    }
    return bytes.subarray(0, written);
  }
}
