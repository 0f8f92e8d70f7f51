/** Does work that writes `file`; where the disk is full, the error says what to do. `scratch`: where finished parts are kept. */
export const namingFullDisk = async (
  {file, scratch}: {readonly file: string; readonly scratch: string},
  work: () => Promise<void>,
): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new Error(
      `The disk is full: ${file} could not be written. Make room and run again; finished chunks are kept in ${scratch}.`,
      {cause: error},
    );
  }
};
