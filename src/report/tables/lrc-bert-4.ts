import {lrcAblation} from '../paper/lrc-ablation.ts';
import {lrc4} from '../published/lrc-bert.ts';

export default lrcAblation('LRC-BERT, Table 4: one stage or two', lrc4, [
  {name: 'LRC-BERT, two stages', arm: 'lrc-bert'},
  {name: 'one stage', arm: 'lrc-one-stage', relativeTo: 'lrc-bert', against: ['lrc-bert']},
]);
