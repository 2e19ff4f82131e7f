import { useCallback, useEffect, useRef, useState } from 'react';
import { noticeEndOfSession, queryClient } from '../api/query-client';
import { pathOf, refresh } from '../api/queries';
import { Problem } from '../api/problem';
import { answer, api, at } from '../api/request';
import type { Edition } from '../api/types';
import { messageOf } from '../ui/states';
import { bodyOf, changedFields, draftOf, merge, type Draft, type Field } from './draft';

/** So long after the last key it is kept. */
const PAUSE_MS = 1_200;
/** How often it is looked whether somebody else has changed it. */
const LOOK_MS = 4_000;

/** Both have changed the same: somebody must choose. */
export interface Clash {
  theirs: Edition;
  by: string | null;
  fields: Field[];
}

export type Keeping = 'kept' | 'changed' | 'keeping' | 'refused';

interface State {
  draft: Draft;
  /** As the server has it. */
  base: Draft;
  version: number;
  keeping: Keeping;
  /** Why it was not kept. */
  error: string | null;
  /** At which field. */
  field: string | null;
  clash: Clash | null;
  /** What somebody else did, which was taken in. */
  news: string | null;
}

/** A draft being written: kept a moment after each change, together with what others write into it. */
export function useComposer(edition: Edition) {
  const [state, setState] = useState<State>(() => begin(edition));
  const now = useRef(state);
  const put = useCallback((changes: Partial<State>) => {
    now.current = { ...now.current, ...changes };
    setState(now.current);
  }, []);
  const running = useRef<Promise<void> | null>(null);

  const takeIn = useCallback(
    (theirs: Edition, by: string | null) => {
      const { base, draft, version } = now.current;
      if (theirs.version <= version) return;
      const other = draftOf(theirs);
      const merged = merge(base, draft, other);
      const fields = changedFields(base, other);
      if (merged.both.length > 0) {
        put({ clash: { theirs, by, fields: merged.both } });
        return;
      }
      put({
        draft: merged.draft,
        base: other,
        version: theirs.version,
        keeping: changedFields(other, merged.draft).length > 0 ? 'changed' : 'kept',
        error: null,
        news: fields.length > 0 ? newsOf(by, fields) : null,
      });
    },
    [put],
  );

  const save = useCallback(async (): Promise<void> => {
    const { draft, base, version, clash } = now.current;
    const fields = changedFields(base, draft);
    if (clash || fields.length === 0) return;
    put({ keeping: 'keeping' });
    try {
      const body = { ...bodyOf(draft, fields), version };
      const kept = await answer(api.PATCH('/editions/{id}', { ...at(edition.id), body }));
      queryClient.setQueryData([pathOf('/editions/{id}', edition.id)], kept);
      const isMore = changedFields(draft, now.current.draft).length > 0;
      put({
        base: draft,
        version: kept.version,
        keeping: isMore ? 'changed' : 'kept',
        error: null,
        field: null,
      });
    } catch (error) {
      noticeEndOfSession(error);
      if (error instanceof Problem && error.code === 'conflict') {
        const theirs = await answer(api.GET('/editions/{id}', at(edition.id)));
        put({ keeping: 'changed' });
        takeIn(theirs, byOf(error));
        return;
      }
      const [first] = error instanceof Problem ? error.errors : [];
      put({ keeping: 'refused', error: first?.message ?? messageOf(error), field: first?.field ?? null });
    }
  }, [edition.id, put, takeIn]);

  /** Keeps what is not kept, one after another. @returns whether all is */
  const flush = useCallback(async (): Promise<boolean> => {
    while (running.current) await running.current;
    running.current = save().finally(() => (running.current = null));
    await running.current;
    const { base, draft } = now.current;
    return changedFields(base, draft).length === 0;
  }, [save]);

  const change = useCallback(
    (changes: Partial<Draft>) => {
      const draft = { ...now.current.draft, ...changes };
      put({ draft, keeping: 'changed', error: null, field: null });
    },
    [put],
  );

  useEffect(() => {
    if (state.keeping !== 'changed' || state.clash) return undefined;
    const timer = setTimeout(() => {
      flush().catch(noticeEndOfSession);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [state.draft, state.keeping, state.clash, flush]);

  useEffect(() => {
    const look = async () => {
      if (document.hidden || running.current || now.current.clash) return;
      const theirs = await answer(api.GET('/editions/{id}', at(edition.id))).catch(() => null);
      if (!theirs || running.current || theirs.version <= now.current.version) return;
      const { data } = await answer(api.GET('/editions/{id}/versions', at(edition.id))).catch(() => ({
        data: [],
      }));
      queryClient.setQueryData([pathOf('/editions/{id}', edition.id)], theirs);
      takeIn(theirs, data[0]?.by ?? null);
    };
    const timer = setInterval(() => {
      look().catch(noticeEndOfSession);
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [edition.id, takeIn]);

  const isOpen = state.keeping !== 'kept';
  useEffect(() => {
    if (!isOpen) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isOpen]);

  // Who goes to another page of these has kept what they wrote.
  useEffect(
    () => () => {
      flush()
        .then(() => refresh('/editions'))
        .catch(noticeEndOfSession);
    },
    [flush],
  );

  /** Ends a clash: the fields named are one's own, the others theirs. */
  const settle = (mine: readonly Field[]) => {
    const { clash, draft, base } = now.current;
    if (!clash) return;
    const other = draftOf(clash.theirs);
    const own = [...changedFields(base, draft).filter((field) => !clash.fields.includes(field)), ...mine];
    const settled = { ...other, ...Object.fromEntries(own.map((field) => [field, draft[field]])) };
    const keeping = changedFields(other, settled).length > 0 ? 'changed' : 'kept';
    put({ draft: settled, base: other, version: clash.theirs.version, clash: null, keeping });
  };

  /** After a version was restored. */
  const replace = (restored: Edition) => put({ ...begin(restored) });

  return { ...state, change, flush, settle, replace, dismissNews: () => put({ news: null }) };
}

export type Composer = ReturnType<typeof useComposer>;

function begin(edition: Edition): State {
  const draft = draftOf(edition);
  const { version } = edition;
  return { draft, base: draft, version, keeping: 'kept', error: null, field: null, clash: null, news: null };
}

function newsOf(by: string | null, fields: readonly Field[]): string {
  const names = {
    subject: 'the subject',
    preheader: 'the preheader',
    intro: 'the introduction',
    stories: 'the stories',
  };
  return `${by ?? 'Somebody else'} has changed ${fields.map((field) => names[field]).join(' and ')}. You see it here.`;
}

function byOf(problem: Problem): string | null {
  const [latest] = (problem.details.changes ?? []) as { by: string | null }[];
  return latest?.by ?? null;
}
