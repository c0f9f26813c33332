import type { PolicyMemory, PolicyRecord } from './policy-memory.ts';

/**
 * What is remembered, and upon it what one event adds: that event is answered as any other, policies that its
 * principal holds together with the new one included, and what it adds is forgotten unless it is kept.
 */
export class PolicyOverlay implements PolicyMemory {
  readonly #below: PolicyMemory;
  readonly #added = new Map<string, PolicyRecord>();

  get changed(): readonly string[] {
    return [...this.#added.keys()];
  }

  constructor(below: PolicyMemory) {
    this.#below = below;
  }

  get(key: string): PolicyRecord | undefined {
    return this.#added.get(key) ?? this.#below.get(key);
  }

  set(key: string, record: PolicyRecord): void {
    this.#added.set(key, record);
  }

  /** Sets below what was added here. */
  keep(): void {
    for (const [key, record] of this.#added) this.#below.set(key, record);
  }
}
