import { slackTrigger } from '../src/services/slack/slack.trigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(slackTrigger);
