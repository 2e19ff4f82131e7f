/**
 * The part of `pg.Pool` that BullMQ's PostgreSQL backend uses. A real pool has it; {@link pgliteAsPool} gives the
 * embedded database the same shape.
 */
export interface PoolLike {
  query(
    text: string,
    params?: readonly unknown[],
  ): Promise<{ rows: Record<string, unknown>[]; rowCount?: number | null }>;
  connect(): Promise<unknown>;
  end(): Promise<void>;
  on(event: string, listener: (...args: never[]) => void): this;
  removeAllListeners(event?: string): this;
}
