import type { RowCells } from './row-cells.ts';
import { RowList } from './row-list.ts';

/** Who rows count for, and those rows, by segment. */
interface Owner {
  readonly name: string;
  readonly probation: RowList;
  readonly protected: RowList;
}

/** The principals that have rows, as numbers, which is what a cell holds. */
export class RowOwners {
  readonly #cells: RowCells;
  readonly #numbers = new Map<string, number>();
  readonly #owners: (Owner | undefined)[] = [];
  readonly #free: number[] = [];

  constructor(cells: RowCells) {
    this.#cells = cells;
  }

  /** To be given back by `leave` where no row came of it. */
  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#free.pop() ?? this.#owners.length;
    this.#owners[number] = {
      name,
      probation: new RowList(this.#cells, 'owner'),
      protected: new RowList(this.#cells, 'owner'),
    };
    this.#numbers.set(name, number);
    return number;
  }

  name(number: number): string {
    return this.#at(number).name;
  }

  rows(number: number, segment: 'probation' | 'protected'): RowList {
    return this.#at(number)[segment];
  }

  /** An owner without rows is forgotten. */
  leave(number: number): void {
    const owner = this.#at(number);
    if (owner.probation.size + owner.protected.size > 0) return;
    this.#numbers.delete(owner.name);
    this.#owners[number] = undefined;
    this.#free.push(number);
  }

  #at(number: number): Owner {
    return this.#owners[number] as Owner;
  }
}
