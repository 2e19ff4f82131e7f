import type { Role } from '../api/types';

/** What a person or a key can be, with what it may. */
export const ROLES: { value: Role; label: string }[] = [
  { value: 'editor', label: 'editor: all editorial work and readers' },
  { value: 'author', label: 'author: drafts of articles and editions' },
  { value: 'analyst', label: 'analyst: numbers, no addresses' },
  { value: 'owner', label: 'owner: everything' },
];
