import {Command} from '@commander-js/extra-typings';
import {printResult} from './output.ts';

export const schemaCommand = () =>
  new Command('schema').description('print the JSON Schema of pipeline.yaml, for editors').action(async () => {
    const {pipelineSchema} = await import('./pipeline-schema.ts');
    printResult(JSON.stringify(pipelineSchema, null, 2));
  });
