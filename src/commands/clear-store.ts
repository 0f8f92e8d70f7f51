import {CannotTell} from '../runner/gc/needed.ts';
import {keepWithin} from '../runner/gc/size-limit.ts';
import type {Project} from '../runner/project.ts';
import {formatBytes} from '../reporters/size-text.ts';
import {printNote} from './output.ts';

/** After a run: no larger than the limit, and said only where something went or nothing could. */
export const clearStore = async (project: Project, maxBytes: number): Promise<void> => {
  try {
    const collected = await keepWithin(project, maxBytes);
    if (collected === null) return;
    const {freedBytes, bytesAfter} = collected;
    const limit = formatBytes(maxBytes);
    if (freedBytes > 0)
      printNote(`store: freed ${formatBytes(freedBytes)} of what was longest not used (limit ${limit})`);
    if (bytesAfter > maxBytes)
      printNote(
        `store: ${formatBytes(bytesAfter)}, above the limit of ${limit}, and lock files need what is there: raise DISTILL_STORE_LIMIT, or see \`pipeline gc --help\``,
      );
  } catch (error) {
    // The run has done its work; a store that is too large is no reason to call it failed.
    if (!(error instanceof CannotTell) && (error as NodeJS.ErrnoException).syscall === undefined) throw error;
    printNote(`store: not cleared: ${(error as Error).message}`);
  }
};
