/** Code whose components are Mantine's, with their looks. The frame has none of them, and is there before they are. */
export async function withStyles<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  const [loaded] = await Promise.all([load(), import('./styles')]);
  return loaded;
}
