import type { ReactNode } from 'react';

/** A page before there is a session. */
export function Door({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main>
      <title>{`${title} – Broadsheet`}</title>
      <div className="well" style={{ maxWidth: '26rem', margin: '8vh auto 0' }}>
        <h1 style={{ margin: '0 0 1rem', fontSize: '1.75rem' }}>{title}</h1>
        {children}
      </div>
    </main>
  );
}
