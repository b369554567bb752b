import { webhookTrigger } from '../src/triggers/webhookTrigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(webhookTrigger);
