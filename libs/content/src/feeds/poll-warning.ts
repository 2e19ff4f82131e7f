import { MAX_ENTRIES, type IdentifiedDocument } from '../reading/identified-document.js';

/**
 * What of a document could not be used as it is, in words for the operator.
 * @param unusable entries of which nothing was made
 * @param broken entries whose articles were left as they are, since what came had lost characters
 * @returns null: nothing
 */
export function warningOf(document: IdentifiedDocument, unusable: number, broken: number): string | null {
  const undated = document.entries.flatMap(({ entry }) => entry.unreadableDate ?? []);
  const told = [
    unusable > 0 &&
      `${counted(unusable, 'has', 'have')} nothing that an article could be made of, or too much of it.`,
    broken > 0 && `${counted(broken, 'comes', 'come')} with broken characters now; the good text is kept.`,
    undated.length > 0 &&
      `${counted(undated.length, 'has', 'have')} a date that can not be read (“${undated[0] ?? ''}”): the time when it was first seen counts.`,
    document.omitted > 0 &&
      `${counted(document.omitted, 'is', 'are')} not looked at: of a feed only the newest ${MAX_ENTRIES} are.`,
  ].filter((sentence) => sentence !== false);
  return told.length === 0 ? null : told.join(' ');
}

const counted = (count: number, one: string, several: string) =>
  count === 1 ? `One entry ${one}` : `${count} entries ${several}`;
