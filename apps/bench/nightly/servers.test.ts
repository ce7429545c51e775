import { contestants, describeContestants } from '../test/describe-contestants.ts';

describeContestants(contestants);
