import { Group, NativeSelect } from '@mantine/core';
import { setQueryParams, useQueryParams } from '../router/router';
import { useEditionTitles } from './event-table';
import { CLASSES, KINDS, type BounceClass } from './event-words';

type Kind = keyof typeof KINDS;

/** What is asked for, as it stands in the address; what is no filter of ours is left out. */
export function useEventQuery() {
  const params = useQueryParams();
  const among = <T extends string>(name: string, known: Record<T, string>) => {
    const value = params.get(name) ?? '';
    return Object.hasOwn(known, value) ? (value as T) : undefined;
  };
  return {
    kind: among<Kind>('kind', KINDS),
    class: among<BounceClass>('class', CLASSES),
    known: among<'true' | 'false'>('known', KNOWN),
    editionId: params.get('editionId') || undefined,
  };
}

const KNOWN = { true: 'readers of ours', false: 'nobody we know' };
const ANY = { value: '', label: 'any' };
const choices = (known: Record<string, string>) => [
  ANY,
  ...Object.entries(known).map(([value, label]) => ({ value, label })),
];

/** Which of what came back is shown. A link to the page keeps it. */
export function EventFilters() {
  const query = useEventQuery();
  const titles = useEditionTitles();
  const editions: Record<string, string> = Object.fromEntries(titles);
  if (query.editionId && !titles.has(query.editionId)) editions[query.editionId] = 'another edition';
  const filters: [name: keyof typeof query, label: string, known: Record<string, string>][] = [
    ['kind', 'What', KINDS],
    ['class', 'Class of bounce', CLASSES],
    ['editionId', 'Edition', editions],
    ['known', 'About', KNOWN],
  ];
  return (
    <Group mb="md" gap="md">
      {filters.map(([name, label, known]) => (
        <NativeSelect
          key={name}
          name={name}
          label={label}
          flex="1 1 9rem"
          maw={240}
          data={choices(known)}
          value={query[name] ?? ''}
          onChange={(event) => setQueryParams({ [name]: event.currentTarget.value })}
        />
      ))}
    </Group>
  );
}
