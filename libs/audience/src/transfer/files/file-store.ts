import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { FileRepository, type StoredFile } from './file.repository.js';

/** Of one piece, in bytes: some thousand readers. */
const PIECE_BYTES = 262_144;
/** A file that is still being written after so long belongs to a process that died. */
const UNFINISHED_MS = 3_600_000;

/** Files in the database: they survive what the database survives, and every process can read them. */
@Injectable()
export class FileStore {
  constructor(
    private readonly database: Database,
    private readonly files: FileRepository,
    private readonly clock: Clock,
  ) {}

  /** Begins a file that is written piece by piece. @returns its id */
  async begin(tx: Executor, publicationId: string, keptMs = UNFINISHED_MS): Promise<string> {
    const id = newId();
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + keptMs);
    await this.files.insert(tx, { id, publicationId, size: 0, isWhole: false, expiresAt, createdAt: now });
    return id;
  }

  /** @param number from 0, without gaps */
  async append(tx: Executor, id: string, number: number, data: Buffer): Promise<void> {
    await this.files.addPiece(tx, id, number, data);
  }

  /** It is all there, and is kept for so long. */
  async finish(tx: Executor, id: string, keptMs: number): Promise<void> {
    const expiresAt = new Date(this.clock.now().getTime() + keptMs);
    await this.files.change(tx, id, { isWhole: true, expiresAt });
  }

  /**
   * Keeps what comes in, piece by piece.
   * @param watch is shown every piece
   * @throws what the source throws; what was written by then is removed later
   */
  async take(
    publicationId: string,
    source: AsyncIterable<Uint8Array>,
    watch: (bytes: Uint8Array) => void,
  ): Promise<{ id: string; size: number }> {
    const { db } = this.database;
    const id = await this.begin(db, publicationId);
    let [number, size, waiting]: [number, number, Uint8Array[]] = [0, 0, []];
    let held = 0;
    const flush = async () => {
      if (held === 0) return;
      await this.append(db, id, number, Buffer.concat(waiting));
      [number, size, waiting, held] = [number + 1, size + held, [], 0];
    };
    for await (const bytes of source) {
      watch(bytes);
      waiting.push(bytes);
      held += bytes.length;
      if (held >= PIECE_BYTES) await flush();
    }
    await flush();
    return { id, size };
  }

  async find(publicationId: string, id: string): Promise<StoredFile | undefined> {
    return this.files.find(publicationId, id);
  }

  /** The bytes of a file, a piece at a time. */
  async *read(id: string): AsyncGenerator<Buffer> {
    for (let number = 0; ; number += 1) {
      const piece = await this.files.piece(id, number);
      if (!piece) return;
      yield piece;
    }
  }

  async remove(tx: Executor, id: string): Promise<void> {
    await this.files.delete(tx, id);
  }

  async removeExpired(): Promise<void> {
    await this.files.deleteExpired(this.clock.now());
  }
}
