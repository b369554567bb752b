import { slackTrigger } from '../src/triggers/slackTrigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(slackTrigger);
