import type {Graph, Instance} from '../graph.ts';
import {inRoot} from '../inspect.ts';
import {expandGlob} from '../key/expand-glob.ts';

/** All that an instance declares to read, as absolute paths. */
export const inputPaths = ({pipeline: {root}}: Graph, {inputs}: Instance): string[] =>
  inputs.flatMap(({sources}) =>
    sources.flatMap(source =>
      (source.kind === 'path' && source.glob ? expandGlob(root, source.path) : [source.path]).map(file =>
        inRoot(root, file),
      ),
    ),
  );
