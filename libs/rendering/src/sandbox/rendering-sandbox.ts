import { builtFile } from '#kernel/sandbox/built-file.js';
import { Sandbox, type SandboxOptions } from '#kernel/sandbox/sandbox.js';
import type { RenderingTasks } from './rendering-tasks.js';

/** MJML and an edition of 100 long articles need 120 MB. */
const MEMORY_MB = 256;

/** Processes that render, see rendering-tasks.ts. */
export function renderingSandbox(options: SandboxOptions = {}): Sandbox<RenderingTasks> {
  const script = builtFile(import.meta.url, './rendering-tasks.js');
  return new Sandbox<RenderingTasks>(script, { memoryMb: MEMORY_MB, ...options });
}
