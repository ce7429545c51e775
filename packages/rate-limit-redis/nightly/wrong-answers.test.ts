import { describeWrongAnswers } from '../test/wrong-answers.ts';

describeWrongAnswers(() => true);
