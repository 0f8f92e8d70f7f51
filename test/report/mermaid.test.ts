import {expect, test} from 'vitest';
import {mermaid} from '../../src/report/mermaid.ts';

test('the DAG; names that mermaid keeps for itself are no ids', () =>
  expect(
    mermaid([
      {name: 'clean', type: 'clean-corpus', needs: [], instances: 1},
      {name: 'idf', type: 'idf', needs: ['clean'], instances: 1},
      {name: 'end', type: null, needs: ['clean', 'idf'], instances: 15},
      {name: 'say "#1"', type: null, needs: ['unknown'], instances: 1},
    ]),
  ).toMatchInlineSnapshot(`
    "\`\`\`mermaid
    flowchart TD
      s0["clean<br>clean-corpus"]
      s1["idf"]
      s2["end<br>× 15"]
      s3["say #quot;#35;1#quot;"]
      s0 --> s1
      s0 --> s2
      s1 --> s2
    \`\`\`"
  `));
