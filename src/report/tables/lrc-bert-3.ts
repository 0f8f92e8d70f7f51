import {lrcAblation} from '../paper/lrc-ablation.ts';
import {lrc3} from '../published/lrc-bert.ts';

const ablated = {relativeTo: 'lrc-bert', against: ['lrc-bert']};

export default lrcAblation('LRC-BERT, Table 3: each loss left out', lrc3, [
  {name: 'LRC-BERT', arm: 'lrc-bert'},
  {name: 'without COS-NCE', arm: 'lrc-no-contrast', ...ablated},
  {name: 'without soft labels', arm: 'lrc-no-soft', ...ablated},
  {name: 'without hard labels', arm: 'lrc-no-hard', ...ablated},
]);
