/** Asks whoever is signed in to prove once more that it is them. @returns whether they did */
export type AskFresh = () => Promise<boolean>;

let asker: AskFresh | undefined;

/** The dialog that asks; there is one. @returns what takes it away again */
export function answerFreshWith(ask: AskFresh): () => void {
  asker = ask;
  return () => {
    asker = undefined;
  };
}

/** What a call does that was refused for want of a fresh sign-in, before it tries once more. */
export function wantFresh(): Promise<boolean> {
  return asker ? asker() : Promise.resolve(false);
}
