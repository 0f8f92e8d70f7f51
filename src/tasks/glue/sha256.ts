/**
 * SHA-256 of files of GLUE, of two copies that agree. What is not here (MNLI, QQP, QNLI's train) is pinned by the first
 * download, in the data folder's SHA256SUMS.
 */
export const glueSha256: Readonly<Record<string, string>> = {
  'CoLA/dev.tsv': '8c013e21dc39957cac37378d87bebe225b694a0d5fe13eded66c2856628833fd',
  'CoLA/test.tsv': '3b4df85f7a9a0633574b38d181e18090ac961a24b18fb6bcd74999ddea8ad0b8',
  'CoLA/train.tsv': 'cb368ebeb9f27d7ad03720d27ddc95687a311bdb100781a2fe59a5f5b1bc0624',
  'MRPC/dev.tsv': '9e8f284788040f7c9ecde2e1b3c07237c756f926bd9ef8548ef5d34b56f69f17',
  'MRPC/test.tsv': 'aee460ceda833926b8ab2ad952d399f5cf8bc9335cff19afcac03dc449558622',
  'MRPC/train.tsv': '69abcedee3cf738c6ce58d772e43e1b7cdf5b4edee4aceda459c0d9f4e5599f3',
  'QNLI/dev.tsv': 'ac19409dcb04631eaaa094bdebdcf621086bc352503dfb6a1a648b614986f4fd',
  'QNLI/test.tsv': '6d856264e292fa7a7bc7b8e182efa1454ffd9532733c12ad813017dd5b377a5a',
  'RTE/dev.tsv': '80230dfa1347282e7b532b06a1004a76a710087541189bf874223ddf0e3819fb',
  'RTE/test.tsv': '6e33f09b5c2bfd5fd5fde217070f3dd49e484e33b9752b5864cf36fc421a213f',
  'RTE/train.tsv': '41e3a9b063433392343fad9e962cf2f58b681c78d8f71592f4186f0837246c5c',
  'SST-2/dev.tsv': '54a9c12c77e402fc14d6a66a506f24d999f596b0176eb777c972cccc2f9cc4b0',
  'SST-2/test.tsv': '69a938605609b3e6663b4487918fe1565eb293734e6e520d0366d1d412fd2a13',
  'SST-2/train.tsv': '48eac26399f8456935f81dd9e3a745c1430adb6c62e233ccfe22db4a0d15d1d1',
  'STS-B/dev.tsv': 'fe7dc0632a5033562f3cadff991f6e8d9b9b6311861660e78c3c82eb7db67f59',
  'STS-B/test.tsv': '16b4223d7d44a644fbc10f1b449472cfe81e1715fb07cf44023b0aa88ce856eb',
  'STS-B/train.tsv': '41c4d978b6162abdcada7e49a982211954cca5459c228db478af333124b257a2',
  'WNLI/dev.tsv': 'cba00490596dd14be8cf53b4f53bb744abe3a7b89f81ab210528d80225338ed5',
  'WNLI/test.tsv': 'ff0296817e235bf6f7a230c5f6781bd6ee228a45445f6510831fdef6f2a04766',
  'WNLI/train.tsv': '9a88e9d54b6861cc796a088e9acf4f5f65064a9ef65ae6fa7a688b28391e5c9a',
  'diagnostic/diagnostic.tsv': '0e13510b1bb14436ff7e2ee82338f0efb0133ecf2e73507a697dc210db3f05fd',
};
