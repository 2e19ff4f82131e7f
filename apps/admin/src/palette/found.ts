import { useDebouncedValue } from '@mantine/hooks';
import { useDigests, useList } from '../api/queries';
import { useMay, useSession } from '../api/session';
import type { Permission } from '../api/types';
import { titleOf } from '../editions/view/edition-title';
import { areasOf } from '../shell/areas';
import { showTime } from '../ui/format';

/** Something to go to. */
export interface Found {
  to: string;
  label: string;
  /** What it is, when, by whom. */
  about?: string;
  isOutside?: boolean;
}
export interface FoundGroup {
  label: string;
  found: Found[];
}

const TYPING_MS = 200;
/** Articles and editions are found among the latest; the API has no search for them. */
const LOOKED_AT = 200;
const SHOWN = 5;
/** Of fewer letters everybody is found. */
const READER_LETTERS = 2;

const ACTIONS: { to: string; label: string; needs: Permission }[] = [
  { to: '/articles/new', label: 'Add an article', needs: 'drafts:write' },
  { to: '/articles/import', label: 'Import an article by URL', needs: 'drafts:write' },
  { to: '/editions/new', label: 'Draft an edition', needs: 'drafts:write' },
  { to: '/subscribers/new', label: 'Add a reader', needs: 'readers:write' },
  { to: '/feeds/new', label: 'Add a feed', needs: 'digests:write' },
  { to: '/digests/new', label: 'Make a digest', needs: 'digests:write' },
  { to: '/transports/new', label: 'Add a transport', needs: 'transports:write' },
];

/** What fits the words typed: all of them, anywhere. Of nothing typed, what there is to do. */
export function useFound(typed: string): FoundGroup[] {
  const wanted = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const few = (found: Found[]) => found.filter((one) => fits(one, wanted)).slice(0, SHOWN);
  const isAsked = wanted.length > 0;
  const groups: FoundGroup[] = [
    { label: 'Readers', found: useReaders(typed.trim()) },
    { label: 'Articles', found: few(useArticles(isAsked)) },
    { label: 'Editions', found: few(useEditions(isAsked)) },
    { label: 'Digests', found: few(useDigestsFound(isAsked)) },
    { label: 'To do', found: few(useActions()) },
    { label: 'Pages', found: few(usePages(isAsked)) },
  ];
  return groups.filter(({ found }) => found.length > 0);
}

function fits({ label, about = '' }: Found, wanted: readonly string[]): boolean {
  const text = `${label} ${about}`.toLowerCase();
  return wanted.every((word) => text.includes(word));
}

/** The server looks for them: part of the address or of the name. */
function useReaders(typed: string): Found[] {
  const mayRead = useMay('readers:read');
  const [q] = useDebouncedValue(typed, TYPING_MS);
  const isWanted = mayRead && q.length >= READER_LETTERS;
  const { rows } = useList('/subscribers', { q }, { limit: SHOWN, isWanted });
  if (!isWanted || typed.length < READER_LETTERS) return [];
  return (rows ?? []).map(({ id, email, name, status }) => ({
    to: `/subscribers/${id}`,
    label: email,
    about: [name, status].filter(Boolean).join(' · '),
  }));
}

function useArticles(isAsked: boolean): Found[] {
  const isWanted = useMay('content:read') && isAsked;
  const { rows } = useList('/articles', {}, { limit: LOOKED_AT, isWanted });
  if (!isWanted) return [];
  return (rows ?? []).map(({ id, title, author, state, publishedAt }) => ({
    to: `/articles/${id}`,
    label: title,
    about: [author, state, publishedAt && showTime(publishedAt)].filter(Boolean).join(' · '),
  }));
}

function useEditions(isAsked: boolean): Found[] {
  const isWanted = useMay('content:read') && isAsked;
  const { rows } = useList('/editions', {}, { limit: LOOKED_AT, isWanted });
  const { data: digests } = useDigests();
  if (!isWanted) return [];
  return (rows ?? []).map((edition) => {
    const digest = digests?.find(({ id }) => id === edition.digestId);
    const when = showTime(edition.sendAt ?? edition.startedAt ?? edition.createdAt);
    const about = [digest?.name, edition.status, when].filter(Boolean).join(' · ');
    return { to: `/editions/${edition.id}`, label: titleOf(edition, digest), about };
  });
}

function useDigestsFound(isAsked: boolean): Found[] {
  const { data: digests } = useDigests();
  return isAsked ? (digests ?? []).map(({ id, name }) => ({ to: `/digests/${id}`, label: name })) : [];
}

function useActions(): Found[] {
  const permissions = useSession().data?.permissions ?? [];
  return ACTIONS.filter(({ needs }) => permissions.includes(needs));
}

function usePages(isAsked: boolean): Found[] {
  const { data: session } = useSession();
  if (!session || !isAsked) return [];
  return areasOf(session).flatMap((area) =>
    area.places.map(({ to, label, isOutside }) => ({
      to,
      label,
      about: label === area.label ? undefined : area.label,
      isOutside,
    })),
  );
}
