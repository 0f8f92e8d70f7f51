import path from 'node:path';
import {Command} from '@commander-js/extra-typings';
import {printNote, printResult} from './output.ts';

export const schemaCommand = () =>
  new Command('schema')
    .description(
      "print the JSON Schema of pipeline.yaml, with this project's stage types and their params, for editors",
    )
    .addHelpText('after', examples)
    .action(async () => {
      const [{pipelineSchema}, {createStageTypes}, {StageCode}, {defaultTool}, {findPipeline}, {StatCache}] =
        await Promise.all([
          import('./schema/pipeline-schema.ts'),
          import('../runner/code/stage-types.ts'),
          import('../runner/code/stage-code.ts'),
          import('../runner/code/tool.ts'),
          import('../runner/config/find-pipeline.ts'),
          import('../runner/state/stat-cache.ts'),
        ]);
      // A pipeline with mistakes, or none yet: that is when an editor has to help.
      const found = findPipeline({cwd: process.cwd()});
      const root = found.ok ? found.location.root : process.cwd();
      const state = path.join(root, '.pipeline');
      const stats = new StatCache(path.join(state, 'stats'));
      const types = createStageTypes(new StageCode(root, path.join(state, 'code'), defaultTool(), stats));
      printResult(JSON.stringify(await pipelineSchema(types, printNote), null, 2));
    });

const examples = `
Examples:
  pipeline schema > pipeline.schema.json

Editors with a YAML language server complete and check pipeline.yaml when its first line is
  # yaml-language-server: $schema=./pipeline.schema.json`;
