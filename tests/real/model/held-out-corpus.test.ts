import { describeCorpus } from '../../corpus/describe-corpus';

describeCorpus('the corpus that rules were not made for', true);
